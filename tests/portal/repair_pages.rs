//! A repair as people meet it, page by page and without a script: a resident reports it in four small pages,
//! the desk sends somebody, the technician finishes it, the desk asks whether it is really done.

use test_support::both;

use crate::harness::{Community, Form, HOME, Page, Visitor, photo};

both! {
    fn a_resident_reports_and_is_asked_whether_it_is_done(app: Community) {
        let resident = app.visitor("resident");
        let number = report(&resident);

        let desk = app.visitor("desk");
        assert!(desk.see("/cases").words().contains(&number));
        step(&desk, &number, "accept", |form| form);
        let sent = step(&desk, &number, "dispatch", |form| { let who = first_technician(&desk, &number); form.forge("technician", &who) });
        assert!(sent.words().contains(&number));

        let technician = app.visitor("technician");
        assert!(technician.see("/cases").words().contains(&number));
        step(&technician, &number, "take", |form| form);
        step(&technician, &number, "arrive", |form| form);
        let bare = step(&technician, &number, "finish", |form| form.set("work", "换阀门").set("cause", "老化").set("minutes", "30"));
        let bare = bare.status(422);
        assert!(bare.words().contains("换阀门"), "what was typed is lost");
        let form = bare.form(&format!("form[action='/cases/{number}/finish']"));
        let done = technician.submit(form.attach("attachments", "after.jpg", "image/jpeg", &photo())).status(200);
        assert!(done.words().contains(&number));

        app.worker_once();
        let due = desk.see("/return-visits");
        assert!(due.words().contains(&number));
        let form = due.form("form[action^='/return-visits/']");
        let wordless = desk.submit(form.forge("outcome", "not_mended")).status(422);
        let form = wordless.form("form[action^='/return-visits/']");
        desk.submit(form.forge("outcome", "satisfied").set("note", "很好")).status(200);
        assert!(!desk.see("/return-visits").words().contains(&number));
        app.visitor("supervisor").see("/return-visits/coverage");
        assert!(resident.see(&format!("/cases/{number}")).words().contains("很好"));
        app.linli(&["check"]).ok();
    }

    fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(app: Community) {
        let resident = app.visitor("resident");
        let first = resident.see("/repairs/new").form("form[action='/repairs/new']");
        let wrong = resident.submit(first.forge("home", HOME).forge("go", "next")).status(422);
        let first = wrong.form("form[action='/repairs/new']").forge("home", HOME).set("category", "water.leak");
        let second = resident.submit(first.forge("go", "next")).status(200).form("form[action='/repairs/new']");
        let fake = second.set("text", "水管漏水").attach("files", "photo.jpg", "image/jpeg", b"<html>");
        let refused = resident.submit(fake.forge("go", "next")).status(422);
        assert_eq!(refused.form("form[action='/repairs/new']").value("category"), Some("water.leak"));
        assert!(refused.words().contains("水管漏水"));
        app.visitor("desk").get("/cases/WX20261122-9999").status(404);
    }

    fn who_is_sent_calls_until_it_is_mended_and_a_second_report_is_told_of_the_first(app: Community) {
        let (resident, desk, technician) = (app.visitor("resident"), app.visitor("desk"), app.visitor("technician"));
        let number = report(&resident);
        let path = format!("/cases/{number}");
        let again = answers(&resident);
        assert_eq!(again.texts(&format!("a[href='{path}']")), ["您家 · 漏水"], "the first is named and linked");

        let calls = |who: &Visitor| who.see(&path).attributes("a[href^='tel:']", "href");
        step(&desk, &number, "accept", |form| form);
        assert!(calls(&technician).is_empty(), "whoever may take it has nobody to call yet");
        step(&desk, &number, "dispatch", |form| { let who = first_technician(&desk, &number); form.forge("technician", &who) });
        assert_eq!(calls(&technician).len(), 1);
        assert!(calls(&desk).is_empty() && calls(&resident).is_empty());
        assert_eq!(desk.see(&path).texts(&format!("main a[href='/homes/{HOME}']")), [HOME]);
        step(&technician, &number, "take", |form| form);
        step(&technician, &number, "arrive", |form| form);
        step(&technician, &number, "finish", |form| {
            let form = form.set("work", "换阀门").set("cause", "老化").set("minutes", "30");
            form.attach("attachments", "after.jpg", "image/jpeg", &photo())
        }).status(200);
        assert!(calls(&technician).is_empty(), "it is mended");
    }

    fn a_home_leads_on_to_what_the_reader_does_with_it(app: Community) {
        let leads = |role: &str| app.visitor(role).see(&format!("/homes/{HOME}")).attributes("main .actions a", "href");
        let (door, bills, pay) = (format!("/households/{HOME}"), format!("/homes/{HOME}/bills"), format!("/homes/{HOME}/pay"));
        let repair = format!("/repairs/register?home={HOME}");
        assert_eq!(leads("desk"), [bills.as_str(), &repair]);
        assert!(leads("steward").contains(&door));
        assert!(leads("cashier").contains(&pay));
        for role in ["desk", "steward", "cashier", "officer", "supervisor", "manager"] {
            let reader = app.visitor(role);
            for path in leads(role) {
                reader.get(&path).status(200);
            }
        }
    }
}

/// A report up to the page that checks its answers.
fn answers(resident: &Visitor) -> Page {
    let form = |page: &Page| page.form("form[action='/repairs/new']");
    let what = form(&resident.see("/repairs/new")).forge("home", HOME).set("category", "water.leak");
    let describe = form(&resident.submit(what.forge("go", "next")).status(200));
    let describe = describe.set("text", "厨房水管漏水").attach("files", "leak.jpg", "image/jpeg", &photo());
    let when = form(&resident.submit(describe.forge("go", "next")).status(200)).set("available", "晚上");
    let check = resident.submit(when.forge("go", "next")).status(200);
    assert!(check.words().contains("厨房水管漏水"));
    check
}

fn report(resident: &Visitor) -> String {
    let check = answers(resident).form("form[action='/repairs/new']");
    let sent = resident.submit(check.forge("go", "send")).status(200);
    let heading = sent.texts("h1").remove(0);
    heading.split_whitespace().next().unwrap().to_owned()
}

fn step(who: &Visitor, number: &str, action: &str, fill: impl FnOnce(Form) -> Form) -> Page {
    let page = who.see(&format!("/cases/{number}"));
    who.submit(fill(page.form(&format!("form[action='/cases/{number}/{action}']"))))
}

/// The technician whose login the stories use.
fn first_technician(desk: &Visitor, number: &str) -> String {
    let page = desk.see(&format!("/cases/{number}"));
    page.attribute("input[name=technician]", "value")
}
