//! Programs on both sides of a bill that is not accepted, and of one that is paid by instalments: reminders are silent
//! meanwhile, and speak again.

use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Community, HOME, Program, at_once};

/// The home's charges of November, the greatest first.
fn charges(who: &Program) -> Vec<Value> {
    let account = who.get(&format!("/homes/{HOME}/account")).status(200).json();
    let mut charges = account["charges"].as_array().unwrap().clone();
    charges.sort_by_key(|charge| -charge["amount_fen"].as_i64().unwrap());
    assert_eq!(charges.len(), 2);
    charges
}

/// The disputes of a list, each as it is told alone.
fn each_alone(who: &Program, list: &str) -> Vec<Value> {
    let all = who.get(list).status(200).json();
    let all = all["items"].as_array().unwrap().clone();
    for one in &all {
        assert_eq!(who.get(&format!("/disputes/{}", one["id"])).status(200).json(), *one, "{list}");
    }
    all
}

/// What the resident was reminded of.
fn reminders(resident: &Program) -> usize {
    let told = resident.get("/notifications").status(200).json();
    let codes = told["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap());
    codes.filter(|code| code.starts_with("reminder.")).count()
}

both! {
    fn a_program_raises_takes_back_and_answers_a_dispute(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (resident, cashier) = (app.api("resident"), app.api("cashier"));
        let charges = charges(&resident);
        let (account, first) = (&charges[0]["account"], &charges[0]["id"]);
        let raise = |photo: i64| json!({"home": HOME, "charge": first, "reason": "面积多算了", "attachments": [photo]});
        let asked = raise(resident.upload_photo());
        let made = resident.post_once("k1", "/disputes", &asked).unwrap().status(201).json();
        assert_eq!(resident.post_once("k1", "/disputes", &asked).unwrap().status(201).json(), made, "sent twice");
        assert_eq!((&made["charge"], &made["raised_by"], &made["outcome"]), (first, &json!("resident"), &json!(null)));
        assert_eq!(resident.post("/disputes", &asked).status(422).problem(), "dispute.open");
        let address = format!("/disputes/{}", made["id"]);
        let back = resident.post(&format!("{address}/take-back"), &json!({})).status(200).json();
        assert_eq!((&back["outcome"], &back["undo_until"]), (&json!("taken_back"), &json!(null)));
        assert_eq!(resident.post(&format!("{address}/take-back"), &json!({})).status(422).problem(), "debt.taken_back");

        // Said again for good; the desk heard of the other one.
        let made = resident.post("/disputes", &raise(resident.upload_photo())).status(201).json();
        let photo = format!("/attachments/{}", made["attachments"][0]);
        cashier.get(&photo).status(200);
        let heard = json!({"charge": charges[1]["id"], "reason": "电梯坏了半个月"});
        let noted = cashier.post(&format!("/debtors/{account}/disputes"), &heard).status(201).json();
        assert_eq!((&noted["raised_by"], &noted["home"]), (&json!("office"), &json!(HOME)));
        let again = cashier.post(&format!("/debtors/{account}/disputes"), &heard).status(422);
        assert_eq!(again.problem(), "debt.disputed");
        let part = cashier.get("/disputes?limit=1").status(200).json();
        assert_eq!(part["items"][0]["id"], made["id"], "oldest first");
        let rest = cashier.get(&format!("/disputes?cursor={}", part["next_cursor"].as_str().unwrap())).json();
        assert_eq!((&rest["items"][0]["id"], &rest["next_cursor"]), (&noted["id"], &json!(null)));
        let states = cashier.get(&format!("/debtors/{account}")).status(200).json();
        assert!(states["charges"].as_array().unwrap().iter().all(|charge| charge["state"] == "disputed"), "{states}");
        app.clock_to("2026-12-05T09:31:00+08:00");
        app.worker_once();
        assert_eq!(reminders(&resident), 0, "reminders are silent");
        let late = resident.post(&format!("/disputes/{}/take-back", made["id"]), &json!({})).status(422);
        assert_eq!(late.problem(), "dispute.undo_time");

        let address = format!("/disputes/{}/answer", made["id"]);
        let answer = json!({"outcome": "rejected", "answer": "已核对房产证"});
        for (body, field, code) in [
            (json!({"outcome": "taken_back", "answer": "好"}), "outcome", "choice"),
            (json!({"outcome": "maybe", "answer": "好"}), "outcome", "choice"),
            (json!({"outcome": "rejected", "answer": " "}), "answer", "required"),
            (json!({"outcome": "rejected", "answer": "长".repeat(501)}), "answer", "too_long"),
            (json!({"outcome": "rejected", "answer": "好", "by": "me"}), "by", "unknown"),
        ] {
            assert_eq!(cashier.post(&address, &body).wrong(), format!("{field}: {code}"), "{body}");
        }
        assert_eq!(cashier.post(&address, &answer).status(200).json()["outcome"], "rejected");
        assert_eq!(cashier.post(&address, &answer).status(422).problem(), "debt.answered");
        let read = resident.get(&format!("/disputes/{}", made["id"])).status(200).json();
        assert_eq!(read["answer"], "已核对房产证");
        let all = resident.get(&format!("/homes/{HOME}/disputes")).status(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 3, "what was taken back is told too");
        app.clock_to("2026-12-05T15:01:00+08:00");
        app.worker_once();
        assert_eq!(reminders(&resident), 1, "reminders go on");
        app.linli(&["check"]).ok();
    }

    fn a_list_tells_of_each_dispute_what_it_tells_alone(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (resident, cashier) = (app.api("resident"), app.api("cashier"));
        let charges = charges(&resident);
        let debtor = format!("/debtors/{}", charges[0]["account"]);
        let raise = |words: &str| {
            let asked = json!({"home": HOME, "charge": charges[0]["id"], "reason": words, "attachments": [resident.upload_photo()]});
            resident.post("/disputes", &asked).status(201).json()["id"].clone()
        };
        let back = raise("车位已经退了");
        resident.post(&format!("/disputes/{back}/take-back"), &json!({})).status(200);
        let raised = raise("面积多算了");
        cashier.post(&format!("{debtor}/disputes"), &json!({"charge": charges[1]["id"], "reason": "电梯坏了半个月"})).status(201);
        let other = cashier.get("/homes/1-1-0102/account").status(200).json()["charges"][0].clone();
        cashier.post(&format!("/debtors/{}/disputes", other["account"]), &json!({"charge": other["id"], "reason": "没有服务"})).status(201);

        let (home, all) = (format!("/homes/{HOME}/disputes"), "/disputes");
        let told = each_alone(&resident, &home);
        assert_eq!(told.iter().map(|one| &one["raised_by"]).collect::<Vec<_>>(), ["office", "resident", "resident"]);
        assert!(told[1]["undo_until"].is_string() && told[0]["undo_until"].is_null(), "{told:?}");
        assert_eq!(told.iter().map(|one| one["attachments"].as_array().unwrap().len()).collect::<Vec<_>>(), [0, 1, 1]);
        let open = each_alone(&cashier, all);
        assert_eq!(open.iter().map(|one| &one["reason"]).collect::<Vec<_>>(), ["面积多算了", "电梯坏了半个月", "没有服务"]);
        assert_ne!(open[2]["payer"], open[0]["payer"]);

        cashier.post(&format!("/disputes/{raised}/answer"), &json!({"outcome": "rejected", "answer": "已核对房产证"})).status(200);
        for who in [&resident, &cashier] {
            let told = each_alone(who, &home);
            assert_eq!(told.iter().map(|one| &one["outcome"]).collect::<Vec<_>>(), [&json!(null), &json!("rejected"), &json!("taken_back")]);
            assert_eq!(told[2]["ended_by"], told[2]["by"], "who raised it took it back");
            assert_ne!(told[1]["ended_by"], told[1]["by"]);
        }
        assert_eq!(each_alone(&cashier, all).len(), 2, "what waits for an answer");
        assert_eq!(cashier.get(&debtor).status(200).json()["disputes"], json!(each_alone(&cashier, &home)));
    }

    fn who_decides_second_in_the_same_second_reads_what_the_first_one_did(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let desks = [app.api("cashier"), app.api("manager")];
        let charges = charges(&desks[0]);
        let debtor = format!("/debtors/{}", charges[0]["account"]);
        let first_of = |address: &str, bodies: [Value; 2]| {
            let answers = at_once(2, |n| desks[n].post(address, &bodies[n]));
            let first = answers.iter().find(|answer| answer.status == 200).expect("one is first").json();
            let second = answers.iter().find(|answer| answer.status == 422).expect("one is second").json();
            (first, second["code"].clone(), second["detail"].as_str().unwrap().to_owned())
        };

        let heard = json!({"charge": charges[0]["id"], "reason": "电梯坏了半个月"});
        let noted = desks[0].post(&format!("{debtor}/disputes"), &heard).status(201).json();
        let address = format!("/disputes/{}", noted["id"]);
        let bodies = [json!({"outcome": "rejected", "answer": "已核对，无误"}), json!({"outcome": "upheld", "answer": "停运属实"})];
        let (first, code, detail) = first_of(&format!("{address}/answer"), bodies);
        assert_eq!(code, "debt.answered");
        for said in [&first["answer"], &first["ended_by"]] {
            assert!(detail.contains(said.as_str().unwrap()), "{said} in {detail}");
        }
        assert_eq!(desks[1].get(&address).status(200).json(), first, "the first one's stands");

        let plan = json!({
            "charges": [charges[1]["id"]], "agreed_by": "业主", "agreed_on": "2026-11-22",
            "parts": [{"due_on": "2026-12-10", "amount_fen": charges[1]["amount_fen"]}],
        });
        let plan = desks[0].post(&format!("{debtor}/plans"), &plan).status(201).json();
        let address = format!("/plans/{}", plan["id"]);
        let (first, code, detail) = first_of(&format!("{address}/end"), [json!({"reason": "一次付清"}), json!({"reason": "重新约定"})]);
        assert_eq!(code, "debt.plan_over");
        assert!(detail.contains(first["end_reason"].as_str().unwrap()), "{detail}");
        assert_eq!(desks[1].get(&address).status(200).json(), first);
        app.linli(&["check"]).ok();
    }

    fn nobody_disputes_what_is_not_theirs_or_answers_without_the_post(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (resident, cashier, desk) = (app.api("resident"), app.api("cashier"), app.api("desk"));
        let own = charges(&resident).remove(0);
        let other = cashier.get("/homes/1-1-0102/account").status(200).json()["charges"][0].clone();
        let raise = |home: &str, charge: &Value| json!({"home": home, "charge": charge, "reason": "多算"});
        let of = |body: Value| resident.post("/disputes", &body).wrong();
        assert_eq!(of(raise("1-1-0102", &other["id"])), "home: unknown_home");
        assert_eq!(of(raise(HOME, &other["id"])), "charge: unknown_charge");
        assert_eq!(of(raise(HOME, &json!(987_654_321))), "charge: unknown_charge");
        assert_eq!(of(json!({"home": HOME, "charge": own["id"]})), "reason: required");
        let debtor = format!("/debtors/{}", own["account"]);
        let noted = cashier.post(&format!("{debtor}/disputes"), &json!({"charge": other["id"], "reason": "多算"}));
        assert_eq!(noted.wrong(), "charge: unknown_charge");
        let note = json!({"charge": own["id"], "reason": "多算"});
        for who in [&resident, &desk, &app.api("steward"), &app.api("technician")] {
            who.get(&debtor).status(403);
            who.get("/disputes").status(403);
            who.post(&format!("{debtor}/disputes"), &note).status(403);
            who.post(&format!("{debtor}/plans"), &json!({})).status(403);
        }
        for who in [&cashier, &desk] {
            who.post("/disputes", &raise(HOME, &own["id"])).status(403);
        }
        let made = cashier.post(&format!("{debtor}/disputes"), &note).status(201).json();
        desk.get(&format!("/disputes/{}", made["id"])).status(200);
        app.api("technician").get(&format!("/disputes/{}", made["id"])).status(403);
        resident.post(&format!("/disputes/{}/take-back", made["id"]), &json!({})).status(404);
        resident.post(&format!("/disputes/{}/answer", made["id"]), &json!({"outcome": "upheld", "answer": "好"})).status(403);
        cashier.get("/debtors/987654321").status(404);
        app.linli(&["check"]).ok();
    }

    fn a_program_agrees_on_instalments_and_ends_them(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (resident, cashier) = (app.api("resident"), app.api("cashier"));
        let charges = charges(&resident);
        let debtor = format!("/debtors/{}", charges[0]["account"]);
        let ids: Vec<&Value> = charges.iter().map(|charge| &charge["id"]).collect();
        let agreed = |parts: &[(&str, i64)]| {
            let parts: Vec<_> = parts.iter().map(|(day, fen)| json!({"due_on": day, "amount_fen": fen})).collect();
            json!({"charges": ids, "parts": parts, "agreed_by": "业主", "agreed_on": "2026-11-22", "note": "纸质在财务室"})
        };
        for (parts, field, code) in [
            (vec![("2026-12-10", 10_000), ("2027-01-10", 10_000)], "parts", "sums_differ"),
            (vec![("2026-12-10", 10_000), ("2026-12-10", 16_361)], "due.1", "in_order"),
            (vec![("2026-11-21", 26_361)], "due.0", "day_past"),
            (vec![("2026-12-10", 0), ("2027-01-10", 26_361)], "amount.0", "not_positive"),
            (vec![], "parts", "between"),
            (vec![("2026-02-30", 26_361)], "parts[0].due_on", "value"),
        ] {
            let answer = cashier.post(&format!("{debtor}/plans"), &agreed(&parts));
            assert_eq!(answer.wrong(), format!("{field}: {code}"), "{parts:?}");
        }
        let body = agreed(&[("2026-12-10", 10_000), ("2027-01-10", 16_361)]);
        let plans = format!("{debtor}/plans");
        let made = cashier.post_once("k1", &plans, &body).unwrap().status(201).json();
        assert_eq!(cashier.post_once("k1", &plans, &body).unwrap().status(201).json(), made, "sent twice");
        assert_eq!(cashier.post(&plans, &body).status(422).problem(), "debt.planned");
        assert_eq!((&made["total_fen"], &made["open_fen"], &made["state"]), (&json!(26_361), &json!(26_361), &json!("running")));
        assert_eq!(cashier.get("/plans").status(200).json()["items"], json!([made]));
        assert_eq!(cashier.get("/plans?state=broken").status(200).json()["items"], json!([]));
        assert_eq!(cashier.get("/plans?state=lost").wrong(), "state: choice");
        let owed = cashier.get(&debtor).status(200).json();
        assert!(owed["charges"].as_array().unwrap().iter().all(|charge| charge["state"] == "planned"), "{owed}");
        let refused = resident.post("/disputes", &json!({"home": HOME, "charge": ids[0], "reason": "多算"})).status(422);
        assert_eq!(refused.problem(), "dispute.planned");
        app.clock_to("2026-12-05T09:31:00+08:00");
        app.worker_once();
        assert_eq!(reminders(&resident), 0, "reminders are silent");

        let end = format!("/plans/{}/end", made["id"]);
        assert_eq!(cashier.post(&end, &json!({"reason": ""})).wrong(), "reason: required");
        let ended = cashier.post(&end, &json!({"reason": "一次付清"})).status(200).json();
        assert_eq!((&ended["state"], &ended["end_reason"]), (&json!("ended"), &json!("一次付清")));
        assert_eq!(cashier.post(&end, &json!({"reason": "再来"})).status(422).problem(), "debt.plan_over");
        resident.get(&format!("/plans/{}", made["id"])).status(403);
        app.clock_to("2026-12-05T15:01:00+08:00");
        app.worker_once();
        assert_eq!(reminders(&resident), 1, "reminders go on");
        app.linli(&["check"]).ok();
    }
}
