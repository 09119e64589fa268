//! Disputes with what people know them by: whose charge it is, who noted and answered it, what was shown for it. However
//! many there are, each kind of thing is asked for once.

use std::collections::BTreeMap;

use super::{Debtor, Dispute, debtors};
use crate::attachments::{self, Attachment, Subject};
use crate::ledger::{self, ChargeLine};
use crate::{Db, Error, PersonId, Result, audit};

/// A dispute with the names that people know.
#[derive(Debug, Clone)]
pub struct DisputeLine {
    /// The dispute.
    pub dispute: Dispute,
    /// Whose account.
    pub owner: Debtor,
    /// The charge.
    pub charge: ChargeLine,
    /// Who noted or raised it, by name.
    pub noted_by: Option<String>,
    /// Who answered it or took it back, by name.
    pub ended_by: Option<String>,
    /// What was shown for it, the first one first.
    pub papers: Vec<Attachment>,
}

/// These disputes with the names that people know, in the same order.
pub fn dispute_lines(db: &mut Db, disputes: Vec<Dispute>) -> Result<Vec<DisputeLine>> {
    if disputes.is_empty() {
        return Ok(Vec::new());
    }
    let accounts: Vec<_> = disputes.iter().map(|one| one.account_id).collect();
    let charges: Vec<_> = disputes.iter().map(|one| one.charge_id).collect();
    let people: Vec<_> = disputes.iter().flat_map(|one| [one.noted_by, one.ended_by]).flatten().collect();
    let subjects: Vec<_> = disputes.iter().map(|one| Subject::Dispute(one.id)).collect();
    let owners: BTreeMap<_, _> =
        debtors(db, &accounts)?.into_iter().map(|owner| (owner.account, owner)).collect();
    let charges = ledger::lines_of(db, &charges)?;
    let names = audit::names(db, &people)?;
    let mut papers = attachments::of_each(db, &subjects)?;
    let name = |person: Option<PersonId>| person.and_then(|id| names.get(&id).cloned());
    let line = |dispute: Dispute| {
        Ok(DisputeLine {
            owner: owners.get(&dispute.account_id).cloned().ok_or(Error::NotFound)?,
            charge: charges.get(&dispute.charge_id).cloned().ok_or(Error::NotFound)?,
            noted_by: name(dispute.noted_by),
            ended_by: name(dispute.ended_by),
            papers: papers.remove(&Subject::Dispute(dispute.id)).unwrap_or_default(),
            dispute,
        })
    };
    disputes.into_iter().map(line).collect()
}
