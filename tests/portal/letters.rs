//! What reminders say, in the community's own words: previewed, held against the law, and used from the next one on.

use test_support::both;

use crate::harness::Community;

both! {
    fn a_managers_own_words_are_previewed_checked_and_used(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let manager = app.visitor("manager");
        manager.see("/settings").says("催缴文本");
        manager.see("/settings/letters").says("到期后 3 天的提醒").says("系统默认").says_nothing_of("已改过");
        let page = manager.see("/settings/letters/day3").says("可能是您事情多一时忘了：3-2-1501");
        let form = page.form_to("/day3");
        for (text, said) in [
            ("{home} 欠 {owed}：{list}，逾期停水", "不能以停水"),
            ("{home} 欠 {owed}：{list}，逾期断 电", "停水、停电"),
            ("{home} 欠 {owed}", "要写进变量 list"),
            ("{home} 欠 {owed}：{list} {sum}", "没有 sum 这个变量"),
            ("", "必填"),
        ] {
            let wrong = manager.submit(form.clone().set("zh", text)).status(422).says(said);
            assert_eq!(wrong.form_to("/day3").value("zh"), Some(text), "what was typed is lost");
        }
        let threat = form.clone().set("en", "{home} {owed} {list} or your water is cut off");
        manager.submit(threat).status(422).says("cut");
        let form = form.set("zh", "您好，{home} 还有 ¥{owed} 未缴：\n{list}\n谢谢！");
        let seen = form.clone().to("/settings/letters/day3/preview");
        manager.submit(seen).status(200).says("您好，3-2-1501 还有 ¥250.60 未缴");
        manager.see("/settings/letters").says_nothing_of("已改过");
        manager.submit(form).status(200).says("已保存").says("已改过");

        app.clock_to("2026-12-05T09:31:00+08:00");
        app.worker_once();
        app.visitor("resident").see("/notifications").says("您好，1-1-0101 还有 ¥527.22 未缴");

        let page = manager.see("/settings/letters/day3");
        manager.submit(page.form_to("/reset")).status(200).says_nothing_of("已改过");
        app.linli(&["check"]).ok();
    }
}
