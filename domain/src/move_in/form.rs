//! The short form: who moves in, as what, on what terms; what is refused at once.

use diesel::prelude::*;

use super::records::{self, Application, MoveIn};
use super::rules::{self, Kind, State};
use crate::cases::Case;
use crate::db::schema::{move_ins, occupancies, people};
use crate::{CommunityId, Db, Error, FieldError, HomeId, LocalDate, PersonId, Result, settings};

/// What the applicant enters.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
pub struct Form {
    /// As what.
    pub kind: Option<Kind>,
    /// Who moves in; empty for the applicant themselves.
    pub name: String,
    /// Their phone.
    pub phone: Option<String>,
    /// Their mail.
    pub email: Option<String>,
    /// The last four of their identity number.
    pub id_last4: Option<String>,
    /// The lease's first day.
    pub lease_from: Option<LocalDate>,
    /// The lease's last day.
    pub lease_to: Option<LocalDate>,
    /// Whether the lease makes them the payer.
    pub pays: bool,
    /// When they would like the keys.
    pub wished_on: Option<LocalDate>,
}

impl From<&MoveIn> for Form {
    fn from(row: &MoveIn) -> Self {
        Self {
            kind: row.kind,
            name: row.name.clone(),
            phone: row.phone.clone(),
            email: row.email.clone(),
            id_last4: row.id_last4.clone(),
            lease_from: row.lease_from,
            lease_to: row.lease_to,
            pays: row.pays,
            wished_on: row.wished_on,
        }
    }
}

impl Form {
    /// Without stray blanks; the applicant's own name and phone where none were entered.
    pub(super) fn cleaned(&self, db: &mut Db, applicant: Option<PersonId>) -> Result<Self> {
        let mut form = self.clone();
        let filled = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        form.name = form.name.trim().to_owned();
        form.email = filled(form.email).map(|mail| mail.to_lowercase());
        form.id_last4 = filled(form.id_last4).map(|last| last.to_uppercase());
        form.phone = filled(form.phone).map(|phone| phone.chars().filter(|c| !" -".contains(*c)).collect());
        if form.name.is_empty()
            && let Some(person) = applicant
        {
            let own = people::table.find(person.0).select((people::name, people::phone)).first(db)?;
            let (name, phone): (String, Option<String>) = own;
            form.name = name;
            form.phone = form.phone.or(phone);
        }
        if form.kind == Some(Kind::Owner) {
            (form.lease_from, form.lease_to, form.pays) = (None, None, false);
        }
        Ok(form)
    }

    /// What is wrong with it, field by field.
    pub(super) fn faults(&self, db: &mut Db, home: HomeId, today: LocalDate) -> Result<Vec<FieldError>> {
        let mut wrong = Vec::new();
        match self.kind {
            None => wrong.push(FieldError::new("kind", "required")),
            Some(Kind::ShopOperator) if records::use_of(db, home)? == "residential" => {
                wrong.push(FieldError::new("kind", "no_shop"));
            }
            Some(_) => {}
        }
        if self.name.is_empty() {
            wrong.push(FieldError::new("name", "required"));
        } else if self.name.chars().count() > 100 {
            wrong.push(FieldError::new("name", "too_long").with("most", 100));
        }
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match &self.phone {
            None => wrong.push(FieldError::new("phone", "required")),
            Some(phone) if !(5..=15).contains(&phone.len()) || !digits(phone) => {
                wrong.push(FieldError::new("phone", "phone"));
            }
            Some(_) => {}
        }
        if self.email.as_ref().is_some_and(|mail| !mail.contains('@') || mail.contains(char::is_whitespace)) {
            wrong.push(FieldError::new("email", "email"));
        }
        let is_last4 =
            |last: &String| last.len() == 4 && last.bytes().all(|b| b.is_ascii_digit() || b == b'X');
        if self.id_last4.as_ref().is_some_and(|last| !is_last4(last)) {
            wrong.push(FieldError::new("id_last4", "id_last4"));
        }
        if self.wished_on.is_some_and(|day| day < today) {
            wrong.push(FieldError::new("wished_on", "in_the_past"));
        }
        if self.kind.is_some_and(Kind::leases) {
            self.lease_faults(today, &mut wrong);
        }
        Ok(wrong)
    }

    fn lease_faults(&self, today: LocalDate, wrong: &mut Vec<FieldError>) {
        if self.lease_from.is_none() {
            wrong.push(FieldError::new("lease_from", "required"));
        }
        match (self.lease_from, self.lease_to) {
            (_, None) => wrong.push(FieldError::new("lease_to", "required")),
            (Some(from), Some(to)) if to < from => {
                wrong.push(FieldError::new("lease_to", "ends_before_start"))
            }
            (_, Some(to)) if to < today => wrong.push(FieldError::new("lease_to", "in_the_past")),
            _ => {}
        }
    }

    fn lease(&self) -> Option<(LocalDate, Option<LocalDate>)> {
        self.lease_from.map(|from| (from, self.lease_to))
    }
}

/// Refuses what the rules refuse at once: a second running one of the same kind, a lease that meets another.
pub(super) fn refuse(db: &mut Db, case: Option<&Case>, home: HomeId, form: &Form) -> Result<()> {
    let mut others: Vec<Application> = records::of_home(db, home)?;
    others.retain(|(_, other)| Some(other.id) != case.map(|case| case.id) && is_running(other));
    if let Some((_, other)) = others.iter().find(|(row, _)| row.kind == form.kind) {
        return Err(Error::refused("move_in.running", vec![("number", other.number().to_owned())]));
    }
    let Some(lease) = form.lease() else { return Ok(()) };
    let community = community_of(db, home)?;
    if settings::get(db, community, settings::LETTING_BY_ROOM)? == 1 {
        return Ok(());
    }
    let rented: Vec<(LocalDate, Option<LocalDate>)> = occupancies::table
        .filter(occupancies::home_id.eq(home.0).and(occupancies::kind.eq_any(["tenant", "shop_operator"])))
        .select((occupancies::starts_on, occupancies::ends_on))
        .load(db)?;
    let applied = others.iter().filter_map(|(row, _)| Form::from(row).lease());
    let found = rented.into_iter().chain(applied).find(|other| rules::meet(lease, *other));
    found.map_or(Ok(()), |(from, to)| {
        let to = to.map_or_else(|| "…".to_owned(), |day| day.to_string());
        Err(Error::refused("move_in.lease_overlaps", vec![("from", from.to_string()), ("to", to)]))
    })
}

fn is_running(case: &Case) -> bool {
    case.state.parse::<State>().is_ok_and(State::is_running)
}

fn community_of(db: &mut Db, home: HomeId) -> Result<CommunityId> {
    use crate::db::schema::homes;
    Ok(homes::table.find(home.0).select(homes::community_id).first(db)?)
}

/// Who of the register it is: the applicant, or somebody tied to the home, by their name; else by name and phone.
pub(super) fn known(db: &mut Db, case: &Case, form: &Form) -> Result<Option<PersonId>> {
    let same_name = people::name.eq(&form.name).and(people::anonymised_at.is_null());
    let tied: Vec<PersonId> = occupancies::table
        .inner_join(people::table.on(people::id.eq(occupancies::person_id)))
        .filter(
            occupancies::home_id
                .eq(case.home_id.map_or(0, |home| home.0))
                .and(occupancies::ends_on.is_null()),
        )
        .filter(same_name)
        .order(people::id)
        .select(people::id)
        .load(db)?;
    let applicant = case.reporter_id.filter(|applicant| tied.contains(applicant));
    let Some(phone) = &form.phone else { return Ok(applicant) };
    let by_phone = people::table
        .filter(people::community_id.eq(case.community_id.0).and(people::phone.eq(phone)))
        .filter(same_name)
        .order(people::id)
        .select(people::id)
        .first(db)
        .optional()?;
    Ok(applicant.or(tied.first().copied()).or(by_phone))
}

pub(super) fn store(tx: &mut Db, case: &Case, form: &Form) -> Result<()> {
    let person = known(tx, case, form)?;
    let lease = match (form.lease_from, form.lease_to) {
        // A draft may hold what is refused later, the table may not.
        (Some(from), Some(to)) if to < from => (Some(from), None),
        given => given,
    };
    let set = (
        move_ins::kind.eq(form.kind),
        move_ins::person_id.eq(person),
        move_ins::name.eq(&form.name),
        move_ins::phone.eq(&form.phone),
        move_ins::email.eq(&form.email),
        move_ins::id_last4.eq(&form.id_last4),
        move_ins::lease_from.eq(lease.0),
        move_ins::lease_to.eq(lease.1),
        move_ins::pays.eq(form.pays),
        move_ins::wished_on.eq(form.wished_on),
    );
    diesel::update(move_ins::table.find(case.id.0)).set(set).execute(tx)?;
    Ok(())
}
