//! What a manager can change for a community: folded by topic, money in yuan, what is wrong unfolded.

use test_support::both;

use crate::harness::{Community, Page};

fn rules(page: &Page) -> crate::harness::Form {
    page.form("form[action='/settings']")
}

both! {
    fn money_is_typed_in_yuan_and_kept_in_fen(app: Community) {
        let manager = app.visitor("manager");
        let page = manager.see("/settings").says("一年内减免超过多少需批准（元）").says("默认 ¥500.00");
        assert_eq!(page.attributes("details.fold[open]", "id"), Vec::<String>::new(), "nothing is unfolded at first");
        assert_eq!(rules(&page).value("waiver_limit_fen"), Some("500.00"));
        let saved = manager.submit(rules(&page).set("waiver_limit_fen", "1,200.50").set("visit_quota", "31")).status(200);
        assert_eq!(rules(&saved).value("waiver_limit_fen"), Some("1200.50"));
        let trail = manager.see("/audit").says("waiver_limit_fen=120050").says("visit_quota=31");
        assert!(!trail.words().contains("payment_most_fen"), "what stays the same is not written");
        app.linli(&["check"]).ok();
    }

    fn what_is_wrong_is_unfolded_and_its_bounds_are_said_in_yuan(app: Community) {
        let manager = app.visitor("manager");
        let form = rules(&manager.see("/settings"));
        let wrong = manager.submit(form.clone().set("reminder_least_fen", "十元").set("quiet_from", "")).status(422);
        assert_eq!(wrong.attributes("details.fold[open]", "id"), ["t-money", "t-times"]);
        assert_eq!(wrong.attributes("#errors a", "href"), ["#f-reminder_least_fen", "#f-quiet_from"]);
        assert_eq!(rules(&wrong).value("reminder_least_fen"), Some("十元"));
        let wrong = manager.submit(form.set("reminder_least_fen", "10000.01")).status(422);
        let wrong = wrong.says("低于多少不催缴（元）：应在 0.00 到 10000.00 之间");
        assert_eq!(wrong.attributes("details.fold[open]", "id"), ["t-money"]);
    }
}
