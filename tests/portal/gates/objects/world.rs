//! The world: a home with everything in it that a route can name.

use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{World, ids};
use crate::gates::asker::change;
use crate::harness::{Community, HOME, Program, photo, register};

impl World {
    /// A home with everything in it, on 3 December, the month of November closed; `words` stand wherever
    /// somebody says something.
    pub(in crate::gates) fn build(app: &Community, words: &str) -> Self {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let bills = register("shared_bills.csv");
        app.linli(&["import", "shared-bills", bills.to_str().unwrap(), "--community", "JXHY"]).ok();
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11", "--shared"]).ok();
        let (resident, desk, cashier) = (app.api("resident"), app.api("desk"), app.api("cashier"));
        let payment = json!({"home": HOME, "amount_fen": 100, "method": "cash"});
        let receipt = word(&cashier.post("/payments", &payment).status(201).json(), "receipt");
        let (done, waiting) = (finished_repair(app, &resident, &desk, words), repair(&resident));
        let photo = upload(&resident);
        let report = json!({"kind": "repair", "home": HOME, "category": "door.lock", "text": words, "attachments": [photo]});
        resident.post("/cases", &report).status(201);
        let site = json!({
            "kind": "renovation", "home": HOME, "permit_number": "ZX-1", "contractor": words, "reason": "开工在前",
            "starts_on": "2026-11-20", "ends_on": "2027-01-20",
        });
        let site = word(&desk.post("/cases", &site).status(201).json(), "number");
        let steward = app.api("steward");
        let visit = json!({
            "home": HOME, "spoken_to": words, "topics": ["卫生"], "said": words, "satisfaction": 5,
            "follow_up": words, "started_at": "2026-11-21T02:00:00Z",
        });
        steward.post("/visits", &visit).status(201);
        let look = json!({
            "renovation": site, "items": [{"item": "rubbish_bagged", "ok": true}], "workers": 2, "progress": words, "made_at": "2026-11-22T01:30:00Z",
        });
        app.worker_once();
        let complaint = json!({"kind": "complaint", "home": HOME, "category": "complaint.noise", "text": words, "wish": words});
        let complaint = word(&resident.post("/cases", &complaint).status(201).json(), "number");
        let enquiry = json!({"kind": "enquiry", "home": HOME, "category": "enquiry.fees", "text": words});
        let enquiry = word(&resident.post("/cases", &enquiry).status(201).json(), "number");
        article(app, words);
        steward.post("/inspections", &look).status(201);
        let leave =
            json!({"kind": "annual", "starts_on": "2026-12-28", "ends_on": "2026-12-30", "reason": words});
        steward.post("/leaves", &leave).status(201);
        invite(app);
        let moving = json!({
            "kind": "move_in", "home": HOME, "category": "tenant", "name": words, "phone": "13700001234",
            "lease_from": "2026-12-01", "lease_to": "2027-11-30", "pays": false,
        });
        let moving = word(&resident.post("/cases", &moving).status(201).json(), "number");
        let owner = app.visitor("resident");
        owner
            .submit(owner.see("/move-ins/new").form_to("/new").set("home", HOME).set("kind", "owner"))
            .status(200);
        for _ in 0..2 {
            change(
                app,
                "INSERT INTO bank_statements (community_id, file_name, profile, at, draft) SELECT id, 'bank.csv', '通用', \
                 '2026-11-22 00:00:00', '{\"rows\":0,\"lines\":[],\"errors\":[],\"ignored\":[]}' FROM communities WHERE code = 'JXHY'",
            );
        }
        change(
            app,
            "INSERT INTO community_entries (community_id, kind, category, day, amount_fen, party, document, note, at) \
             SELECT id, 'service_cost', 'cleaning', '2026-11-20', 100, '保洁', 'F-1', '', '2026-11-22 00:00:00' \
             FROM communities WHERE code = 'JXHY'",
        );
        change(
            app,
            "INSERT INTO publications (community_id, first_day, last_day, state, note, drafted_at) \
             SELECT id, '2026-07-01', '2026-09-30', 'draft', '', '2026-11-22 00:00:00' FROM communities WHERE code = 'JXHY'",
        );
        let bank = app.file(
            "bank.csv",
            "交易日期,对方户名,借方金额,贷方金额,摘要,流水号\n2026-11-20,支付宝,,12.34,代收,1\n",
        );
        app.linli(&["import", "bank", bank.to_str().unwrap(), "--community", "JXHY"]).ok();
        let file = register("homes.csv");
        app.linli(&["import", "homes", file.to_str().unwrap(), "--community", "JXHY"]).ok();
        change(
            app,
            "INSERT INTO jobs (kind, payload, run_at, state, created_at) \
             VALUES ('deliver', '{}', '2026-11-22 00:00:00', 'failed', '2026-11-22 00:00:00')",
        );
        change(
            app,
            "INSERT INTO corrections (community_id, account_id, kind, charge_id, amount_fen, reason, asked_at, state) \
             SELECT community_id, account_id, 'waiver', MAX(id), 1, '漏水', '2026-11-22 00:00:00', 'asked' FROM charges \
             WHERE home_id = (SELECT id FROM homes WHERE code = '1-1-0101') AND paid_fen > 0 \
             GROUP BY community_id, account_id",
        );
        change(
            app,
            "INSERT INTO disputes (community_id, account_id, charge_id, reason, noted_at) \
             SELECT community_id, account_id, MIN(id), '多算', '2026-11-22 00:00:00' FROM charges \
             WHERE home_id = (SELECT id FROM homes WHERE code = '1-1-0101') GROUP BY community_id, account_id",
        );
        change(
            app,
            "INSERT INTO disputes (community_id, account_id, charge_id, reason, noted_at, noted_by, raised_by) \
             SELECT c.community_id, c.account_id, c.id, '多算', '2026-11-22 00:00:00', c.payer_id, 'resident' FROM charges c \
             JOIN homes h ON h.id = c.home_id AND h.code = '1-1-0101' WHERE c.id = (SELECT MIN(d.id) FROM charges d \
             WHERE d.home_id = h.id AND d.id > (SELECT MIN(e.id) FROM charges e WHERE e.home_id = h.id))",
        );
        change(
            app,
            "INSERT INTO plans (community_id, account_id, total_fen, agreed_by, agreed_on, note, made_at, state) \
             SELECT community_id, account_id, 100, '业主', '2026-11-22', '', '2026-11-22 00:00:00', 'running' FROM charges \
             WHERE home_id = (SELECT id FROM homes WHERE code = '1-1-0101') GROUP BY community_id, account_id",
        );
        change(
            app,
            "INSERT INTO demand_batches (community_id, day, made_at) \
             SELECT id, '2026-11-22', '2026-11-22 00:00:00' FROM communities WHERE code = 'JXHY'",
        );
        change(
            app,
            "INSERT INTO demands (community_id, batch_id, account_id, number, day, term_on, language, addressee, body, total_fen) \
             SELECT c.community_id, MAX(b.id), c.account_id, 'CG20261122-0001', '2026-11-22', '2026-12-07', 'zh', '业主', '请缴清。', 100 \
             FROM charges c JOIN demand_batches b ON b.community_id = c.community_id \
             WHERE c.home_id = (SELECT id FROM homes WHERE code = '1-1-0101') GROUP BY c.community_id, c.account_id",
        );
        // Somebody who works here, has an account and is nobody who tries anything.
        change(
            app,
            "INSERT INTO accounts (person_id, created_at) SELECT MAX(person_id), '2026-11-22 00:00:00' FROM staff \
             WHERE person_id NOT IN (SELECT person_id FROM accounts)",
        );
        let deposit = json!({"home": HOME, "purpose": "renovation", "basis": "协议第五条", "amount_fen": 200_000, "method": "cash"});
        cashier.post("/deposits", &deposit).status(201);
        for part in [
            "INSERT INTO month_closings (community_id, month, from_at, until_at, closed_at) SELECT id, '2026-10', \
             '2026-09-30 16:00:00', '2026-10-31 16:00:00', '2026-11-01 00:00:00' FROM communities WHERE code = 'JXHY'",
            "INSERT INTO deposit_deductions (community_id, deposit_id, amount_fen, reason, state, proposed_at, until_on) \
             SELECT community_id, id, 100, '划痕', 'proposed', '2026-11-22 00:00:00', '2026-12-31' FROM deposits",
            "INSERT INTO deposit_deductions (community_id, deposit_id, amount_fen, reason, state, proposed_at, until_on, objection) \
             SELECT community_id, id, 100, '门锁', 'contested', '2026-11-22 00:00:00', '2026-12-31', '不是' FROM deposits",
            "INSERT INTO plan_parts (plan_id, number, due_on, amount_fen) SELECT id, 1, '2026-12-22', 100 FROM plans",
            "INSERT INTO plan_charges (plan_id, charge_id, open_fen) SELECT p.id, MAX(c.id), 100 \
             FROM plans p JOIN charges c ON c.account_id = p.account_id GROUP BY p.id",
            "INSERT INTO demand_charges (demand_id, charge_id, open_fen) SELECT d.id, MAX(c.id), 100 \
             FROM demands d JOIN charges c ON c.account_id = d.account_id GROUP BY d.id",
        ] {
            change(app, part);
        }
        change(
            app,
            "INSERT INTO categories (community_id, code, kind, zh, en, skill, urgency, part, warranty, price_item, papers) \
             SELECT id, 'pool.pump', 'repair', '泳池水泵', 'Pool pump', '电', 'normal', 'public', 'none', '', '' \
             FROM communities WHERE code = 'JXHY'",
        );
        change(
            app,
            "INSERT INTO saved_filters (community_id, person_id, name, query, saved_at) \
             SELECT l.community_id, a.person_id, '漏水', 'kind=repair', '2026-11-22 00:00:00' \
             FROM logins l JOIN accounts a ON a.id = l.account_id WHERE l.name = 'desk'",
        );
        let pump = json!({"kind": "repair", "home": HOME, "category": "pool.pump", "text": words});
        resident.post("/cases", &pump).status(201);
        change(
            app,
            "INSERT INTO price_items (community_id, code, kind, zh, en, unit, price_fen) \
             SELECT id, 'valve', 'material', '角阀', 'Valve', '个', 2500 FROM communities WHERE code = 'JXHY'",
        );
        change(
            app,
            "INSERT INTO meters (community_id, home_id, kind, number, multiplier, turns_at, installed_on, first_reading) \
             SELECT community_id, id, 'water', 'W1', 1, 10000000, '2026-01-01', 0 FROM homes WHERE code = '1-1-0101'",
        );
        change(
            app,
            "INSERT INTO meter_readings (community_id, meter_id, period, read_on, value, since, upto, dial, source, state, at) \
             SELECT community_id, id, '2026-11', '2026-11-20', 100, 0, 100, 100, 'hand', 'held', '2026-11-22 00:00:00' FROM meters",
        );
        change(
            app,
            "INSERT INTO meters (community_id, home_id, kind, number, multiplier, turns_at, installed_on, first_reading) \
             SELECT community_id, id, 'gas', 'G1', 1, 10000000, '2026-01-01', 0 FROM homes WHERE code = '1-1-0101'",
        );
        change(
            app,
            "INSERT INTO meter_readings (community_id, meter_id, period, read_on, value, since, upto, dial, source, state, at, by_id) \
             SELECT m.community_id, m.id, '2026-10', '2026-10-20', 100, 0, 100, 100, 'resident', 'good', '2026-10-20 00:00:00', o.person_id \
             FROM meters m JOIN occupancies o ON o.home_id = m.home_id AND o.kind = 'owner' WHERE m.number = 'G1'",
        );
        let dial = upload(&resident);
        change(
            app,
            &format!(
                "UPDATE attachments SET subject_kind = 'meter_reading', \
                 subject_id = (SELECT MAX(id) FROM meter_readings) WHERE id = {dial}"
            ),
        );
        change(
            app,
            "INSERT INTO fee_exceptions (community_id, home_id, fee_item_id, kind, value, from_month, reason, made_at) \
             SELECT h.community_id, h.id, i.id, 'free', 0, '2027-01', '社区用房', '2026-11-22 00:00:00' FROM homes h \
             JOIN fee_items i ON i.community_id = h.community_id AND i.code = 'garbage' WHERE h.code = '1-1-0103'",
        );
        app.clock_to("2026-12-03T09:00:00+08:00");
        app.worker_once();
        let pays = owner.see(&format!("/homes/{HOME}/pay-online")).form_to("/pay-online");
        let order = owner.submit(pays.set("amount", "1")).status(200).path().replace("/pay-orders/", "");
        Self {
            ids: ids(
                app,
                [
                    ("receipt", receipt),
                    ("order", order),
                    ("case", waiting),
                    ("done", done),
                    ("site", site),
                    ("moving", moving),
                    ("complaint", complaint),
                    ("enquiry", enquiry),
                    ("photo", photo.to_string()),
                ],
            ),
        }
    }
}

fn word(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

fn repair(resident: &Program) -> String {
    let report = json!({"kind": "repair", "home": HOME, "category": "water.leak", "text": "漏水", "available": "晚上"});
    word(&resident.post("/cases", &report).status(201).json(), "number")
}

fn finished_repair(app: &Community, resident: &Program, desk: &Program, words: &str) -> String {
    let (number, technician) = (repair(resident), app.api("technician"));
    let act = |who: &Program, action: &str, mut body: Value| {
        body["version"] = who.get(&format!("/cases/{number}")).json()["version"].clone();
        who.post(&format!("/cases/{number}/actions/{action}"), &body).status(200);
    };
    act(desk, "accept", json!({}));
    act(desk, "dispatch", json!({"technician": "technician"}));
    act(&technician, "take", json!({}));
    act(&technician, "arrive", json!({}));
    let photo = upload(&technician);
    let done = json!({"work": words, "cause": words, "minutes": 30, "attachments": [photo]});
    act(&technician, "finish", done);
    number
}

fn upload(who: &Program) -> i64 {
    let part = Part::bytes(photo()).file_name("a.jpg").mime_str("image/jpeg").unwrap();
    who.upload("/attachments", Form::new().part("file", part)).status(201).json()["id"].as_i64().unwrap()
}

/// An answer that only staff use.
fn article(app: &Community, words: &str) {
    let desk = app.visitor("desk");
    let form = desk.see("/knowledge/new").form_to("/knowledge/new").set("category", "enquiry.fees");
    desk.submit(form.set("state", "internal").set("title_zh", words).set("body_zh", words)).status(200);
}

fn invite(app: &Community) {
    let owner = app.visitor("resident");
    let form = owner.see("/account/residents").form("form[action='/account/residents']");
    let form = form.set("kind", "family").set("name", "黎小满").set("phone", "13911112222");
    owner.submit(form).status(200);
}
