use test_support::both;

use super::*;
use crate::billing::explain::explain_stored;
use crate::categories::Shipped;
use crate::ledger::{self, Book, ChargeFilter, Page};
use crate::repairs::world::*;
use crate::repairs::{Act, NewRepair};
use crate::stock::{self, Used};
use crate::{Error, Fen, Instant, PersonId, Quantity, Result};

fn now() -> Instant {
    at("2026-11-22T09:00")
}

fn quoted(item: &str, hundredths: i64) -> Quoted {
    Quoted { item: item.into(), quantity: Quantity(hundredths) }
}

fn quote(lines: &[(&str, i64)], caused: bool) -> Act {
    let lines = lines.iter().map(|(item, quantity)| quoted(item, *quantity)).collect();
    Act::Quote { lines, caused_by_people: caused }
}

fn with_materials(world: &World, all: &[(&str, i64)]) -> Act {
    let materials =
        all.iter().map(|(item, n)| Used { item: (*item).into(), quantity: Quantity(*n) }).collect();
    match world.finish(PLUMBER) {
        Act::Finish { work, cause, minutes, attachments, .. } => {
            Act::Finish { work, cause, minutes, materials, attachments }
        }
        other => other,
    }
}

/// A repair of somebody's that a technician stands before.
fn on_site(world: &World, by: PersonId, new: &NewRepair) -> Case {
    let mut case = world.report(by, now(), new).unwrap();
    case = world.act(DESK, now(), &case, &Act::Accept).unwrap();
    for act in [Act::Take, Act::Arrive] {
        case = world.act(PLUMBER, now(), &case, &act).unwrap();
    }
    case
}

fn charges(world: &World) -> Vec<crate::ledger::ChargeLine> {
    let page = Page { after: 0, limit: 10 };
    world.store.read_now(|db| ledger::list(db, COMMUNITY, &ChargeFilter::default(), page)).unwrap()
}

fn decided(world: &World, case: &Case) -> (Payer, Rule) {
    let decision = world.store.read_now(|db| decide(db, case)).unwrap();
    (decision.payer, decision.rule)
}

fn refusal<T>(outcome: Result<T>) -> Vec<(String, &'static str)> {
    match outcome {
        Err(Error::Invalid(fields)) => fields.into_iter().map(|one| (one.field, one.code)).collect(),
        Err(error) => vec![(String::new(), error.code())],
        Ok(_) => vec![],
    }
}

both! {
    fn who_pays_is_decided_by_the_part_the_dates_and_the_cause(world: World) {
        let lamp = NewRepair { category: Shipped::PublicLight.into(), ..leak() };
        let lobby = NewRepair { home: None, place: Some("大堂".into()), ..leak() };
        let next_door = NewRepair { home: Some(NEXT_DOOR), ..leak() };
        let parking = NewRepair { category: Shipped::ParkingRegistration.into(), ..leak() };
        let crack = NewRepair { category: Shipped::WallCrack.into(), ..leak() };
        for (by, new, payer, rule) in [
            (OWNER, leak(), Payer::Resident, Rule::WarrantyOver),
            (NEIGHBOUR, next_door, Payer::Developer, Rule::WithinWarranty),
            (OWNER, lamp, Payer::Office, Rule::PublicPart),
            (STEWARD, lobby, Payer::Office, Rule::PublicPart),
            (OWNER, parking, Payer::Resident, Rule::Service),
            (OWNER, crack, Payer::Developer, Rule::WithinWarranty),
        ] {
            let case = world.report(by, now(), &new).unwrap();
            assert_eq!(decided(&world, &case), (payer, rule), "{}", case.category);
        }
    }

    fn what_was_agreed_becomes_one_charge_that_explains_itself(world: World) {
        let case = on_site(&world, OWNER, &leak());
        let case = world.act(PLUMBER, now(), &case, &quote(&[("unblock", 100), ("washer", 300)], false)).unwrap();
        assert_eq!(world.told(OWNER, "repair.quoted"), 1);
        let early = world.act(PLUMBER, now(), &case, &world.finish(PLUMBER));
        assert_eq!(refusal(early), [(String::new(), "repair.no_agreed_quote")]);
        let case = world.act(OWNER, now(), &case, &Act::Agree { signature: None }).unwrap();
        let done = world.act(PLUMBER, now(), &case, &with_materials(&world, &[("washer", 300)])).unwrap();
        let made = charges(&world);
        assert_eq!(made.len(), 1);
        let line = &made[0];
        assert_eq!((line.charge.amount, line.charge.payer_id), (Fen(7_500), OWNER));
        assert_eq!((line.charge.subject.as_str(), line.item.as_str()), (case.number(), "repair_service"));
        let words = explain_stored(&line.charge.basis, "zh");
        assert_eq!(words, "疏通 1 次 × ¥60.00 + 垫圈 3 个 × ¥5.00 = ¥75.00");
        assert_eq!(line.charge.due_on, "2026-12-02".parse().unwrap());
        let accounts = world.store.read_now(|db| ledger::of_home(db, HOME, Book::Fees)).unwrap();
        assert_eq!(accounts[0].balance, Fen(7_500));
        assert_eq!(world.told(OWNER, "repair.charged"), 1);
        let taken = world.store.read_now(|db| stock::of_case(db, done.id)).unwrap();
        assert_eq!(taken.iter().map(|(item, n)| (item.code.as_str(), n.0)).collect::<Vec<_>>(), [("washer", 300)]);
        world.check();
    }

    fn the_price_that_was_offered_holds_whatever_the_list_says_later(world: World) {
        let case = on_site(&world, OWNER, &leak());
        let case = world.act(PLUMBER, now(), &case, &quote(&[("unblock", 100)], false)).unwrap();
        let manager = world.actor(MANAGER);
        let dearer = stock::NewItem {
            code: "unblock".into(), kind: stock::Kind::Labour, zh: "疏通".into(), en: "Unblocking".into(),
            unit: "次".into(), price: Fen(9_900), retired: false,
        };
        world.write(|tx| stock::save(tx, &manager, now(), COMMUNITY, &dearer)).unwrap();
        let case = world.act(OWNER, now(), &case, &Act::Agree { signature: None }).unwrap();
        world.act(PLUMBER, now(), &case, &world.finish(PLUMBER)).unwrap();
        assert_eq!(charges(&world)[0].charge.amount, Fen(6_000));
    }

    fn nothing_costs_without_the_residents_word(world: World) {
        // Labour without a quote is free; materials that cost money are not.
        let case = on_site(&world, OWNER, &leak());
        let paid = world.act(PLUMBER, now(), &case, &with_materials(&world, &[("washer", 100)]));
        assert_eq!(refusal(paid), [(String::new(), "repair.no_agreed_quote")]);
        world.act(PLUMBER, now(), &case, &world.finish(PLUMBER)).unwrap();
        // Within the warranty the developer pays, whatever was used.
        let case = on_site(&world, NEIGHBOUR, &NewRepair { home: Some(NEXT_DOOR), ..leak() });
        let not_theirs = world.act(PLUMBER, now(), &case, &quote(&[("unblock", 100)], false));
        assert_eq!(refusal(not_theirs), [(String::new(), "repair.resident_pays_not")]);
        world.act(PLUMBER, now(), &case, &with_materials(&world, &[("washer", 100)])).unwrap();
        assert!(charges(&world).is_empty());
        // What people caused they pay, even within it.
        let case = on_site(&world, NEIGHBOUR, &NewRepair { home: Some(NEXT_DOOR), ..leak() });
        let case = world.act(PLUMBER, now(), &case, &quote(&[("unblock", 100)], true)).unwrap();
        assert_eq!(decided(&world, &case), (Payer::Resident, Rule::CausedByPeople));
        world.check();
    }

    fn an_agreement_is_withdrawn_for_ten_minutes_and_a_signature_needs_its_photo(world: World) {
        let case = on_site(&world, OWNER, &leak());
        let case = world.act(PLUMBER, now(), &case, &quote(&[("unblock", 100)], false)).unwrap();
        let case = world.act(OWNER, now(), &case, &Act::Agree { signature: None }).unwrap();
        let late = world.act(OWNER, at("2026-11-22T09:11"), &case, &Act::Disagree);
        assert_eq!(refusal(late), [(String::new(), "repair.agreed_for_good")]);
        let case = world.act(OWNER, at("2026-11-22T09:10"), &case, &Act::Disagree).unwrap();
        assert_eq!(world.told(PLUMBER, "repair.disagreed"), 1);
        let bare = world.act(PLUMBER, now(), &case, &Act::Agree { signature: None });
        assert_eq!(refusal(bare), [("attachments".into(), "signature")]);
        let signed = Act::Agree { signature: Some(world.photo(PLUMBER)) };
        let case = world.act(PLUMBER, now(), &case, &signed).unwrap();
        let again = world.act(OWNER, now(), &case, &Act::Disagree);
        assert_eq!(refusal(again), [(String::new(), "repair.agreed_for_good")]);
        let twice = world.act(OWNER, now(), &case, &Act::Agree { signature: None });
        assert_eq!(refusal(twice), [(String::new(), "repair.no_quote")]);
        world.check();
    }

    fn a_repair_that_is_done_twice_is_charged_for_each_agreement_once(world: World) {
        let mut case = on_site(&world, OWNER, &leak());
        for round in [1, 2] {
            case = world.act(PLUMBER, now(), &case, &quote(&[("unblock", 100)], false)).unwrap();
            case = world.act(OWNER, now(), &case, &Act::Agree { signature: None }).unwrap();
            case = world.act(PLUMBER, now(), &case, &world.finish(PLUMBER)).unwrap();
            assert_eq!(charges(&world).len(), round);
            case = world.act(OWNER, now(), &case, &Act::Reopen { reason: "又堵".into() }).unwrap();
            for act in [Act::Take, Act::Arrive] {
                case = world.act(PLUMBER, now(), &case, &act).unwrap();
            }
        }
        // The third time nothing is agreed: it costs nothing, whatever was agreed before.
        world.act(PLUMBER, now(), &case, &world.finish(PLUMBER)).unwrap();
        let subjects: Vec<_> = charges(&world).into_iter().map(|line| line.charge.subject).collect();
        assert_eq!(subjects, [case.number().to_owned(), format!("{}/2", case.number())]);
        world.check();
    }

    fn what_is_wrong_with_a_quote_is_said_by_line(world: World) {
        let case = on_site(&world, OWNER, &leak());
        let none = world.act(PLUMBER, now(), &case, &quote(&[], false));
        assert_eq!(refusal(none), [("lines".into(), "required")]);
        let odd = world.act(PLUMBER, now(), &case, &quote(&[("gold", 100), ("unblock", 0)], false));
        assert_eq!(refusal(odd), [("lines.0.item".into(), "unknown_price_item"), ("lines.1.quantity".into(), "not_positive")]);
        let manager = world.actor(MANAGER);
        let buttons = |by: PersonId| {
            let actor = world.actor(by);
            world.store.read_now(|db| crate::repairs::actions(db, &actor, now(), &case)).unwrap()
        };
        assert!(buttons(PLUMBER).contains(&"quote") && !buttons(OWNER).contains(&"agree"));
        assert_eq!(word(&world.write(|tx| crate::repairs::act(tx, &manager, now(), (COMMUNITY, case.number()), case.version, &quote(&[("unblock", 100)], false)))), "not_allowed");
    }

    fn a_quote_that_is_refused_costs_nothing_and_its_reason_is_kept(world: World) {
        let case = on_site(&world, OWNER, &leak());
        let nothing = world.act(OWNER, now(), &case, &Act::Refuse { reason: "太贵".into() });
        assert_eq!(refusal(nothing), [(String::new(), "repair.no_quote")]);
        let case = world.act(PLUMBER, now(), &case, &quote(&[("unblock", 100)], false)).unwrap();
        let silent = world.act(OWNER, now(), &case, &Act::Refuse { reason: " ".into() });
        assert_eq!(refusal(silent), [("reason".into(), "required")]);
        let case = world.act(OWNER, now(), &case, &Act::Refuse { reason: "太贵，想自己找人".into() }).unwrap();
        assert_eq!(case.state, "on_site", "it stays where it is");
        assert_eq!((world.told(PLUMBER, "repair.refused"), world.told(DESK, "repair.refused")), (1, 1));
        let newest = || world.store.read_now(|db| current(db, &case)).unwrap().unwrap().0;
        assert_eq!((newest().state, newest().refusal.as_str()), (QuoteState::Refused, "太贵，想自己找人"));
        assert_eq!(refusal(world.act(OWNER, now(), &case, &Act::Agree { signature: None })), [(String::new(), "repair.no_quote")]);
        let paid = world.act(PLUMBER, now(), &case, &with_materials(&world, &[("washer", 100)]));
        assert_eq!(refusal(paid), [(String::new(), "repair.no_agreed_quote")]);
        // A cheaper one is another quote; what was said to the first stays.
        let case = world.act(PLUMBER, now(), &case, &quote(&[("washer", 100)], false)).unwrap();
        let case = world.act(OWNER, now(), &case, &Act::Refuse { reason: "还是贵".into() }).unwrap();
        world.act(PLUMBER, now(), &case, &world.finish(PLUMBER)).unwrap();
        assert!(charges(&world).is_empty(), "nothing is charged without their word");
        world.check();
    }
}
