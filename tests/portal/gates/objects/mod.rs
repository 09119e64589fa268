//! An object of every kind that a route can name, all of one home's; and for each route the address of that
//! object, of a missing one, and what is sent so that the object is really asked for.

mod programs;
mod table;
mod world;

use programs::PROGRAMS;
use table::PAGES;

use super::Route;
use super::asker::{Fields, look_up};
use crate::harness::{Community, HOME};

/// What is tried on a route.
pub(super) struct Try {
    pub(super) real: String,
    pub(super) missing: String,
    pub(super) fields: Fields,
    /// Who reaches it.
    pub(super) right: &'static str,
}

/// The objects, by the words that the tables use.
pub(super) struct World {
    ids: Vec<(&'static str, String)>,
}

impl World {
    /// The id, number or code of an object.
    pub(super) fn id(&self, what: &str) -> String {
        let found = self.ids.iter().find(|(name, _)| *name == what);
        found.unwrap_or_else(|| panic!("no {what} in the world")).1.clone()
    }

    /// How a route is tried; none where the table has no object for it.
    pub(super) fn try_of(&self, route: &Route) -> Option<Try> {
        let mut rows = PAGES.iter().chain(PROGRAMS);
        let (_, _, parts, fields, right) =
            rows.find(|(method, path, ..)| *method == route.method && *path == route.path)?;
        let fill = |missing: bool| {
            let mut parts = parts.iter();
            let part = |one: &str| match one.starts_with('{') {
                false => one.to_owned(),
                true => self.part(parts.next().expect("a part for each name"), missing),
            };
            route.path.split('/').map(part).collect::<Vec<_>>().join("/")
        };
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Some(Try { real: fill(false), missing: fill(true), fields, right })
    }

    /// `=word` stands for itself; the rest is an object of the world, or one that is missing.
    fn part(&self, what: &str, missing: bool) -> String {
        match (what.strip_prefix('='), missing) {
            (Some(word), _) => word.to_owned(),
            (None, false) => self.id(what),
            (None, true) => match what {
                "home" => "9-9-9999".to_owned(),
                "building" => "99".to_owned(),
                "receipt" => "SJ20261122-9999".to_owned(),
                "order" => "ZF20261122-9999".to_owned(),
                "trade" => "ZF202611229999a1b2c3d4".to_owned(),
                "case" | "done" => "WX20261122-9999".to_owned(),
                "site" => "ZX20261122-9999".to_owned(),
                "moving" => "RZ20261122-9999".to_owned(),
                "complaint" => "TS20261122-9999".to_owned(),
                "enquiry" => "ZN20261122-9999".to_owned(),
                "login" => "nobody.here".to_owned(),
                "category" => "pool.none".to_owned(),
                "price" | "fee" | "community" => "none".to_owned(),
                _ => "987654321".to_owned(),
            },
        }
    }
}
/// A route by method and path, what stands in each of its parts, what is sent, who reaches it.
type Row = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
    &'static str,
);

fn ids<const N: usize>(app: &Community, known: [(&'static str, String); N]) -> Vec<(&'static str, String)> {
    let case = |number: &str| format!("(SELECT id FROM cases WHERE number = '{number}')");
    let number = |what: &str| known.iter().find(|(name, _)| *name == what).unwrap().1.clone();
    let (site, done) = (case(&number("site")), case(&number("done")));
    let owner = format!(
        "SELECT o.person_id AS value FROM occupancies o JOIN homes h ON h.id = o.home_id \
         WHERE h.code = '{HOME}' AND o.kind = 'owner'"
    );
    let steward = "SELECT a.person_id AS value FROM logins l JOIN accounts a ON a.id = l.account_id WHERE l.name = 'steward'";
    let newest = |table: &str| format!("SELECT MAX(id) AS value FROM {table}");
    let mut ids: Vec<(&'static str, String)> = known.to_vec();
    ids.extend([("home", HOME.to_owned()), ("building", "1".to_owned()), ("login", "steward".to_owned())]);
    ids.extend([
        ("category", "pool.pump".to_owned()),
        ("letter", "day3".to_owned()),
        ("closed", "2026-10".to_owned()),
        ("price", "valve".to_owned()),
        ("fee", "garbage".to_owned()),
        ("community", "JXHY".to_owned()),
    ]);
    for (what, sql) in [
        ("person", owner.clone()),
        ("steward", steward.to_owned()),
        ("worker", "SELECT MAX(person_id) AS value FROM accounts WHERE password_hash IS NULL".to_owned()),
        ("payment", "SELECT MAX(id) AS value FROM payments WHERE id NOT IN (SELECT payment_id FROM deposits)".to_owned()),
        ("deposit", newest("deposits")),
        ("deduction", "SELECT MIN(id) AS value FROM deposit_deductions".to_owned()),
        ("contested", newest("deposit_deductions")),
        ("run", newest("billing_runs")),
        ("exception", newest("fee_exceptions")),
        ("reading", "SELECT MIN(id) AS value FROM meter_readings".to_owned()),
        ("sent_reading", newest("meter_readings")),
        ("meter", "SELECT MIN(id) AS value FROM meters".to_owned()),
        ("own_meter", newest("meters")),
        ("bill", newest("shared_bills")),
        ("charge", "SELECT MAX(id) AS value FROM charges WHERE paid_fen = 0 AND home_id = (SELECT id FROM homes WHERE code = '1-1-0101')".to_owned()),
        ("correction", newest("corrections")),
        ("statement", "SELECT MAX(id) AS value FROM bank_statements WHERE draft IS NULL".to_owned()),
        ("draft_statement", "SELECT MAX(id) AS value FROM bank_statements WHERE draft IS NOT NULL".to_owned()),
        ("other_draft", "SELECT MIN(id) AS value FROM bank_statements WHERE draft IS NOT NULL".to_owned()),
        ("bank_line", newest("bank_lines")),
        ("trade", "SELECT trade_no AS value FROM pay_orders".to_owned()),
        ("account", "SELECT MAX(account_id) AS value FROM charges WHERE home_id = (SELECT id FROM homes WHERE code = '1-1-0101')".to_owned()),
        ("dispute", "SELECT MIN(id) AS value FROM disputes".to_owned()),
        ("own_dispute", newest("disputes")),
        ("plan", newest("plans")),
        ("batch", newest("demand_batches")),
        ("demand", newest("demands")),
        ("import", newest("imports")),
        // The supervisor owes the judgement of a complaint, and so its notice.
        (
            "notice",
            "SELECT MAX(r.id) AS value FROM rectifications r JOIN cases c ON c.id = r.case_id WHERE c.kind = 'complaint'".to_owned(),
        ),
        ("article", newest("articles")),
        ("leave", newest("leaves")),
        ("invitation", newest("invitations")),
        ("job", "SELECT id AS value FROM jobs WHERE state = 'failed'".to_owned()),
        ("draft", "SELECT id AS value FROM cases WHERE kind = 'move_in' AND number IS NULL".to_owned()),
        ("visit", newest("visits")),
        ("shortfall", format!("SELECT id AS value FROM visit_shortfalls WHERE steward_id = ({steward})")),
        ("promise", "SELECT id AS value FROM duties WHERE kind = 'follow_up'".to_owned()),
        (
            "duty",
            format!("SELECT id AS value FROM duties WHERE kind = 'return_visit' AND subject_id = {done}"),
        ),
        ("entry", newest("community_entries")),
        ("publication", newest("publications")),
        ("filter", newest("saved_filters")),
        ("look", "SELECT MAX(id) AS value FROM duties WHERE kind = 'service_check'".to_owned()),
        ("inspection", format!("SELECT id AS value FROM inspections WHERE case_id = {site}")),
        (
            "session",
            format!(
                "SELECT s.id AS value FROM sessions s JOIN accounts a ON a.id = s.account_id \
                 WHERE a.person_id = ({owner}) AND s.ended_at IS NULL ORDER BY s.id LIMIT 1"
            ),
        ),
    ] {
        ids.push((what, look_up(app, &sql)));
    }
    ids
}
