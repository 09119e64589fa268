//! Leave and the roster page by page: one asks, another decides, and the quota and the roster follow.

use serde_json::json;
use test_support::both;

use crate::harness::Community;

both! {
    fn a_steward_asks_for_leave_and_the_supervisor_approves_it(app: Community) {
        let (steward, supervisor) = (app.visitor("steward"), app.visitor("supervisor"));
        steward.see("/roster").says("还没有请过假").says_nothing_of("等您批");
        let form = steward.see("/leave/new").form_to("/leave/new");
        let form = form.set("kind", "annual").set("starts_on", "2026-11-25").set("ends_on", "2026-11-24");
        let wrong = steward.submit(form.set("reason", "回老家")).status(422).says("早于开始日");
        let form = wrong.form_to("/leave/new");
        assert_eq!(form.value("reason"), Some("回老家"), "what was typed is lost");
        steward.submit(form.set("ends_on", "2026-11-26")).status(200).says("等主管批准").says("待批准");
        let again = steward.see("/leave/new").form_to("/leave/new").set("kind", "sick");
        let again = again.set("starts_on", "2026-11-26").set("ends_on", "2026-11-26");
        steward.submit(again).status(422).says("与已有的请假重叠");

        let page = supervisor.see("/roster").says("等您批的请假").says("回老家");
        let refuse = page.form_to("/refuse");
        supervisor.submit(refuse.set("answer", " ")).status(422).says("必填");
        let approve = supervisor.see("/roster").form_to("/approve");
        supervisor.submit(approve.clone()).status(200).says("已批准").says("没有等待批准的请假");
        supervisor.submit(approve.forge("idempotency_key", "pressed anew")).status(422).says("已经批过了");
        steward.see("/notifications").says("请假已批准：2026-11-25 至 2026-11-26");

        let (quota, all) = (app.api("supervisor"), app.api("desk"));
        let own = quota.get("/stewards/steward/quota?month=2026-11").status(200).json()["quota"].as_i64().unwrap();
        assert_eq!(own, (30_i64 * 19 + 20) / 21, "two of the month's 21 working days are leave");
        let roster = all.get("/roster?from=2026-11-23&days=7").status(200).json();
        let line = roster["staff"].as_array().unwrap().iter().find(|one| one["days"][2] == "annual").unwrap().clone();
        assert_eq!(line["days"][3], "annual");
        assert_eq!((&line["days"][1], &line["post"]), (&json!("on_duty"), &json!("steward")));

        let back = steward.see("/roster").form_to("/end");
        steward.submit(back).status(200).says("已取消");
        let own = quota.get("/stewards/steward/quota?month=2026-11").json()["quota"].as_i64().unwrap();
        assert_eq!(own, 30);
        app.linli(&["check"]).ok();
    }

    fn who_keeps_the_roster_sets_rests_and_writes_down_who_is_ill(app: Community) {
        let (supervisor, desk) = (app.visitor("supervisor"), app.visitor("desk"));
        let links = supervisor.see("/roster");
        let steward = links.attribute("table.roster tbody th a", "href");
        let page = supervisor.see(&steward);
        let rest = page.form_to("/rest").set("since", "2026-11-21").add("weekdays", "6");
        supervisor.submit(rest).status(422).says("不能早于今天");
        let rest = supervisor.see(&steward).form_to("/rest").set("since", "2026-11-23").add("weekdays", "3");
        supervisor.submit(rest).status(200).says("已保存");
        let leave = supervisor.see(&steward).form_to("/leave").set("kind", "sick");
        let leave = leave.set("starts_on", "2026-11-23").set("ends_on", "2026-11-24");
        supervisor.submit(leave).status(200).says("已登记").says("病假");
        desk.see("/roster?from=2026-11-23").says("假").says("休").says_nothing_of("每周轮休");
        desk.get(&steward).status(403);
        app.linli(&["check"]).ok();
    }
}
