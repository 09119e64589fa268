//! An object of every kind that a route can name, all of one home's; and for each route the address of that
//! object, of a missing one, and what is sent so that the object is really asked for.

use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

use super::Route;
use super::asker::{Fields, change, look_up};
use crate::harness::{Community, HOME, Program, photo, register};

/// What is tried on a route.
pub(super) struct Try {
    pub(super) real: String,
    pub(super) missing: String,
    pub(super) fields: Fields,
    /// Who reaches it.
    pub(super) right: &'static str,
}

/// The objects, by the words that the table below uses.
pub(super) struct World {
    ids: Vec<(&'static str, String)>,
}

impl World {
    /// A home with everything in it, on 3 December, the month of November closed; `words` stand wherever
    /// somebody says something.
    pub(super) fn build(app: &Community, words: &str) -> Self {
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

    /// The id, number or code of an object.
    pub(super) fn id(&self, what: &str) -> String {
        let found = self.ids.iter().find(|(name, _)| *name == what);
        found.unwrap_or_else(|| panic!("no {what} in the world")).1.clone()
    }

    /// How a route is tried; none where the table has no object for it.
    pub(super) fn try_of(&self, route: &Route) -> Option<Try> {
        let (_, _, parts, fields, right) =
            TABLE.iter().find(|(method, path, ..)| *method == route.method && *path == route.path)?;
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
                "price" | "fee" => "none".to_owned(),
                _ => "987654321".to_owned(),
            },
        }
    }
}

type Row = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// A row for every route that names an object: what stands in each of its parts, what is sent, who reaches it.
#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("POST", "/account/sessions/{id}/end", &["session"], &[], "resident"),
    ("POST", "/account/residents/{id}/revoke", &["invitation"], &[], "resident"),
    ("GET", "/homes/{code}/bills", &["home"], &[], "resident"),
    ("GET", "/receipts/{number}", &["receipt"], &[], "resident"),
    ("GET", "/homes/{code}/pay", &["home"], &[], "cashier"),
    ("POST", "/homes/{code}/pay", &["home"], &[("amount", "1.00"), ("method", "cash")], "cashier"),
    ("GET", "/homes/{code}/pay-online", &["home"], &[], "resident"),
    ("POST", "/homes/{code}/pay-online", &["home"], &[("amount", "1.00"), ("channel", "practice")], "resident"),
    ("GET", "/pay-orders/{number}", &["order"], &[], "resident"),
    ("POST", "/pay-orders/{number}/close", &["order"], &[], "resident"),
    ("POST", "/pay-orders/{number}/handle", &["order"], &[("note", "已手工收款")], "cashier"),
    ("GET", "/practice/{order}", &["trade"], &[], "resident"),
    ("POST", "/practice/{order}", &["trade"], &[], "resident"),
    ("GET", "/payments/{id}/void", &["payment"], &[], "manager"),
    ("POST", "/payments/{id}/void", &["payment"], &[("reason", "错了")], "manager"),
    ("GET", "/payments/{id}/refund", &["payment"], &[], "manager"),
    ("POST", "/payments/{id}/refund", &["payment"], &[("amount", "0.01"), ("reason", "多交")], "manager"),
    ("GET", "/homes/{code}/charges/{id}/{act}", &["home", "charge", "=reverse"], &[], "cashier"),
    ("POST", "/homes/{code}/charges/{id}/{act}", &["home", "charge", "=reverse"], &[("reason", "错了"), ("seen", "x")], "cashier"),
    ("GET", "/homes/{code}/charges/{id}/split", &["home", "charge"], &[], "cashier"),
    ("POST", "/homes/{code}/charges/{id}/split", &["home", "charge"], &[("on", "2026-11-16"), ("reason", "过户结算"), ("seen", "x")], "cashier"),
    ("POST", "/corrections/{id}/{decision}", &["correction", "=refuse"], &[("answer", "不行")], "manager"),
    ("GET", "/homes/{code}/statement", &["home"], &[], "resident"),
    ("GET", "/api/v1/homes/{code}/statement", &["home"], &[], "resident"),
    ("GET", "/closings/{month}", &["closed"], &[], "cashier"),
    ("GET", "/deposits/{id}", &["deposit"], &[], "resident"),
    ("POST", "/deposits/{id}/deductions", &["deposit"], &[("amount", "1.00"), ("reason", "划痕")], "cashier"),
    ("POST", "/deposits/{id}/return", &["deposit"], &[], "cashier"),
    ("POST", "/deposits/{id}/keep", &["deposit"], &[], "cashier"),
    ("POST", "/deposits/{id}/give-back", &["deposit"], &[("method", "cash")], "manager"),
    ("GET", "/deductions/{id}", &["deduction"], &[], "resident"),
    ("POST", "/deductions/{id}/accept", &["deduction"], &[], "resident"),
    ("POST", "/deductions/{id}/contest", &["deduction"], &[("objection", "不是我们")], "resident"),
    ("POST", "/deductions/{id}/decide", &["contested"], &[("decision", "drop"), ("answer", "查无此事")], "manager"),
    ("POST", "/deductions/{id}/drop", &["deduction"], &[], "cashier"),
    ("GET", "/api/v1/deposits/{id}", &["deposit"], &[], "resident"),
    ("GET", "/bank/{id}", &["statement"], &[], "cashier"),
    ("GET", "/bank/drafts/{id}", &["draft_statement"], &[], "cashier"),
    ("POST", "/bank/drafts/{id}", &["draft_statement"], &[], "cashier"),
    ("POST", "/bank/drafts/{id}/discard", &["other_draft"], &[], "cashier"),
    ("GET", "/bank/lines/{id}", &["bank_line"], &[], "cashier"),
    ("POST", "/bank/lines/{id}/book", &["bank_line"], &[("version", "1"), ("home", HOME)], "cashier"),
    ("POST", "/bank/lines/{id}/aside", &["bank_line"], &[("version", "1"), ("reason", "租金")], "cashier"),
    ("POST", "/bank/lines/{id}/again", &["bank_line"], &[("version", "1")], "cashier"),
    ("GET", "/debtors/{account}", &["account"], &[], "cashier"),
    ("GET", "/debtors/{account}/file.pdf", &["account"], &[], "cashier"),
    ("GET", "/debtors/{account}/dispute", &["account"], &[], "cashier"),
    ("POST", "/debtors/{account}/dispute", &["account"], &[("charge", "1"), ("reason", "多算")], "cashier"),
    ("GET", "/debtors/{account}/plan", &["account"], &[], "cashier"),
    ("POST", "/debtors/{account}/plan", &["account"], &[("count", "1"), ("charges", "1"), ("due.0", "2026-12-10"), ("amount.0", "1"), ("agreed_by", "x"), ("agreed_on", "2026-12-03")], "cashier"),
    ("GET", "/debtors/{account}/acknowledge", &["account"], &[], "cashier"),
    ("POST", "/debtors/{account}/acknowledge", &["account"], &[("charges", "1"), ("day", "2026-12-03"), ("signed_by", "业主")], "cashier"),
    ("GET", "/homes/{code}/charges/{id}/dispute", &["home", "charge"], &[], "resident"),
    ("POST", "/homes/{code}/charges/{id}/dispute", &["home", "charge"], &[("step", "check"), ("go", "send"), ("reason", "多算")], "resident"),
    ("GET", "/disputes/{id}", &["dispute"], &[], "resident"),
    ("POST", "/disputes/{id}/take-back", &["own_dispute"], &[], "resident"),
    ("GET", "/disputes/{id}/end", &["dispute"], &[], "cashier"),
    ("POST", "/disputes/{id}/end", &["dispute"], &[("outcome", "rejected"), ("answer", "不符")], "cashier"),
    ("GET", "/plans/{id}/end", &["plan"], &[], "cashier"),
    ("POST", "/plans/{id}/end", &["plan"], &[("reason", "付清")], "cashier"),
    ("GET", "/demands/batches/{id}", &["batch"], &[], "cashier"),
    ("GET", "/demands/batches/{id}/letters.pdf", &["batch"], &[], "cashier"),
    ("GET", "/demands/{id}", &["demand"], &[], "cashier"),
    ("POST", "/demands/{id}/proof", &["demand"], &[("kind", "handed_over"), ("day", "2026-12-03")], "cashier"),
    ("GET", "/homes/{code}/demands/{id}/letter.pdf", &["home", "demand"], &[], "resident"),
    ("GET", "/billing/runs/{id}", &["run"], &[], "cashier"),
    ("POST", "/billing/runs/{id}/cancel", &["run"], &[], "cashier"),
    ("GET", "/billing/shared/{id}", &["bill"], &[], "cashier"),
    ("POST", "/billing/shared/{id}", &["bill"], &[("version", "1"), ("name", "电梯电费"), ("period", "2026-11"), ("total", "1.00"), ("method", "area"), ("applies_to", "residential")], "cashier"),
    ("POST", "/billing/shared/{id}/remove", &["bill"], &[], "cashier"),
    ("GET", "/billing/shared/{id}/take-back", &["bill"], &[], "cashier"),
    ("POST", "/billing/shared/{id}/take-back", &["bill"], &[("reason", "错了"), ("seen", "0")], "cashier"),
    ("GET", "/homes/{code}/shared/{period}", &["home", "=2026-11"], &[], "resident"),
    ("GET", "/meters/readings/{id}", &["reading"], &[], "cashier"),
    ("POST", "/meters/readings/{id}/take-back", &["sent_reading"], &[], "resident"),
    ("GET", "/meters/{id}", &["meter"], &[], "cashier"),
    ("GET", "/meters/{id}/exchange", &["meter"], &[], "cashier"),
    ("POST", "/meters/{id}/exchange", &["meter"], &[("day", "2026-12-02"), ("last", "1"), ("number", "W9"), ("multiplier", "1"), ("turns_at", "100000"), ("first_reading", "0")], "cashier"),
    ("GET", "/meters/{id}/end", &["meter"], &[], "cashier"),
    ("POST", "/meters/{id}/end", &["meter"], &[("day", "2026-12-02"), ("last", "1")], "cashier"),
    ("GET", "/homes/{code}/meters", &["home"], &[], "resident"),
    ("GET", "/homes/{code}/meters/{id}", &["home", "own_meter"], &[], "resident"),
    ("POST", "/homes/{code}/meters/{id}", &["home", "own_meter"], &[("step", "figure"), ("go", "next"), ("value", "12")], "resident"),
    ("POST", "/meters/readings/{id}/{decision}", &["reading", "=confirm"], &[], "cashier"),
    ("GET", "/homes/{code}", &["home"], &[], "desk"),
    ("GET", "/buildings/{code}", &["building"], &[], "desk"),
    ("GET", "/people/{id}", &["person"], &[], "desk"),
    ("POST", "/people/{id}/phone", &["person"], &[], "desk"),
    ("POST", "/people/{id}/activation", &["person"], &[], "desk"),
    ("POST", "/people/{id}/anonymise", &["person"], &[], "manager"),
    ("GET", "/imports/{id}", &["import"], &[], "manager"),
    ("GET", "/imports/{id}/report.csv", &["import"], &[], "manager"),
    ("GET", "/imports/{id}/report.xlsx", &["import"], &[], "manager"),
    ("GET", "/cases/{number}", &["case"], &[], "resident"),
    ("POST", "/cases/{number}/{action}", &["case", "=cancel"], &[("version", "1"), ("reason", "不用了")], "resident"),
    ("GET", "/complaints/{number}", &["complaint"], &[], "resident"),
    ("GET", "/complaints/{number}/paper", &["complaint"], &[], "desk"),
    ("POST", "/complaints/{number}/{action}", &["complaint", "=withdraw"], &[("version", "1")], "resident"),
    ("GET", "/desk/callers/{id}", &["person"], &[], "desk"),
    ("GET", "/enquiries/{number}", &["enquiry"], &[], "resident"),
    ("POST", "/enquiries/{number}/{action}", &["enquiry", "=withdraw"], &[("version", "1")], "resident"),
    ("GET", "/knowledge/{id}", &["article"], &[], "desk"),
    ("GET", "/knowledge/{id}/edit", &["article"], &[], "desk"),
    ("POST", "/knowledge/{id}/edit", &["article"], &[("version", "1"), ("category", "enquiry.fees"), ("state", "internal"), ("title_zh", "题"), ("body_zh", "文")], "desk"),
    ("GET", "/rectifications/{id}", &["notice"], &[], "supervisor"),
    ("POST", "/rectifications/{id}", &["notice"], &[("reason", "忙"), ("measures", "加人")], "supervisor"),
    ("POST", "/cases/filters/{id}/remove", &["filter"], &[], "desk"),
    ("GET", "/books/{id}/counter", &["entry"], &[], "cashier"),
    ("POST", "/books/{id}/counter", &["entry"], &[("reason", "录错")], "cashier"),
    ("GET", "/publications/{id}", &["publication"], &[], "cashier"),
    ("GET", "/publications/{id}/paper", &["publication"], &[], "cashier"),
    ("GET", "/publications/{id}/figures.csv", &["publication"], &[], "cashier"),
    ("GET", "/publications/{id}/figures.xlsx", &["publication"], &[], "cashier"),
    ("POST", "/publications/{id}/approve", &["publication"], &[], "manager"),
    ("POST", "/publications/{id}/publish", &["publication"], &[], "manager"),
    ("GET", "/service-checks/{id}", &["look"], &[], "supervisor"),
    ("POST", "/service-checks/{id}", &["look"], &[("found", "都好"), ("arranged", "")], "supervisor"),
    ("GET", "/return-visits/{id}", &["duty"], &[], "desk"),
    ("POST", "/return-visits/{id}", &["duty"], &[("outcome", "satisfied"), ("note", "好")], "desk"),
    ("GET", "/attachments/{id}", &["photo"], &[], "resident"),
    ("GET", "/settings/letters/{letter}", &["letter"], &[], "manager"),
    ("POST", "/settings/letters/{letter}", &["letter"], &[("zh", "{home} {list} {owed}"), ("en", "{home} {list} {owed}")], "manager"),
    ("POST", "/settings/letters/{letter}/preview", &["letter"], &[("zh", "{home} {list} {owed}"), ("en", "{home} {list} {owed}")], "manager"),
    ("POST", "/settings/letters/{letter}/reset", &["letter"], &[], "manager"),
    ("GET", "/settings/categories/{category}", &["category"], &[], "manager"),
    ("POST", "/settings/categories/{category}", &["category"], &[("zh", "水泵"), ("en", "Pump"), ("kind", "repair"), ("skill", "电"), ("urgency", "normal"), ("part", "public"), ("warranty", "none")], "manager"),
    ("POST", "/settings/categories/{category}/remove", &["category"], &[], "manager"),
    ("GET", "/settings/fees/{item}", &["fee"], &[], "manager"),
    ("POST", "/settings/fees/{item}", &["fee"], &[("name", "垃圾清运费"), ("unit", "元/户·月"), ("due_day", "25")], "manager"),
    ("POST", "/settings/fees/{item}/tariffs", &["fee"], &[("rate", "13.00"), ("starts_on", "2027-01-01")], "manager"),
    ("POST", "/settings/fees/{item}/interval", &["fee"], &[("months", "3"), ("timing", "first"), ("from_month", "2027-04")], "manager"),
    ("POST", "/settings/fees/{item}/late", &["fee"], &[("basis", "合同第十八条"), ("rate", "0.05"), ("grace_days", "5"), ("cap_percent", "20"), ("starts_on", "2026-12-31")], "manager"),
    ("POST", "/settings/fees/{item}/exceptions", &["fee"], &[("home", "1-1-0102"), ("kind", "free"), ("from_month", "2027-01"), ("reason", "好")], "manager"),
    ("POST", "/settings/fees/{item}/exceptions/{id}/end", &["fee", "exception"], &[("last", "2027-02")], "manager"),
    ("GET", "/settings/prices/{item}", &["price"], &[], "manager"),
    ("POST", "/settings/prices/{item}", &["price"], &[("zh", "角阀"), ("en", "Valve"), ("kind", "material"), ("unit", "个"), ("price", "25.00")], "manager"),
    ("POST", "/admin/jobs/{id}/again", &["job"], &[], "admin"),
    ("GET", "/visits/new/{home}", &["home"], &[], "steward"),
    ("POST", "/visits/new/{home}", &["home"], &[("started_at", "2026-12-03T08:00"), ("spoken_to", "业主"), ("topics", "卫生"), ("said", "好"), ("satisfaction", "5")], "steward"),
    ("GET", "/households/{home}", &["home"], &[], "steward"),
    ("POST", "/households/{home}/promises/{id}", &["home", "promise"], &[("note", "办了")], "steward"),
    ("GET", "/visits/team/{steward}", &["steward"], &[], "supervisor"),
    ("GET", "/visits/{id}", &["visit"], &[], "steward"),
    ("POST", "/visits/{id}/void", &["visit"], &[("reason", "错了")], "steward"),
    ("POST", "/visits/{id}/decide", &["visit"], &[("verdict", "accept"), ("reason", "好")], "supervisor"),
    ("POST", "/shortfalls/{id}/reason", &["shortfall"], &[("reason", "生病")], "steward"),
    ("POST", "/shortfalls/{id}/decide", &["shortfall"], &[("decision", "excused"), ("note", "好")], "supervisor"),
    ("GET", "/roster/{person}", &["steward"], &[], "supervisor"),
    ("POST", "/roster/{person}/rest", &["steward"], &[("weekdays", "7"), ("since", "2026-12-04")], "supervisor"),
    ("POST", "/roster/{person}/leave", &["steward"], &[("kind", "sick"), ("starts_on", "2026-12-20"), ("ends_on", "2026-12-21")], "supervisor"),
    ("POST", "/leave/{id}/{decision}", &["leave", "=refuse"], &[("answer", "人手不够")], "supervisor"),
    ("GET", "/renovations/{number}", &["site"], &[], "officer"),
    ("GET", "/renovations/{number}/inspect", &["site"], &[], "officer"),
    ("POST", "/renovations/{number}/inspect", &["site"], &[("made_at", "2026-12-03T08:30"), ("progress", "水电"), ("workers", "2")], "officer"),
    ("POST", "/renovations/{number}/{action}", &["site", "=stop"], &[("version", "1"), ("reason", "查看")], "officer"),
    ("GET", "/inspections/{id}", &["inspection"], &[], "officer"),
    ("GET", "/move-ins/form/{id}/{step}", &["draft", "=kind"], &[], "resident"),
    ("POST", "/move-ins/form/{id}/{step}", &["draft", "=kind"], &[("kind", "owner")], "resident"),
    ("POST", "/move-ins/form/{id}/discard", &["draft"], &[], "resident"),
    ("GET", "/move-ins/{number}", &["moving"], &[], "resident"),
    ("GET", "/move-ins/{number}/handover", &["moving"], &[], "steward"),
    ("POST", "/move-ins/{number}/handover", &["moving"], &[("version", "2"), ("keys", "3 把")], "steward"),
    ("POST", "/move-ins/{number}/{action}", &["moving", "=withdraw"], &[("version", "2"), ("reason", "不搬了")], "resident"),
    ("GET", "/api/v1/homes/{code}/account", &["home"], &[], "resident"),
    ("POST", "/api/v1/payments/{id}/void", &["payment"], &[("reason", "错了")], "manager"),
    ("GET", "/api/v1/receipts/{number}", &["receipt"], &[], "resident"),
    ("GET", "/api/v1/bank-lines/{id}", &["bank_line"], &[], "cashier"),
    ("POST", "/api/v1/bank-lines/{id}/book", &["bank_line"], &[("home", HOME)], "cashier"),
    ("POST", "/api/v1/bank-lines/{id}/set-aside", &["bank_line"], &[("reason", "租金")], "cashier"),
    ("POST", "/api/v1/bank-lines/{id}/take-up", &["bank_line"], &[], "cashier"),
    ("GET", "/api/v1/billing-runs/{id}", &["run"], &[], "cashier"),
    ("GET", "/api/v1/cases/{number}", &["case"], &[], "resident"),
    ("POST", "/api/v1/cases/{number}/actions/{action}", &["case", "=cancel"], &[("version", "1"), ("reason", "不用了")], "resident"),
    ("POST", "/api/v1/leaves/{id}/actions/{action}", &["leave", "=refuse"], &[("answer", "人手不够")], "supervisor"),
    ("GET", "/api/v1/attachments/{id}", &["photo"], &[], "resident"),
    ("POST", "/api/v1/duties/{id}/record", &["duty"], &[("outcome", "satisfied"), ("note", "好")], "desk"),
    ("GET", "/api/v1/homes/{code}", &["home"], &[], "desk"),
    ("GET", "/api/v1/knowledge/{id}", &["article"], &[], "desk"),
    ("GET", "/api/v1/imports/{id}", &["import"], &[], "manager"),
    ("GET", "/api/v1/stewards/{login}/quota", &["login"], &[], "supervisor"),
];

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
    ]);
    for (what, sql) in [
        ("person", owner.clone()),
        ("steward", steward.to_owned()),
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
