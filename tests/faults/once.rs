//! P3 and P4: pressed twice, sent twice, reported by two at once: one record, one payment, the same answer.

use serde_json::{Value, json};
use test_support::both;

use super::kill::report_once;
use crate::harness::{Community, HOME, Program, at_once};

both! {
    fn p3_fifty_posts_of_one_key_make_one_record_and_get_one_answer(app: Community) {
        let desk = app.api("desk");
        let before = cases(&desk);
        let answers = at_once(50, |_| report_once(&desk, "pressed", "the tap drips").unwrap());
        let bodies: Vec<Value> = answers.into_iter().map(|answer| answer.status(201).json()).collect();
        assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
        assert_eq!(cases(&desk), before + 1);

        let other = report_once(&desk, "pressed", "the tap runs").unwrap().status(422);
        assert_eq!(other.problem(), "idempotency.other_body");
        // Another person's key of the same name is another key.
        let theirs = report_once(&app.api("resident"), "pressed", "the tap runs").unwrap();
        assert_ne!(theirs.status(201).json()["number"], bodies[0]["number"]);
        app.linli(&["check"]).ok();
    }

    fn p4_a_payment_counts_once_though_two_take_it_in_the_same_second(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let desks = [app.api("cashier"), app.api("cashier")];
        let pay = |n: usize, key: &str, body: &Value| desks[n % 2].post_once(key, "/payments", body).unwrap();
        let account = || desks[0].get(&format!("/homes/{HOME}/account")).status(200).json();

        for charge in account()["charges"].as_array().unwrap() {
            let (id, fen) = (&charge["id"], &charge["amount_fen"]);
            let body = json!({
                "home": HOME, "amount_fen": fen, "method": "cash", "allocate": [{"charge": id, "amount_fen": fen}],
            });
            let answers = at_once(2, |n| pay(n, &format!("{id} at desk {n}"), &body));
            let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            statuses.sort_unstable();
            assert_eq!(statuses, [201, 422], "{answers:?}");
        }
        assert_eq!((&account()["balance_fen"], &account()["prepaid_fen"]), (&json!(0), &json!(0)));

        let ahead = json!({"home": HOME, "amount_fen": 10_000, "method": "transfer"});
        let answers = at_once(8, |n| pay(n, "paid ahead", &ahead));
        let bodies: Vec<Value> = answers.into_iter().map(|answer| answer.status(201).json()).collect();
        assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
        assert_eq!((&account()["balance_fen"], &account()["prepaid_fen"]), (&json!(-10_000), &json!(10_000)));
        app.linli(&["check"]).ok();
    }
}

fn cases(desk: &Program) -> usize {
    desk.get("/cases?limit=200").status(200).json()["items"].as_array().unwrap().len()
}
