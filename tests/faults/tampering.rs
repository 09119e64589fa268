//! P15: the trail is append-only, and whoever changes a row behind the portal's back is found out by `linli check`.

use diesel::prelude::*;
use diesel::sql_query;
use domain::Store;
use domain::db::Kind;
use serde_json::json;
use test_support::both;

use crate::harness::{Community, HOME};

both! {
    fn p15_a_row_that_was_changed_behind_the_portals_back_is_named(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let cashier = app.api("cashier");
        cashier.post("/payments", &json!({"home": HOME, "amount_fen": 5_000, "method": "cash"})).status(201);
        app.linli(&["check"]).ok();
        let store = Store::open(app.database.url()).unwrap();
        let sql = |sql: &str| store.write_now(|tx| Ok(sql_query(sql).execute(tx)?));

        for sealed in ["UPDATE audit_lines SET fields = 'x'", "DELETE FROM audit_lines"] {
            assert!(sql(sealed).is_err(), "{sealed}: the trail is append-only");
        }
        for trigger in ["audit_lines_no_update", "audit_lines_no_delete"] {
            let off = match store.kind() {
                Kind::Sqlite => format!("DROP TRIGGER {trigger}"),
                Kind::Postgres => "ALTER TABLE audit_lines DISABLE TRIGGER USER".to_owned(),
            };
            sql(&off).unwrap();
        }
        for (done, undone, named) in [
            ("UPDATE audit_lines SET subject_id = subject_id + 1 WHERE chain = 1 AND seq = 2",
             "UPDATE audit_lines SET subject_id = subject_id - 1 WHERE chain = 1 AND seq = 2", "audit 1: line 2 was changed"),
            ("UPDATE charges SET amount_fen = amount_fen - 100 WHERE id = 7",
             "UPDATE charges SET amount_fen = amount_fen + 100 WHERE id = 7", "amount is not what its basis says: 7"),
            ("UPDATE payments SET amount_fen = amount_fen + 1", "UPDATE payments SET amount_fen = amount_fen - 1",
             "payment and its entries differ: SJ20261122-0001"),
        ] {
            assert!(sql(done).unwrap() > 0, "{done}");
            let said = app.linli(&["check"]).refused().out();
            assert!(said.contains(named), "{done}: {said}");
            sql(undone).unwrap();
            app.linli(&["check"]).ok();
        }
        // The last line taken out cannot be undone: it is looked at last.
        sql("DELETE FROM audit_lines WHERE chain = 1 AND seq = (SELECT MAX(seq) FROM audit_lines WHERE chain = 1)").unwrap();
        let said = app.linli(&["check"]).refused().out();
        assert!(said.contains("audit 1: ends at line"), "{said}");
    }
}
