//! A call at the desk: who rings is on the screen before anybody has said a word, and what they say is registered
//! without a search.

use test_support::both;

use crate::harness::{Community, HOME};

both! {
    fn who_rings_is_on_the_screen_and_what_they_say_is_registered(app: Community) {
        let desk = app.visitor("desk");
        let caller = desk.see("/desk/call?phone=13900000001");
        assert!(caller.path().starts_with("/desk/callers/"), "{}", caller.path());
        let caller = caller.says(HOME).says("139****0001").says_nothing_of("13900000001").says("没有在办的事项");
        for (key, path, field, words, page) in [
            ("1", "/repairs/register", "water.leak", "厨房漏水", "/cases/WX"),
            ("2", "/complaints/register", "complaint.noise", "楼上太吵", "/complaints/TS"),
            ("3", "/enquiries/register", "enquiry.fees", "怎么缴费", "/enquiries/ZN"),
        ] {
            let form = desk.see(&caller.attribute(&format!("a[accesskey='{key}']"), "href")).form_to(path);
            assert_eq!(form.value("home"), Some(HOME), "{path}");
            let sent = desk.submit(form.set("category", field).set("text", words)).status(200);
            assert!(sent.path().starts_with(page), "{}", sent.path());
            sent.says("黎琪艳");
        }
        let again = desk.see("/desk/call?phone=%2B8613900000001").says("漏水").says("噪音扰民").says("收费缴费");
        assert_eq!(again.texts("main tbody tr").len(), 3);
        app.visitor("steward").get("/desk/call?phone=13900000001").status(403);
        app.visitor("resident").get("/desk/call?phone=13900000001").status(403);
        app.linli(&["check"]).ok();
    }

    fn a_number_that_nobody_has_is_said_to_be_unknown_and_offers_to_register(app: Community) {
        let desk = app.visitor("desk");
        let unknown = desk.see("/desk/call?phone=13812345678").says("这个号码还没有登记");
        let form = desk.see(&unknown.attribute("a[accesskey='3']", "href")).form_to("/enquiries/register");
        let form = form.set("category", "enquiry.other").set("text", "几点下班").set("reporter_name", "周女士");
        desk.submit(form.set("reporter_phone", "13812345678")).status(200).says("周女士");
        desk.see("/desk/call?phone=").says("这个号码还没有登记");
    }

    fn what_is_found_alone_opens_at_once_and_a_number_leads_to_its_case(app: Community) {
        let (desk, resident) = (app.visitor("desk"), app.visitor("resident"));
        let form = resident.see("/enquiries/new").form_to("/enquiries/new").forge("home", HOME);
        let sent = resident.submit(form.set("question", "几点关门").set("category", "enquiry.other")).status(200);
        let number = sent.path().split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        let to = |words: &str| desk.see(&format!("/people?go=1&q={words}")).path().to_owned();
        assert_eq!(to(&number), format!("/enquiries/{number}"));
        assert_eq!(to(&number.to_lowercase()), format!("/enquiries/{number}"));
        assert!(to("13900000001").starts_with("/desk/callers/"));
        assert!(to("1栋1单元101").starts_with("/desk/callers/"));
        assert!(to("王").starts_with("/people?"), "several are listed");
        assert!(desk.see("/people?q=1栋1单元0101").says("黎琪艳").path().starts_with("/people?"));
        assert!(app.visitor("cashier").see("/people?go=1&q=13900000001").path().starts_with("/people/"));
    }
}
