//! The supervisor's looks at the service: on most days, late now and then; the review of complaints in the week.

use domain::access::Role;
use domain::duties::Kind;
use domain::service_checks::{self, Check, Seen};
use domain::{Instant, LocalDate, Result};

use super::agenda::Agenda;
use super::dice::{Dice, number};
use super::stage::Stage;

pub(super) fn day(stage: &Stage, day: LocalDate, agenda: &mut Agenda) -> Result<()> {
    let minute = Dice::of("look", &[number(day)]).below(50);
    agenda.at(stage.on(day, 16, minute), look);
    Ok(())
}

fn look(stage: &Stage, _: &mut Agenda, at: Instant) -> Result<()> {
    let Some(supervisor) = stage.on_duty(Role::Supervisor, at)? else { return Ok(()) };
    let today = stage.zone.date(at);
    let all = stage.read(|db| service_checks::list(db, &supervisor, at, stage.community.id))?;
    let seen = stage.read(|db| service_checks::seen(db, stage.community.id, at))?;
    for owed in all.iter().filter(|one| one.look.is_none() && one.duty.due_at > at && is_taken(one, today)) {
        let (found, arranged) = words(owed.duty.kind, &seen);
        let of = (stage.community.id, owed.duty.id);
        stage.write(|tx| service_checks::record(tx, &supervisor, at, of, (&found, arranged)).map(|_| ()))?;
    }
    Ok(())
}

/// A day in thirty is forgotten; the week's review is taken from its Tuesday on.
fn is_taken(owed: &Check, today: LocalDate) -> bool {
    let forgotten = Dice::of("unseen", &[owed.duty.id.0]).percent(3);
    let waits = owed.duty.kind == Kind::ComplaintReview && owed.duty.occurrence == today.to_string();
    !forgotten && !waits
}

fn words(kind: Kind, seen: &Seen) -> (String, &'static str) {
    if kind == Kind::ComplaintReview {
        let found = format!("上周的投诉逐件过了一遍，还有 {} 件没答复。", seen.complaints);
        return (found, "各部门负责人按期答复，教训写进登记表。");
    }
    match (seen.late, seen.visits) {
        (0, 0) => ("前台、维修、回访都正常。".to_owned(), ""),
        (late, 0) => (format!("{late} 件超时，逐件问过原因。"), "催办，今天内给业主回话。"),
        (late, visits) => {
            (format!("{late} 件超时，{visits} 件回访没有按时打。"), "请前台今天补上回访，超时的改派。")
        }
    }
}
