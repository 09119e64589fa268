use diesel::prelude::*;
use domain::cases::{Case, Channel};
use domain::db::schema::{duties, homes, households, notifications, occupancies};
use domain::move_in::{self, Act, Agreement, Form, Handover, Kind};
use domain::visits::{self, NewVisit};
use domain::{CaseId, Error, HomeId, LocalDate, PersonId, Result};

use crate::world::{World, at, day};

fn form(kind: Kind) -> Form {
    let lease = kind.leases();
    Form {
        kind: Some(kind),
        name: "王小明".into(),
        phone: Some("139 0000 1111".into()),
        lease_from: lease.then(|| day("2026-12-01")),
        lease_to: lease.then(|| day("2027-11-30")),
        pays: lease,
        wished_on: Some(day("2026-12-01")),
        ..Form::default()
    }
}

fn apply(w: &World, who: PersonId, home: HomeId, form: &Form) -> Result<Case> {
    let actor = w.actor(who, "2026-11-22");
    w.store.write_now(|tx| {
        move_in::apply(
            tx,
            &actor,
            at("2026-11-22T02:00:00Z"),
            (w.community, home),
            (form, Channel::Portal, "", &[]),
        )
    })
}

fn act(w: &World, who: PersonId, id: CaseId, now: &str, act: &Act) -> Result<Case> {
    let actor = w.actor(who, &now[..10]);
    let version = w.read(|db| domain::cases::by_id(db, id)).version;
    w.store.write_now(|tx| move_in::act(tx, &actor, at(now), (id, version), act))
}

fn checklist() -> Handover {
    let readings = [("water", "12.5"), ("electricity", "340"), ("gas", "7")];
    Handover {
        identity_seen: true,
        readings: readings.iter().map(|(meter, text)| ((*meter).to_owned(), (*text).to_owned())).collect(),
        keys: "3 keys, 2 cards".into(),
        ..Handover::default()
    }
}

fn approved(w: &World, who: PersonId, home: HomeId, form: &Form) -> Case {
    let case = apply(w, who, home, form).unwrap();
    act(w, w.desk, case.id, "2026-11-22T03:00:00Z", &Act::StartReview).unwrap();
    act(w, w.supervisor, case.id, "2026-11-22T04:00:00Z", &Act::Approve).unwrap()
}

fn sign(w: &World, who: PersonId, id: CaseId, now: &str, agreements: &[Agreement]) -> Result<Case> {
    let actor = w.actor(who, &now[..10]);
    let version = w.read(|db| domain::cases::by_id(db, id)).version;
    let agreements = agreements.iter().copied().collect();
    w.store.write_now(|tx| move_in::sign(tx, &actor, at(now), (id, version), &agreements))
}

/// The ties of a home: kind, whether they live there, whether they pay, from and to.
fn ties(w: &World, home: HomeId) -> Vec<(String, bool, bool, LocalDate, Option<LocalDate>)> {
    w.read(|db| {
        Ok(occupancies::table
            .filter(occupancies::home_id.eq(home.0))
            .order(occupancies::id)
            .select((
                occupancies::kind,
                occupancies::lives_there,
                occupancies::pays,
                occupancies::starts_on,
                occupancies::ends_on,
            ))
            .load(db)?)
    })
}

test_support::both! {
    fn returned_once_approved_and_handed_over_with_occupancy_and_fee_start(w: World) {
        let home = w.home(1, false);
        let owner = w.owner(home, false);
        let case = apply(&w, owner, home, &Form { name: String::new(), phone: Some("13900000001".into()), ..form(Kind::Owner) }).unwrap();
        assert!(case.number().starts_with("RZ20261122-"));
        assert_eq!((case.state.as_str(), case.category.as_str()), ("submitted", "owner"));
        act(&w, w.desk, case.id, "2026-11-22T03:00:00Z", &Act::StartReview).unwrap();
        let silent = act(&w, w.desk, case.id, "2026-11-22T04:00:00Z", &Act::Return(" ".into()));
        assert!(matches!(silent, Err(Error::Invalid(_))));
        act(&w, w.desk, case.id, "2026-11-22T04:00:00Z", &Act::Return("Which day?".into())).unwrap();
        let (row, _) = w.read(|db| move_in::of(db, case.id));
        assert_eq!((row.remarks.as_str(), row.returns, row.name.as_str()), ("Which day?", 1, "owner"));
        let again = Form { wished_on: Some(day("2026-11-25")), ..Form::from(&row) };
        assert_eq!(act(&w, owner, case.id, "2026-11-22T05:00:00Z", &Act::Submit(Some(again))).unwrap().state, "reviewing");
        assert_eq!(act(&w, w.desk, case.id, "2026-11-22T06:00:00Z", &Act::Approve).unwrap().state, "approved");
        let blind = Handover { identity_seen: false, ..checklist() };
        assert!(matches!(act(&w, w.steward, case.id, "2026-11-25T02:00:00Z", &Act::HandOver(blind)), Err(Error::Invalid(_))));
        act(&w, w.steward, case.id, "2026-11-25T02:00:00Z", &Act::HandOver(checklist())).unwrap();
        let delivered: Option<LocalDate> = w.read(|db| Ok(homes::table.find(home.0).select(homes::delivered_on).first(db)?));
        assert_eq!(delivered, Some(day("2026-11-25")), "fees begin with the handover");
        assert_eq!(ties(&w, home), [("owner".to_owned(), true, true, day("2021-06-01"), None)]);
        let since: LocalDate = w.read(|db| Ok(households::table.select(households::started_on).first(db)?));
        assert_eq!(since, day("2026-11-25"));
        let handed = w.read(|db| move_in::handed(db, case.id)).unwrap();
        assert_eq!((handed.started_fees, handed.readings.len()), (true, 3));
        let welcomed: i64 = w.read(|db| Ok(notifications::table.filter(notifications::code.eq("move_in.welcome")).count().get_result(db)?));
        assert_eq!(welcomed, 1);
        assert_eq!(w.read(|db| move_in::faults(db, w.community)), Vec::<String>::new());
    }

    fn agreements_are_signed_at_the_handover_or_later_and_once(w: World) {
        use Agreement::{CommunityRules, FireSafety, ServiceAgreement};
        let home = w.home(1, true);
        let owner = w.owner(home, false);
        let case = approved(&w, owner, home, &form(Kind::Owner));
        let early = sign(&w, w.desk, case.id, "2026-11-23T02:00:00Z", &[FireSafety]);
        assert!(matches!(early, Err(Error::Refused(refusal)) if refusal.rule == "move_in.not_handed_over"));
        let handover = Handover { agreements: [CommunityRules].into(), ..checklist() };
        act(&w, w.steward, case.id, "2026-11-25T02:00:00Z", &Act::HandOver(handover)).unwrap();
        act(&w, w.steward, case.id, "2026-11-25T03:00:00Z", &Act::Close).unwrap();
        assert!(matches!(sign(&w, owner, case.id, "2026-11-26T02:00:00Z", &[FireSafety]), Err(Error::NotAllowed)));
        assert!(matches!(sign(&w, w.desk, case.id, "2026-11-26T02:00:00Z", &[]), Err(Error::Invalid(_))));
        let later = sign(&w, w.desk, case.id, "2026-11-26T02:00:00Z", &[FireSafety]).unwrap();
        assert_eq!(later.state, "closed", "what is signed later moves nothing");
        let twice = sign(&w, w.desk, case.id, "2026-11-27T02:00:00Z", &[FireSafety, ServiceAgreement]);
        assert!(matches!(twice, Err(Error::Refused(refusal)) if refusal.rule == "move_in.signed_before"));
        let mover = w.read(|db| move_in::of(db, case.id)).0.person_id.unwrap();
        let signed = w.read(|db| move_in::signed(db, case.id));
        let told: Vec<_> = signed.iter().map(|one| (one.agreement, one.signer, one.by, one.at)).collect();
        assert_eq!(told, [
            (CommunityRules, mover, w.steward, at("2026-11-25T02:00:00Z")),
            (FireSafety, mover, w.desk, at("2026-11-26T02:00:00Z")),
        ]);
        let desk = w.actor(w.desk, "2026-11-27");
        assert_eq!(w.read(|db| move_in::unsigned(db, &desk, &later)), [ServiceAgreement]);
        assert_eq!(w.read(|db| move_in::faults(db, w.community)), Vec::<String>::new());
    }

    fn the_first_visit_closes_it_or_the_seventh_day(w: World) {
        let (one, two) = (w.home(1, true), w.home(2, true));
        for home in [one, two] {
            let owner = w.owner(home, false);
            let case = approved(&w, owner, home, &form(Kind::Owner));
            act(&w, w.steward, case.id, "2026-11-25T02:00:00Z", &Act::HandOver(checklist())).unwrap();
        }
        let steward = w.actor(w.steward, "2026-11-26");
        let visit = NewVisit {
            home: one, started_at: at("2026-11-26T02:00:00Z"), spoken_to: "Wang".into(), topics: vec!["welcome".into()],
            said: "All well".into(), satisfaction: 5, follow_up: None, kept: vec![],
        };
        w.write(|tx| visits::log(tx, &steward, at("2026-11-26T03:00:00Z"), w.community, &visit));
        let states = || w.read(|db| {
            let a = move_in::of_home(db, one)?[0].1.state.clone();
            Ok((a, move_in::of_home(db, two)?[0].1.state.clone()))
        });
        assert_eq!(states(), ("closed".into(), "handed_over".into()));
        let done: Vec<String> = w.read(|db| Ok(duties::table.order(duties::id).select(duties::state).load(db)?));
        assert_eq!(done, ["done", "open"]);
        let night = |now: &str| w.write(|tx| move_in::night(tx, w.community, at(now)));
        assert_eq!((night("2026-12-02T01:59:00Z").0, night("2026-12-02T02:00:00Z").0), (0, 1));
        assert_eq!(states().1, "closed");
    }

    fn a_tenant_is_approved_by_the_supervisor_and_pays_from_the_handover(w: World) {
        let home = w.home(1, true);
        let owner = w.owner(home, true);
        let case = apply(&w, owner, home, &form(Kind::Tenant)).unwrap();
        act(&w, w.desk, case.id, "2026-11-22T03:00:00Z", &Act::StartReview).unwrap();
        assert!(matches!(act(&w, w.desk, case.id, "2026-11-22T04:00:00Z", &Act::Approve), Err(Error::NotAllowed)));
        act(&w, w.supervisor, case.id, "2026-11-22T04:00:00Z", &Act::Approve).unwrap();
        act(&w, w.steward, case.id, "2026-12-01T02:00:00Z", &Act::HandOver(checklist())).unwrap();
        assert_eq!(ties(&w, home), [
            ("owner".to_owned(), false, true, day("2021-06-01"), None),
            ("tenant".to_owned(), true, true, day("2026-12-01"), Some(day("2027-11-30"))),
        ]);
        let spans: Vec<(LocalDate, Option<LocalDate>)> = w.read(|db| {
            Ok(households::table.order(households::id).select((households::started_on, households::ended_on)).load(db)?)
        });
        assert_eq!(spans, [(day("2021-06-01"), Some(day("2026-11-30"))), (day("2026-12-01"), None)]);
        let delivered: Option<LocalDate> = w.read(|db| Ok(homes::table.find(home.0).select(homes::delivered_on).first(db)?));
        assert_eq!(delivered, Some(day("2021-06-01")), "a delivered home keeps its date");
    }

    fn what_the_rules_refuse_is_refused_at_once(w: World) {
        let home = w.home(1, true);
        let owner = w.owner(home, true);
        let rule = |outcome: Result<Case>| match outcome {
            Err(Error::Refused(refusal)) => refusal.rule.to_owned(),
            Err(Error::Invalid(fields)) => fields.iter().map(|f| format!("{}:{}", f.field, f.code)).collect::<Vec<_>>().join(" "),
            other => panic!("{other:?}"),
        };
        let backwards = Form { lease_to: Some(day("2026-11-30")), ..form(Kind::Tenant) };
        assert_eq!(rule(apply(&w, owner, home, &backwards)), "lease_to:ends_before_start");
        assert_eq!(rule(apply(&w, owner, home, &Form { kind: Some(Kind::ShopOperator), ..form(Kind::Tenant) })), "kind:no_shop");
        assert_eq!(rule(apply(&w, owner, home, &Form { phone: Some("12".into()), kind: None, ..form(Kind::Owner) })), "kind:required phone:phone");
        apply(&w, owner, home, &form(Kind::Tenant)).unwrap();
        assert_eq!(rule(apply(&w, owner, home, &form(Kind::Tenant))), "move_in.running");
        let other = w.home(2, true);
        let landlord = w.owner(other, true);
        let case = approved(&w, landlord, other, &form(Kind::Tenant));
        act(&w, w.steward, case.id, "2026-11-23T02:00:00Z", &Act::HandOver(checklist())).unwrap();
        assert_eq!(rule(apply(&w, landlord, other, &form(Kind::Tenant))), "move_in.lease_overlaps");
        let stranger = apply(&w, landlord, home, &form(Kind::Owner));
        assert!(matches!(stranger, Err(Error::NotFound)));
    }

    fn two_at_once_one_wins_and_the_other_is_told(w: World) {
        let home = w.home(1, true);
        let owner = w.owner(home, false);
        let case = apply(&w, owner, home, &form(Kind::Owner)).unwrap();
        let desk = w.actor(w.desk, "2026-11-22");
        let start = || w.store.write_now(|tx| move_in::act(tx, &desk, at("2026-11-22T03:00:00Z"), (case.id, case.version), &Act::StartReview));
        assert_eq!(start().unwrap().state, "reviewing");
        let Err(Error::Conflict(now)) = start() else { panic!("moved twice") };
        assert_eq!(now.state, "reviewing");
        let approved = act(&w, owner, case.id, "2026-11-22T04:00:00Z", &Act::Approve);
        assert!(matches!(approved, Err(Error::NotAllowed)));
        let handed = act(&w, w.steward, case.id, "2026-11-22T04:00:00Z", &Act::HandOver(checklist()));
        assert!(matches!(handed, Err(Error::Refused(_))));
    }

    fn silence_lapses_and_forgets(w: World) {
        let (one, two) = (w.home(1, true), w.home(2, true));
        let (owner, other) = (w.owner(one, false), w.owner(two, false));
        let case = approved(&w, owner, one, &form(Kind::Owner));
        let writer = w.actor(other, "2026-11-22");
        let draft = w.write(|tx| move_in::draft(tx, &writer, at("2026-11-22T02:00:00Z"), (w.community, two), Channel::Portal));
        assert!(draft.number.is_none());
        let half = Form { lease_from: Some(day("2026-12-01")), lease_to: Some(day("2026-11-01")), ..form(Kind::Tenant) };
        w.write(|tx| move_in::save(tx, &writer, at("2026-11-22T02:01:00Z"), draft.id, &half));
        let night = |now: &str| w.write(|tx| move_in::night(tx, w.community, at(now)));
        assert_eq!(night("2027-01-21T03:00:00Z"), (0, 0, 0));
        assert_eq!(night("2027-01-21T05:00:00Z"), (0, 1, 0));
        assert_eq!(night("2027-02-21T05:00:00Z"), (0, 0, 1));
        assert_eq!(w.read(|db| move_in::of(db, case.id)).1.state, "lapsed");
        assert!(w.store.read_now(|db| move_in::of(db, draft.id)).is_err());
    }

    fn one_page_is_checked_at_a_time_and_only_its_writer_sees_the_draft(w: World) {
        let home = w.home(1, true);
        let owner = w.owner(home, true);
        let writer = w.actor(owner, "2026-11-22");
        let now = at("2026-11-22T02:00:00Z");
        let draft = w.write(|tx| move_in::draft(tx, &writer, now, (w.community, home), Channel::Portal));
        let enter = |form: &Form, fields: &[&str]| {
            w.store.write_now(|tx| move_in::enter(tx, &writer, now, draft.id, (form, fields)))
        };
        let mut entered = Form { kind: Some(Kind::Tenant), ..Form::default() };
        enter(&entered, &["kind"]).unwrap();
        entered.phone = Some("12".into());
        let Err(Error::Invalid(wrong)) = enter(&entered, &["phone", "email"]) else { panic!("a phone of two digits") };
        assert_eq!(wrong.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["phone"]);
        assert_eq!(w.read(|db| move_in::of(db, draft.id)).0.phone, None, "what is wrong is not kept");
        for other in [w.desk, w.supervisor, w.steward] {
            let other = w.actor(other, "2026-11-22");
            assert!(matches!(w.store.read_now(|db| move_in::seen(db, &other, now, draft.id)), Err(Error::NotFound)));
            let sent = w.store.write_now(|tx| move_in::act(tx, &other, now, (draft.id, 1), &Act::Submit(None)));
            assert!(matches!(sent, Err(Error::NotFound)));
        }
        apply(&w, owner, home, &form(Kind::Tenant)).unwrap();
        assert!(matches!(enter(&entered, &["kind"]), Err(Error::Refused(_))), "one of the kind is running");
        w.write(|tx| move_in::discard(tx, &writer, now, draft.id));
        assert!(w.store.read_now(|db| move_in::of(db, draft.id)).is_err());
    }

    fn who_moves_in_is_the_applicant_of_what_the_desk_writes_down(w: World) {
        let (one, two) = (w.home(1, false), w.home(2, true));
        let owner = w.owner(two, false);
        let stranger = apply(&w, w.desk, one, &form(Kind::Owner)).unwrap();
        assert_eq!((stranger.reporter_id, stranger.reporter_name.as_deref()), (None, Some("王小明")));
        let known = apply(&w, w.desk, two, &Form { name: "owner".into(), ..form(Kind::Owner) }).unwrap();
        assert_eq!((known.reporter_id, known.reporter_name), (Some(owner), None));
        let nameless = apply(&w, w.desk, one, &Form { name: String::new(), ..form(Kind::Tenant) });
        assert!(matches!(nameless, Err(Error::Invalid(_))), "the desk is not who moves in");
    }
}
