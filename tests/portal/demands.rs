//! A formal demand: made in a batch from the list, printed as PDF, its delivery proved with a photo; who it is for
//! reads it, nobody else does.

use test_support::both;

use crate::harness::{Community, HOME, photo};

both! {
    fn letters_are_made_printed_and_proved(app: Community) {
        app.linli(&["bill", "--community", "JXHY", "--period", "2026-11"]).ok();
        let (cashier, resident) = (app.visitor("cashier"), app.visitor("resident"));
        cashier.see("/demands").says("现在没有要发催告函的");
        // Due on 2 December: the last reminder comes on 1 January.
        app.clock_to("2027-01-01T09:31:00+08:00");
        app.worker_once();
        let page = cashier.see("/demands").says(HOME).says("15 天");
        let form = page.form_to("/demands");
        let mine = page.attributes("input[name='accounts']", "value").remove(0);
        let ticked = |path: &str| cashier.see(path).attributes("input[name='accounts'][checked]", "value").len();
        assert_eq!((ticked("/demands?tick=none"), ticked(&format!("/demands?account={mine}"))), (0, 1));
        assert!(ticked("/demands") > 1);
        let wrong = cashier.submit(form.clone().clear("accounts")).status(422).says("必填");
        assert!(wrong.attributes("input[name='accounts'][checked]", "value").is_empty(), "it ticks them again");
        let batch = cashier.submit(form.set("accounts", &mine)).status(200).says("已出函").says("CG20270101-0001");
        let all = cashier.get(&batch.attribute("a[href$='letters.pdf']", "href")).status(200);
        assert_eq!(all.0.header("content-type"), "application/pdf");
        assert!(all.0.body.starts_with(b"%PDF-"));

        let link = cashier.see("/demands").attribute("a[href^='/demands/batches/']", "href");
        let letter = cashier.see(&link).attribute("tbody a[href^='/demands/']", "href");
        let form = cashier.see(&letter).says("待记送达").says("民法典").form_to("/proof");
        let wrong = form.clone().set("kind", "registered").set("day", "2027-01-01");
        let wrong = wrong.attach("photos", "签收.jpg", "image/jpeg", &photo());
        let page = cashier.submit(wrong).status(422).says("必填");
        let form = page.form_to("/proof").set("reference", "EMS123456");
        let stale = form.clone().set("reference", "EMS999").forge("idempotency_key", "stale");
        cashier.submit(form).status(200).says("邮寄签收").says("EMS123456").says("签收.jpg");
        let told = cashier.submit(stale.clear("kept")).status(422).says("刚才有同事记了").says("EMS123456");
        assert_eq!(told.form_to("/proof").value("reference"), Some("EMS999"), "what was typed is lost");
        let scan = cashier.see(&letter).attribute("a[href^='/attachments/']", "href");
        cashier.get(&scan).status(200);

        resident.see("/notifications").says("催告函 CG20270101-0001");
        let own = resident.see("/bills").attribute("a[href$='letter.pdf']", "href");
        assert!(resident.get(&own).status(200).0.body.starts_with(b"%PDF-"));
        assert!(matches!(resident.get(&letter).0.status, 403 | 404));
        resident.get(&scan).status(404);
        let file = cashier.see(&cashier.see(&letter).attribute("a[href^='/debtors/']", "href"));
        let file = cashier.get(&file.attribute("a[href$='file.pdf']", "href")).status(200);
        assert!(file.0.body.starts_with(b"%PDF-"));
        app.linli(&["check"]).ok();
    }
}
