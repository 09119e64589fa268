//! What is held on a person, table by table, for themselves: everything that refers to them. Of what they did
//! to other people's affairs it names the row and the moment, not those people.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Map, Value, json};

use crate::access::Actor;
use crate::{Db, Error, Instant, Result};

/// How rows belong to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Via {
    /// A column holds the person's id.
    Person(&'static str),
    /// A column holds the id of their account.
    Account(&'static str),
    /// A column holds the id of a ledger account of theirs.
    Ledger(&'static str),
    /// A column holds the id of a case that they reported or applied for.
    Case(&'static str),
    /// A column holds the id of a household that they belong to.
    Household(&'static str),
}

/// A table, how its rows belong to a person, and what is told of them.
pub(super) type Holding = (&'static str, Via, &'static [&'static str]);

/// Everything that refers to a person.
pub(super) const HOLDINGS: &[Holding] = {
    use Via::{Account, Case, Household, Ledger, Person};
    &[
        (
            "people",
            Person("id"),
            &["name", "phone", "email", "email_bad_at", "id_last4", "language", "created_at"],
        ),
        ("admins", Person("person_id"), &["person_id"]),
        ("role_grants", Person("person_id"), &["role", "starts_on", "ends_on"]),
        ("staff", Person("person_id"), &["number", "post", "skills", "joined_on", "left_on"]),
        ("home_stewards", Person("steward_id"), &["home_id", "starts_on", "ends_on"]),
        ("accounts", Person("person_id"), &["created_at", "totp_enrolled_at", "disabled_at"]),
        ("logins", Account("account_id"), &["name", "kind"]),
        (
            "sessions",
            Account("account_id"),
            &["kind", "agent", "created_at", "seen_at", "expires_at", "ended_at"],
        ),
        ("one_time_codes", Account("account_id"), &["purpose", "made_at", "expires_at", "used_at"]),
        ("activations", Person("person_id"), &["home_id", "made_at", "expires_at", "used_at"]),
        ("activations", Person("made_by"), &["id", "made_at"]),
        (
            "invitations",
            Person("person_id"),
            &["home_id", "kind", "starts_on", "ends_on", "made_at", "accepted_at"],
        ),
        (
            "invitations",
            Person("invited_by"),
            &["home_id", "kind", "starts_on", "ends_on", "made_at", "accepted_at"],
        ),
        (
            "occupancies",
            Person("person_id"),
            &["home_id", "kind", "lives_there", "pays", "starts_on", "ends_on"],
        ),
        ("imports", Person("actor_id"), &["id", "kind", "at", "outcome"]),
        (
            "cases",
            Person("reporter_id"),
            &[
                "number",
                "kind",
                "state",
                "home_id",
                "place",
                "reporter_name",
                "reporter_phone",
                "channel",
                "category",
                "urgency",
                "text",
                "submitted_at",
                "closed_at",
                "created_at",
            ],
        ),
        ("cases", Person("accountable_id"), &["number", "kind", "state"]),
        ("case_events", Person("actor_id"), &["at", "action", "from_state", "to_state", "note"]),
        ("case_finishes", Person("by_id"), &["case_id", "number", "at"]),
        ("case_finishes", Case("case_id"), &["case_id", "number", "at", "work", "cause"]),
        ("attachments", Person("uploader_id"), &["name", "content_type", "bytes", "purpose", "created_at"]),
        ("duties", Person("owner_id"), &["kind", "occurrence", "due_at", "state", "finished_at"]),
        ("duties", Person("cancelled_by"), &["kind", "occurrence", "due_at", "cancel_reason"]),
        (
            "leaves",
            Person("person_id"),
            &["kind", "starts_on", "ends_on", "back_on", "reason", "state", "answer"],
        ),
        ("leaves", Person("substitute_id"), &["id", "starts_on", "ends_on"]),
        ("leaves", Person("asked_by"), &["id", "asked_at"]),
        ("leaves", Person("decided_by"), &["id", "decided_at", "state"]),
        ("weekly_rests", Person("person_id"), &["starts_on", "weekdays"]),
        ("weekly_rests", Person("set_by"), &["starts_on", "set_at"]),
        ("duty_handovers", Person("from_id"), &["duty_id", "at"]),
        ("duty_handovers", Person("to_id"), &["duty_id", "at"]),
        ("repairs", Person("technician_id"), &["case_id", "dispatched_at"]),
        ("repairs", Case("case_id"), &["case_id", "available", "call_part", "rating", "rating_word"]),
        ("return_visits", Person("person_id"), &["case_id", "at", "outcome"]),
        ("return_visits", Case("case_id"), &["case_id", "at", "outcome", "words", "agreed_at"]),
        ("department_heads", Person("person_id"), &["department"]),
        ("complaints", Person("about_id"), &["case_id"]),
        ("complaints", Person("responsible_id"), &["case_id", "department"]),
        ("complaints", Person("chosen_by"), &["case_id", "chosen", "chosen_at"]),
        (
            "complaints",
            Case("case_id"),
            &[
                "case_id",
                "happened_on",
                "wish",
                "reference",
                "deadline",
                "verdict",
                "cause",
                "chosen",
                "done",
                "said",
            ],
        ),
        ("complaint_options", Case("case_id"), &["case_id", "plan", "number", "text", "money_fen"]),
        ("saved_filters", Person("person_id"), &["name", "query", "saved_at"]),
        ("service_checks", Person("person_id"), &["duty_id", "at"]),
        ("community_entries", Person("entered_by"), &["id", "day", "at"]),
        ("publications", Person("drafted_by"), &["id", "first_day", "last_day", "drafted_at"]),
        ("publications", Person("approved_by"), &["id", "first_day", "last_day", "approved_at"]),
        ("publications", Person("published_by"), &["id", "first_day", "last_day", "published_at"]),
        ("rectifications", Person("owed_by"), &["case_id", "clock", "issued_at", "due_at", "answered_at"]),
        ("rectifications", Person("answered_by"), &["case_id", "answered_at"]),
        ("article_versions", Person("by_id"), &["article_id", "number", "at"]),
        ("enquiries", Person("answered_by"), &["case_id"]),
        ("enquiries", Case("case_id"), &["case_id", "answer", "helped"]),
        ("meter_readings", Person("by_id"), &["id", "at"]),
        ("fee_exceptions", Person("made_by"), &["id", "made_at"]),
        ("fee_intervals", Person("made_by"), &["id", "made_at"]),
        ("shared_take_backs", Person("made_by"), &["id", "made_at"]),
        ("developer_terms", Person("payer_id"), &["from_month", "percent", "basis", "made_at"]),
        ("developer_terms", Person("made_by"), &["id", "made_at"]),
        ("deposits", Ledger("account_id"), &["purpose", "basis", "handed_in_by", "state", "returned_at"]),
        ("deposits", Person("asked_by"), &["id", "asked_at"]),
        ("deposits", Person("returned_by"), &["id", "returned_at"]),
        ("deposits", Case("case_id"), &["id", "purpose", "state"]),
        ("deposit_deductions", Person("proposed_by"), &["id", "proposed_at"]),
        ("deposit_deductions", Person("objected_by"), &["id", "objection", "objected_at"]),
        ("deposit_deductions", Person("decided_by"), &["id", "decided_at"]),
        ("month_closings", Person("closed_by"), &["id", "month", "closed_at"]),
        ("late_terms", Person("made_by"), &["id", "made_at"]),
        ("billing_runs", Person("actor_id"), &["period", "started_at"]),
        ("ledger_accounts", Person("payer_id"), &["home_id", "book", "balance_fen"]),
        (
            "charges",
            Person("payer_id"),
            &[
                "home_id",
                "subject",
                "period",
                "revision",
                "from_on",
                "to_on",
                "basis",
                "amount_fen",
                "paid_fen",
                "waived_fen",
                "due_on",
                "made_at",
            ],
        ),
        ("ledger_entries", Ledger("account_id"), &["kind", "amount_fen", "at", "note"]),
        ("ledger_entries", Person("actor_id"), &["id", "kind", "at"]),
        (
            "payments",
            Ledger("account_id"),
            &["receipt", "amount_fen", "method", "note", "taken_at", "voided_at"],
        ),
        ("payments", Person("taken_by"), &["receipt", "taken_at"]),
        ("payments", Person("voided_by"), &["receipt", "voided_at"]),
        (
            "corrections",
            Ledger("account_id"),
            &["kind", "amount_fen", "reason", "asked_at", "state", "answer"],
        ),
        ("bank_statements", Person("by_id"), &["id", "at"]),
        ("bank_lines", Person("person_id"), &["day", "amount_fen", "payer", "text", "state"]),
        ("bank_lines", Person("decided_by"), &["id", "decided_at", "state"]),
        ("bank_payers", Person("by_id"), &["id", "at"]),
        ("corrections", Person("asked_by"), &["id", "kind", "asked_at"]),
        ("corrections", Person("decided_by"), &["id", "kind", "decided_at", "state"]),
        (
            "pay_orders",
            Ledger("account_id"),
            &["number", "channel", "amount_fen", "state", "asked_at", "settled_at"],
        ),
        ("pay_orders", Person("asked_by"), &["id", "asked_at"]),
        ("pay_orders", Person("handled_by"), &["id", "handled_at"]),
        ("disputes", Ledger("account_id"), &["reason", "noted_at", "outcome", "answer", "ended_at"]),
        ("disputes", Person("noted_by"), &["id", "noted_at"]),
        ("disputes", Person("ended_by"), &["id", "ended_at"]),
        (
            "plans",
            Ledger("account_id"),
            &["total_fen", "agreed_by", "agreed_on", "note", "state", "missed_on", "end_reason", "ended_at"],
        ),
        ("plans", Person("made_by"), &["id", "made_at"]),
        ("plans", Person("ended_by"), &["id", "ended_at"]),
        ("demand_batches", Person("made_by"), &["id", "made_at"]),
        (
            "demands",
            Ledger("account_id"),
            &["number", "day", "term_on", "language", "addressee", "body", "total_fen"],
        ),
        ("demand_proofs", Person("recorded_by"), &["id", "recorded_at"]),
        ("acknowledgements", Ledger("account_id"), &["day", "signed_by", "note", "recorded_at"]),
        ("acknowledgements", Person("recorded_by"), &["id", "recorded_at"]),
        ("reminders", Ledger("account_id"), &["period", "stage", "outcome", "owed_fen", "at"]),
        (
            "notifications",
            Person("person_id"),
            &["channel", "code", "args", "created_at", "sent_at", "read_at"],
        ),
        ("visits", Person("steward_id"), &["home_id", "day"]),
        (
            "visits",
            Household("household_id"),
            &["day", "spoken_to", "topics", "said", "satisfaction", "follow_up"],
        ),
        ("visit_decisions", Person("by_id"), &["visit_id", "decision", "at"]),
        ("visit_months", Person("steward_id"), &["month"]),
        ("visit_corrections", Person("steward_id"), &["id"]),
        ("visit_corrections", Person("by_id"), &["id"]),
        ("visit_shortfalls", Person("steward_id"), &["month", "short_by", "reason", "decision"]),
        ("visit_shortfalls", Person("decided_by"), &["month", "decision", "decided_at"]),
        ("visit_plans", Person("steward_id"), &["month", "position"]),
        ("promises_kept", Person("by_id"), &["duty_id", "at"]),
        ("quotes", Case("case_id"), &["case_id", "number", "total_fen", "state", "made_at", "agreed_at"]),
        ("quotes", Person("made_by"), &["case_id", "number", "made_at"]),
        ("quotes", Person("refused_by"), &["case_id", "number", "refused_at", "refusal"]),
        ("quotes", Person("agreed_by"), &["case_id", "number", "agreed_at"]),
        ("stock_movements", Person("by_id"), &["id", "kind", "at"]),
        ("incidents", Person("opened_by"), &["case_id", "opened_at"]),
        ("renovations", Person("registered_by"), &["case_id", "permit_number"]),
        (
            "renovations",
            Case("case_id"),
            &["permit_number", "contractor", "contractor_phone", "starts_on", "ends_on"],
        ),
        ("inspections", Person("inspector_id"), &["case_id", "day", "made_at"]),
        (
            "move_ins",
            Person("person_id"),
            &[
                "case_id",
                "kind",
                "name",
                "phone",
                "email",
                "id_last4",
                "lease_from",
                "lease_to",
                "pays",
                "wished_on",
                "remarks",
                "handed_over_at",
            ],
        ),
        ("move_ins", Person("approved_by"), &["case_id", "approved_at"]),
        ("move_in_handovers", Person("by_id"), &["case_id", "at"]),
        ("move_in_handovers", Case("case_id"), &["case_id", "at", "identity_seen", "keys_given"]),
        ("move_in_readings", Case("case_id"), &["case_id", "meter", "reading"]),
        ("move_in_agreements", Person("signer_id"), &["case_id", "agreement", "at"]),
        ("move_in_agreements", Person("by_id"), &["case_id", "agreement", "at"]),
        ("audit_lines", Person("actor_id"), &["chain", "seq", "at", "action"]),
    ]
};

impl Via {
    fn condition(self) -> String {
        match self {
            Self::Person(column) => format!("{column} = $1"),
            Self::Account(column) => format!("{column} IN (SELECT id FROM accounts WHERE person_id = $1)"),
            Self::Ledger(column) => {
                format!("{column} IN (SELECT id FROM ledger_accounts WHERE payer_id = $1)")
            }
            Self::Case(column) => format!(
                "{column} IN (SELECT id FROM cases WHERE reporter_id = $1 \
                 UNION SELECT case_id FROM move_ins WHERE person_id = $1)"
            ),
            Self::Household(column) => {
                format!("{column} IN (SELECT household_id FROM occupancies WHERE person_id = $1)")
            }
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Person(column)
            | Self::Account(column)
            | Self::Ledger(column)
            | Self::Case(column)
            | Self::Household(column) => column,
        }
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    row: String,
}

/// What is held on the asker, as `table.column` → rows.
///
/// # Errors
/// [`Error::NotSignedIn`] for nobody.
pub fn on_oneself(db: &mut Db, actor: &Actor, now: Instant) -> Result<Value> {
    let person = actor.person.ok_or(Error::NotSignedIn)?;
    let mut held = Map::new();
    for (table, via, columns) in HOLDINGS {
        let rows: Vec<Row> =
            diesel::sql_query(query(db, (table, *via, columns))).bind::<BigInt, _>(person.0).load(db)?;
        let rows = rows.iter().map(|row| serde_json::from_str(&row.row)).collect::<Result<Vec<Value>, _>>();
        held.insert(format!("{table}.{}", via.column()), rows.map_err(Error::internal)?.into());
    }
    Ok(json!({ "person": person.0, "made_at": now.to_string(), "held": held }))
}

fn query(db: &Db, (table, via, columns): Holding) -> String {
    let object = match db {
        Db::Sqlite(_) => "json_object",
        Db::Pg(_) => "json_build_object",
    };
    let pairs: Vec<String> = columns.iter().map(|column| format!("'{column}', {column}")).collect();
    format!(
        "SELECT CAST({object}({}) AS TEXT) AS \"row\" FROM {table} WHERE {} ORDER BY 1",
        pairs.join(", "),
        via.condition()
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{Clock, PersonId, Store};

    #[derive(QueryableByName)]
    struct Reference {
        #[diesel(sql_type = Text)]
        table_name: String,
        #[diesel(sql_type = Text)]
        column_name: String,
    }

    /// Whatever refers to a person or an account is among the holdings: a new table has to be, too.
    #[test]
    fn every_column_that_refers_to_a_person_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}", folder.path().join("t.db").display())).unwrap();
        store.migrate().unwrap();
        let sql = "SELECT m.name AS table_name, f.\"from\" AS column_name \
                   FROM sqlite_master m, pragma_foreign_key_list(m.name) f \
                   WHERE m.type = 'table' AND f.\"table\" IN ('people', 'accounts', 'ledger_accounts')";
        let references: Vec<Reference> = store.read_now(|db| Ok(diesel::sql_query(sql).load(db)?)).unwrap();
        assert!(references.len() > 30, "the schema was read");
        let told: BTreeSet<(&str, &str)> =
            HOLDINGS.iter().map(|(table, via, _)| (*table, via.column())).collect();
        // A charge of an account of theirs names them as its payer, too.
        let elsewhere = [("charges", "account_id")];
        let missing: Vec<_> = references
            .iter()
            .map(|one| (one.table_name.as_str(), one.column_name.as_str()))
            .filter(|one| !told.contains(one) && !elsewhere.contains(one))
            .collect();
        assert!(missing.is_empty(), "not told to whom it is about: {missing:?}");
    }

    test_support::both! {
        fn every_holding_can_be_read(database: Empty) {
            let mut actor = Actor::nobody();
            actor.person = Some(PersonId(1));
            let held = database.0.read_now(|db| on_oneself(db, &actor, Clock::system().now())).unwrap();
            let tables = held["held"].as_object().unwrap();
            assert_eq!(tables.len(), HOLDINGS.len());
        }
    }

    /// A migrated database with nobody in it.
    struct Empty(Store, #[expect(dead_code, reason = "kept as long as the store")] test_support::Database);

    impl test_support::On for Empty {
        fn on(kind: test_support::Kind) -> Self {
            let database = test_support::Database::prepared(kind, "held", |url| {
                Store::open(url).unwrap().migrate().unwrap();
            });
            Self(Store::open(database.url()).unwrap(), database)
        }
    }
}
