//! Every route with an id × whoever has no business with the object: the answer is that of a missing id, word
//! for word, or that of a role that never may.

use test_support::both;

use super::Route;
use super::asker::{Asker, look_up, somebody};
use super::objects::{Try, World};
use crate::harness::{Answer, Community, ROLES};

/// Addresses whose parts are words of ours and name nobody's object.
const NO_OBJECT: &[&str] = &[
    "/manager/{table}.csv",
    "/manager/{table}.xlsx",
    // Every community has each letter, in words of its own.
    "/settings/letters/{letter}",
    "/settings/letters/{letter}/preview",
    "/settings/letters/{letter}/reset",
];

/// Who works elsewhere; the resident is one of the other community's.
const ELSEWHERE: [&str; 7] = ["steward", "desk", "technician", "officer", "cashier", "supervisor", "manager"];

both! {
    fn every_route_gives_what_is_not_theirs_as_if_it_were_not_there(app: Community) {
        let world = World::build(&app, "很好");
        let (strangers, rightful) = (strangers(&app), rightful(&app));
        let mut faults = Vec::new();
        let mut tried = 0;
        let routes: Vec<Route> = Route::all(&app).into_iter().filter(is_tried).collect();
        for route in &routes {
            let Some(one) = world.try_of(route) else {
                faults.push(format!("{} {}: no object for it in gates/objects/", route.method, route.path));
                continue;
            };
            for who in strangers.iter().filter(|who| !belongs(who, route)) {
                faults.extend(fault(who, route, &one));
                tried += 1;
            }
        }
        // The rightful come last: what they do changes the objects.
        for route in routes.iter().filter(|route| route.method == "GET").chain(routes.iter().filter(|route| route.method != "GET")) {
            let Some(one) = world.try_of(route) else { continue };
            let who = rightful.iter().find(|who| who.role == one.right).unwrap();
            let answer = who.try_route(route, &one.real, &one.fields);
            if [401, 403, 404, 500].contains(&answer.status) || answer.header("location").starts_with("/login") {
                faults.push(format!("{}: {} to whom it belongs", answer.asked, answer.status));
            }
        }
        assert!(faults.is_empty(), "{} of {tried} are wrong:\n{}", faults.len(), faults.join("\n"));
        assert!(tried > 400, "only {tried} were tried");
    }
}

fn is_tried(route: &Route) -> bool {
    route.has_object() && !route.is_public() && !NO_OBJECT.contains(&route.path.as_str())
}

/// Colleagues of the same community reach what their role reaches anywhere in it.
fn belongs(who: &Asker, route: &Route) -> bool {
    who.name.starts_with("here") && route.relation(&who.role) == Some("community")
}

fn fault(who: &Asker, route: &Route, one: &Try) -> Option<String> {
    let real = who.try_route(route, &one.real, &one.fields);
    let missing = who.try_route(route, &one.missing, &one.fields);
    let expected = expected(who, route);
    let led_to_login = who.role == "nobody" && real.header("location").starts_with("/login");
    if !expected.contains(&real.status) && !led_to_login {
        return Some(format!("{}: {}, not one of {expected:?}\n{}", real.asked, real.status, words(&real)));
    }
    let (a, b) = (plain(&real, &one.real), plain(&missing, &one.missing));
    (a != b).then(|| format!("{}: not the answer for a missing id\n{a}\n{b}", real.asked))
}

fn expected(who: &Asker, route: &Route) -> &'static [u16] {
    let never = route.access == "can" && route.relation(&who.role).is_none();
    match (who.role.as_str(), never) {
        ("nobody", _) => &[401],
        (_, true) => &[403],
        (_, false) => &[404],
    }
}

/// An answer without what is another one each time: tokens, keys, references, the clock of the rehearsal,
/// the address itself.
fn plain(answer: &Answer, path: &str) -> String {
    let location = answer.header("location").to_owned();
    let text = format!("{} {location} {}", answer.status, answer.text());
    let encoded = path.replace('/', "%2F");
    let text = text.replace(path, "@").replace(&encoded, "@");
    let mut out = String::new();
    let mut digits = String::new();
    for letter in text.chars().chain(" ".chars()) {
        if letter.is_ascii_hexdigit() {
            digits.push(letter);
            continue;
        }
        out.push_str(if digits.len() >= 16 { "#" } else { &digits });
        digits.clear();
        out.push(letter);
    }
    match (out.find("class=\"banner\""), out.find("</p>")) {
        (Some(from), Some(to)) if from < to => out[..from].to_owned() + &out[to..],
        _ => out,
    }
}

fn words(answer: &Answer) -> String {
    answer.text().chars().take(300).collect::<String>().replace('\n', " ")
}

/// Nobody; a neighbour; a steward of other homes; everybody of another community.
fn strangers(app: &Community) -> Vec<Asker> {
    let neighbour = owner(app, "2-1-0101");
    let mut strangers = vec![
        Asker::nobody(app),
        Asker::person(app, "here: a neighbour", "resident", neighbour),
        Asker::person(app, "here: a steward of other homes", "steward", other_steward(app)),
    ];
    app.linli(&["community", "add", "--code", "YLGY", "--name", "玉兰公寓"]).ok();
    for role in ELSEWHERE {
        let name = format!("elsewhere: {role}");
        let person = somebody(app, "YLGY", &name, &[role]);
        strangers.push(Asker::person(app, &name, role, person));
    }
    strangers.push(Asker::person(app, "elsewhere: a resident", "resident", tenant_elsewhere(app)));
    strangers
}

fn owner(app: &Community, home: &str) -> i64 {
    let sql = format!(
        "SELECT o.person_id AS value FROM occupancies o JOIN homes h ON h.id = o.home_id \
         WHERE h.code = '{home}' AND o.kind = 'owner'"
    );
    look_up(app, &sql).parse().unwrap()
}

fn other_steward(app: &Community) -> i64 {
    let sql = format!(
        "SELECT MIN(g.person_id) AS value FROM role_grants g WHERE g.role = 'steward' AND g.ends_on IS NULL \
         AND NOT EXISTS (SELECT 1 FROM home_stewards s JOIN homes h ON h.id = s.home_id \
                         WHERE s.steward_id = g.person_id AND h.code = '{}')",
        crate::harness::HOME
    );
    look_up(app, &sql).parse().unwrap()
}

/// A resident of a home of the other community.
fn tenant_elsewhere(app: &Community) -> i64 {
    let person = somebody(app, "YLGY", "elsewhere: resident", &[]);
    for sql in [
        "INSERT INTO buildings (community_id, code, register_order) SELECT id, 'Y', 1 FROM communities WHERE code = 'YLGY'".to_owned(),
        "INSERT INTO homes (community_id, building_id, code, entrance, floor, room, use_kind, area, register_order, register_status) \
         SELECT community_id, id, 'Y-1-0101', '1', 1, '0101', 'residential', 8000, 1, 'occupied' FROM buildings WHERE code = 'Y'"
            .to_owned(),
        format!(
            "INSERT INTO occupancies (community_id, home_id, person_id, kind, lives_there, pays, starts_on) \
             SELECT community_id, id, {person}, 'owner', FALSE, TRUE, '2026-01-01' FROM homes WHERE code = 'Y-1-0101'"
        ),
    ] {
        super::asker::change(app, &sql);
    }
    person
}

/// Who reaches the objects of the world.
fn rightful(app: &Community) -> Vec<Asker> {
    let of = |role: &&str| {
        let sql = format!(
            "SELECT a.person_id AS value FROM logins l JOIN accounts a ON a.id = l.account_id WHERE l.name = '{role}'"
        );
        Asker::person(app, role, role, look_up(app, &sql).parse().unwrap())
    };
    ROLES.iter().map(of).collect()
}
