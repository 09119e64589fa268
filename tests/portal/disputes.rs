//! A resident does not accept a charge on their own bill: said one thing a page, taken back within ten minutes, silent
//! for the reminders, answered by the office, read by the resident.

use test_support::both;

use crate::harness::{Community, Page, Visitor, photo};

/// Says why through all steps, with a photo; the page that it leads to.
fn raise(resident: &Visitor, address: &str, reason: &str) -> Page {
    let why = resident.see(address).says("为什么不认可这一笔").form_to("/dispute");
    let show = resident.submit(why.set("reason", reason).forge("go", "next")).status(200);
    let form =
        show.form_to("/dispute").attach("files", "bill.jpg", "image/jpeg", &photo()).forge("go", "next");
    let check = resident.submit(form).status(200).says("核对后提交").says(reason);
    assert_eq!(check.attributes(".thumbs img", "src").len(), 1, "the photo is among the answers");
    resident.submit(check.form_to("/dispute").forge("go", "send")).status(200)
}

/// The address of the n-th charge's form, as the bill leads there.
fn addresses(resident: &Visitor) -> Vec<String> {
    resident.see("/bills").attributes("a[href$='/dispute']", "href")
}

both! {
    fn a_resident_raises_a_dispute_from_their_bill_and_reads_the_answer(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (resident, cashier) = (app.visitor("resident"), app.visitor("cashier"));
        let charges = addresses(&resident);
        assert_eq!(charges.len(), 2, "{charges:?}");

        // What was typed is kept through what is wrong, and going back.
        let why = resident.see(&charges[0]).form_to("/dispute");
        resident.submit(why.clone().forge("go", "next")).status(422).says("必填").says("为什么不认可这一笔");
        let show = resident.submit(why.set("reason", "面积多算了").forge("go", "next")).status(200).says("有照片或材料吗");
        let form = show.form_to("/dispute").attach("files", "x.jpg", "image/jpeg", b"no picture").forge("go", "next");
        let wrong = resident.submit(form).status(422).says("有照片或材料吗");
        let back = resident.submit(wrong.form_to("/dispute").forge("go", "back")).status(200);
        assert_eq!(back.form_to("/dispute").value("reason"), Some("面积多算了"), "what was typed is lost");

        for charge in &charges {
            raise(&resident, charge, "面积多算了").says("已提交，等待物业答复").says("可以撤回");
        }
        resident.see("/bills").says("有争议").says("看异议和答复");
        assert!(addresses(&resident).is_empty(), "each once");
        resident.see(&charges[0]).says("正等物业答复");
        resident.see("/notifications").says("已收到对 1-1-0101 一笔费用的异议");
        cashier.see("/notifications").says("等待答复");
        let debts = cashier.see("/debts").says("面积多算了").says("在账单里提出");
        let photo = debts.attribute(".thumbs a", "href");
        assert_eq!(cashier.get(&photo).0.status, 200);
        assert_eq!(resident.get(&photo).0.status, 200);
        for role in ["technician", "officer"] {
            assert_eq!(app.visitor(role).get(&photo).0.status, 404, "{role}");
        }
        app.clock_to("2026-12-05T09:31:00+08:00");
        app.worker_once();
        assert_eq!(reminders(&resident), 0);

        let answer = debts.attribute("a[href^='/disputes/']", "href");
        let page = cashier.see(&answer).says("在账单里提出");
        assert_eq!(page.attributes("input[name=outcome]", "value"), ["upheld", "rejected", "withdrawn"]);
        let form = page.form_to("/end").set("answer", "已核对房产证，面积无误");
        cashier.submit(form.clone().forge("outcome", "taken_back")).status(422);
        cashier.submit(form.set("outcome", "rejected")).status(200).says("已答复");
        let seen = answer.replace("/end", "");
        resident.see(&seen).says("不成立").says("已核对房产证，面积无误").says_nothing_of("可以撤回");
        resident.see("/notifications").says("已核对房产证，面积无误");
        let charge = charges.iter().find(|charge| resident.see(charge).words().contains("已经答复过"));
        assert!(charge.is_some(), "what was answered is raised anew with the office");
        app.clock_to("2026-12-05T15:01:00+08:00");
        app.worker_once();
        assert_eq!(reminders(&resident), 1, "reminders go on");
        app.linli(&["check"]).ok();
    }

    fn what_was_raised_is_taken_back_within_ten_minutes(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (resident, cashier) = (app.visitor("resident"), app.visitor("cashier"));
        let charge = addresses(&resident).remove(0);
        app.clock_to("2026-11-22T10:00:00+08:00");
        let seen = raise(&resident, &charge, "车位已经退了");
        let back = resident.submit(seen.form_to("/take-back")).status(200).says("已撤回").says("提出人已撤回");
        assert!(back.texts("form[action$='/take-back']").is_empty());
        cashier.see("/debts").says("没有争议，也没有分期");
        cashier.see("/notifications").says("不用答复了");
        resident.see("/bills").says_nothing_of("有争议");

        let seen = raise(&resident, &charge, "车位已经退了");
        app.clock_to("2026-11-22T10:11:00+08:00");
        let late = resident.submit(seen.form_to("/take-back")).status(422).says("不能撤回了");
        assert!(late.texts("form[action$='/take-back']").is_empty());
        cashier.see("/debts").says("车位已经退了");
        app.visitor("cashier").get(&charge).status(403);
        app.linli(&["check"]).ok();
    }
}

/// How many reminders the home's payer was sent.
fn reminders(resident: &Visitor) -> usize {
    let list = resident.see("/notifications").texts("main li");
    list.iter().filter(|text| text.contains("已过缴费日") || text.contains("尚未缴纳")).count()
}
