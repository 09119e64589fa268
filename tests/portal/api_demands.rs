//! A program demands what is owed: who is due, a batch, the letter on paper, proof that it arrived, and what that does
//! to the limitation.

use serde_json::{Value, json};
use test_support::both;

use crate::harness::{Answer, Community, HOME, Program};

fn is_pdf(answer: &Answer) {
    let answer = answer.clone().status(200);
    assert_eq!(answer.header("content-type"), "application/pdf");
    assert!(answer.body.starts_with(b"%PDF-"));
}

/// Whose account the home's is, of those who are due a demand.
fn due(cashier: &Program) -> Value {
    let due = cashier.get("/demands/due").status(200).json();
    let all = due["items"].as_array().unwrap();
    assert!(all.len() > 1);
    all.iter().find(|one| one["home"] == HOME).unwrap().clone()
}

both! {
    fn a_program_makes_letters_and_proves_that_they_arrived(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (cashier, resident) = (app.api("cashier"), app.api("resident"));
        assert_eq!(cashier.get("/demands/due").status(200).json()["items"], json!([]));
        // Due on 2 December: the last reminder comes on 1 January.
        app.clock_to("2027-01-01T09:31:00+08:00");
        app.worker_once();
        let mine = due(&cashier);
        assert_eq!(mine["oldest_due_on"], "2026-12-02");
        assert_eq!(cashier.post("/demands", &json!({"accounts": []})).wrong(), "accounts: required");
        assert_eq!(cashier.post("/demands", &json!({})).wrong(), "accounts: required");
        let body = json!({"accounts": [mine["account"]]});
        let made = cashier.post_once("k1", "/demands", &body).unwrap().status(201).json();
        assert_eq!(cashier.post_once("k1", "/demands", &body).unwrap().status(201).json(), made, "sent twice");
        assert_eq!(cashier.post("/demands", &body).status(422).problem(), "demand.not_due");
        let demand = &made["demands"][0];
        assert_eq!((&demand["number"], &demand["home"], &demand["total_fen"]), (&json!("CG20270101-0001"), &json!(HOME), &mine["overdue_fen"]));
        assert_eq!(cashier.get("/demands").status(200).json()["items"], json!([demand]));
        let batches = cashier.get("/demand-batches").status(200).json();
        assert_eq!((&batches["items"][0]["letters"], &batches["items"][0]["delivered"]), (&json!(1), &json!(0)));
        let batch = format!("/demand-batches/{}", made["batch"]["id"]);
        assert_eq!(cashier.get(&batch).status(200).json(), made);
        is_pdf(&cashier.get(&format!("{batch}/letters.pdf")));

        let address = format!("/demands/{}", demand["id"]);
        let whole = cashier.get(&address).status(200).json();
        assert!(whole["text"].as_str().unwrap().contains(HOME), "{whole}");
        assert_eq!(whole["charges"].as_array().unwrap().len(), 2);
        is_pdf(&resident.get(&format!("{address}/letter.pdf")));
        app.api("technician").get(&format!("{address}/letter.pdf")).status(403);
        for path in ["/demands", "/demands/due", "/demand-batches", "/limitation", &address, &batch] {
            resident.get(path).status(403);
        }
        resident.post("/demands", &body).status(403);

        let proofs = format!("{address}/proofs");
        let registered = |reference: &str, photo: i64| json!({"kind": "registered", "day": "2027-01-01", "reference": reference, "attachments": [photo]});
        assert_eq!(cashier.post(&proofs, &registered(" ", 1)).wrong(), "reference: required");
        for (body, field, code) in [
            (json!({"kind": "pigeon", "day": "2027-01-01"}), "kind", "choice"),
            (json!({"kind": "handed_over", "day": "2026-12-31"}), "day", "proof_day"),
            (json!({"kind": "refused", "day": "2027-01-01"}), "note", "required"),
            (json!({"kind": "handed_over", "day": "2027-01-01", "attachments": [987_654_321]}), "attachments", "unknown_file"),
        ] {
            assert_eq!(cashier.post(&proofs, &body).wrong(), format!("{field}: {code}"), "{body}");
        }
        resident.post(&proofs, &json!({"kind": "handed_over", "day": "2027-01-01"})).status(403);
        let proved = cashier.post(&proofs, &registered("EMS123456", cashier.upload_photo())).status(201).json();
        assert_eq!((&proved["demand"]["delivered"], &proved["proofs"][0]["reference"]), (&json!(true), &json!("EMS123456")));
        // A colleague who saw the letter before that is told so, and records nothing.
        let stale = json!({"kind": "returned", "day": "2027-01-01", "version": demand["version"]});
        let told = cashier.post(&proofs, &stale).status(409).json();
        assert_eq!(told["present"], json!({"what": "demand", "state": "registered", "version": proved["demand"]["version"]}));
        assert_eq!(cashier.get(&address).status(200).json(), proved);
        resident.get(&format!("/attachments/{}", proved["attachments"][0])).status(404);
        let debtor = cashier.get(&format!("/debtors/{}", mine["account"])).status(200).json();
        assert_eq!(debtor["demands"][0]["number"], "CG20270101-0001");
        let course = &debtor["charges"][0]["limitation"];
        assert_eq!(course["interrupted"], json!([{"day": "2027-01-01", "cause": "demand"}]));
        assert_eq!((&course["last_day"], &course["standing"]), (&json!("2030-01-01"), &json!("runs")));
        is_pdf(&cashier.get(&format!("/debtors/{}/file.pdf", mine["account"])));
        app.linli(&["check"]).ok();
    }

    fn what_is_acknowledged_in_writing_starts_the_three_years_anew(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        app.clock_to("2026-12-20T10:00:00+08:00");
        let cashier = app.api("cashier");
        let charge = cashier.get(&format!("/homes/{HOME}/account")).status(200).json()["charges"][0].clone();
        let debtor = format!("/debtors/{}", charge["account"]);
        let signed = |day: &str, charges: Value, papers: Value| json!({"charges": charges, "day": day, "signed_by": "业主", "attachments": papers});
        let acknowledge = format!("{debtor}/acknowledgements");
        for (body, field, code) in [
            (signed("2026-12-20", json!([charge["id"]]), json!([])), "attachments", "required"),
            (signed("2026-12-21", json!([charge["id"]]), json!([])), "day", "in_past"),
            (signed("2026-12-20", json!([]), json!([])), "charges", "required"),
            (signed("2026-12-20", json!([987_654_321]), json!([])), "charges", "unknown_charge"),
        ] {
            assert_eq!(cashier.post(&acknowledge, &body).wrong(), format!("{field}: {code}"), "{body}");
        }
        let body = signed("2026-12-20", json!([charge["id"]]), json!([cashier.upload_photo()]));
        let made = cashier.post_once("k1", &acknowledge, &body).unwrap().status(201).json();
        assert_eq!(cashier.post_once("k1", &acknowledge, &body).unwrap().status(201).json(), made, "sent twice");
        let owed = cashier.get(&debtor).status(200).json();
        assert_eq!(owed["acknowledgements"], json!([made]));
        let last = |id: &Value| owed["charges"].as_array().unwrap().iter().find(|one| one["id"] == *id).unwrap()["limitation"]["last_day"].clone();
        assert_eq!(last(&charge["id"]), "2029-12-20");
        assert_eq!(cashier.get("/limitation").status(200).json()["items"], json!([]));
        app.clock_to("2029-12-03T10:00:00+08:00");
        let watched = cashier.get("/limitation").status(200).json();
        let first = &watched["items"][0];
        assert_eq!((&first["limitation"]["last_day"], &first["limitation"]["standing"]), (&json!("2029-12-02"), &json!("over")));
        let soon = watched["items"].as_array().unwrap().iter().find(|one| one["charge"] == charge["id"]).unwrap();
        assert_eq!((&soon["limitation"]["standing"], &soon["home"]), (&json!("soon"), &json!(HOME)));
        app.linli(&["check"]).ok();
    }
}
