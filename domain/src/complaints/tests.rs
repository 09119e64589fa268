use chrono::TimeDelta;
use proptest::prelude::*;
use test_support::{Kind, On, both};

use super::*;
use crate::cases::{self, Case, Channel, Voice};
use crate::repairs::world::*;
use crate::{Error, Fen, Instant, PersonId, Result};

/// Who heads 工程部 in these tests.
pub(super) const HEAD: PersonId = ELECTRICIAN;

/// Who may do what from which state; what no row says is refused.
const ALLOWED: &[(&str, &str, &[&str])] = &[
    ("registered", "founded", &["supervisor"]),
    ("registered", "unfounded", &["supervisor"]),
    ("founded", "reassign", &["supervisor"]),
    ("founded", "investigate", &["other technician"]),
    ("investigating", "reassign", &["supervisor"]),
    ("investigating", "propose", &["other technician"]),
    ("proposed", "approve", &["supervisor"]),
    ("proposed", "send_back", &["supervisor"]),
    ("approved", "choose", &["owner", "desk"]),
    ("approved", "carry_out", &["other technician"]),
    ("carrying_out", "answer", &["other technician", "desk"]),
    ("unfounded", "answer", &["desk", "supervisor"]),
    ("withdrawn", "undo", &["owner"]),
    ("answered", "reopen", &["owner"]),
    ("answered", "learn", &["supervisor"]),
    ("closed", "reopen", &["owner", "supervisor"]),
    ("closed", "learn", &["supervisor"]),
];

fn is_allowed(state: &str, action: &str, name: &str, given: bool) -> bool {
    let early = State::ALL.iter().any(|one| one.as_str() == state && one.is_before_answer());
    match action {
        "withdraw" => early && ["owner", "supervisor"].contains(&name),
        "merge" => early && ["desk", "supervisor"].contains(&name),
        "reply" if early && state != "unfounded" => {
            ["desk", "supervisor"].contains(&name) || given && name == "other technician"
        }
        "learn" if given && name == "other technician" => ["answered", "closed"].contains(&state),
        _ => ALLOWED.iter().any(|(from, what, by)| *from == state && *what == action && by.contains(&name)),
    }
}

pub(super) fn noise() -> NewComplaint {
    NewComplaint {
        voice: Voice {
            community: COMMUNITY,
            home: Some(HOME),
            place: None,
            channel: Channel::Portal,
            reporter: None,
            reporter_name: None,
            reporter_phone: None,
        },
        category: Category::Noise,
        text: "楼上半夜施工".into(),
        wish: "请制止".into(),
        happened_on: None,
        about: None,
        reference: None,
        deadline: None,
        attachments: vec![],
    }
}

pub(super) fn founded() -> Act {
    Act::Founded { department: Department::Engineering, note: "情况属实".into() }
}

pub(super) fn propose(fen: i64) -> Act {
    let options = vec![("上门道歉".into(), Fen::ZERO), ("减免一个月".into(), Fen(fen))];
    Act::Propose { cause: Cause::Delay, findings: "夜间巡查不到位".into(), options }
}

pub(super) fn answer() -> Act {
    Act::Answer { done: "已停工并道歉".into(), said: "可以".into(), lesson: "夜间加巡".into() }
}

fn reason() -> String {
    "如此".into()
}

fn every_act(other: &str) -> Vec<Act> {
    vec![
        founded(),
        Act::Unfounded { reason: reason() },
        Act::Reassign { department: Department::Service, reason: reason() },
        Act::Investigate,
        propose(0),
        Act::SendBack { reason: reason() },
        Act::Approve,
        Act::Choose { option: 1 },
        Act::CarryOut,
        Act::Reply { text: reason(), article: None },
        answer(),
        Act::Withdraw { reason: reason() },
        Act::Undo,
        Act::Merge { into: other.into() },
        Act::Reopen { reason: reason() },
        Act::Learn { lesson: reason() },
    ]
}

impl World {
    pub(super) fn complain(&self, by: PersonId, now: Instant, new: &NewComplaint) -> Result<Case> {
        let actor = self.actor(by);
        self.write(|tx| register(tx, &actor, now, new))
    }

    pub(super) fn step(&self, by: PersonId, now: Instant, case: &Case, act: &Act) -> Result<Case> {
        let actor = self.actor(by);
        self.write(|tx| super::act(tx, &actor, now, (COMMUNITY, case.number()), case.version, act))
    }

    pub(super) fn name_head(&self, now: Instant) {
        let manager = self.actor(MANAGER);
        let head = (Department::Engineering, HEAD);
        self.write(|tx| departments::name_head(tx, &manager, now, COMMUNITY, head)).unwrap();
    }

    /// A complaint in `state`, brought there by those whose steps these are; where an option has to be chosen
    /// the desk has done so.
    pub(super) fn complaint_in(&self, state: &str, now: Instant) -> Case {
        let mut case = self.complain(OWNER, now, &noise()).unwrap();
        self.write(|tx| cases::answer_for(tx, case.id, Some(DESK))).unwrap();
        case.accountable_id = Some(DESK);
        for (by, act) in self.way(state, now) {
            case = self.step(by, now, &case, &act).unwrap();
        }
        if state == "closed" {
            let actor = self.actor(DESK);
            case = self.write(|tx| visit_closes(tx, &actor, now, &case, "好")).unwrap();
        }
        assert_eq!(case.state, state);
        case
    }

    pub(super) fn way(&self, state: &str, now: Instant) -> Vec<(PersonId, Act)> {
        let all = [
            (SUPERVISOR, founded()),
            (HEAD, Act::Investigate),
            (HEAD, propose(0)),
            (SUPERVISOR, Act::Approve),
            (DESK, Act::Choose { option: 2 }),
            (HEAD, Act::CarryOut),
            (HEAD, answer()),
        ];
        let steps = match state {
            "registered" => 0,
            "founded" => 1,
            "investigating" => 2,
            "proposed" => 3,
            "approved" => 5,
            "carrying_out" => 6,
            "answered" | "closed" => 7,
            "unfounded" => return vec![(SUPERVISOR, Act::Unfounded { reason: reason() })],
            "withdrawn" => return vec![(OWNER, Act::Withdraw { reason: String::new() })],
            "merged" => {
                let other = self.complain(OWNER, now, &noise()).unwrap();
                return vec![(DESK, Act::Merge { into: other.number().into() })];
            }
            _ => panic!("{state}"),
        };
        all.into_iter().take(steps).collect()
    }

    pub(super) fn sound(&self) {
        self.check();
        let found = self.store.read_now(|db| faults(db, COMMUNITY)).unwrap();
        assert_eq!(found, Vec::<String>::new());
    }
}

/// What somebody does, whoever they are.
fn anybodys_act() -> impl Strategy<Value = (usize, usize)> {
    (0..CAST.len(), 0..every_act("").len())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// However people push, a complaint goes the ways of the table only, what is refused leaves it as it was, its
    /// clock never stands still, and what it leaves behind is sound.
    #[test]
    fn wherever_people_push_it_a_complaint_keeps_to_the_table(acts in prop::collection::vec(anybodys_act(), 1..80)) {
        let world = World::on(Kind::Sqlite);
        let start = at("2026-11-22T09:00");
        world.name_head(start);
        let other = world.complain(OWNER, start, &noise()).unwrap();
        let mut case = world.complain(OWNER, start, &noise()).unwrap();
        for (n, (who, what)) in (1_i64..).zip(acts) {
            let now = start.plus(TimeDelta::minutes(n * 20));
            let act = every_act(other.number()).swap_remove(what);
            let (from, round) = (case.clone(), case.round);
            match world.step(CAST[who].1, now, &case, &act) {
                Ok(moved) => {
                    let row = |row: &&cases::Transition<State>| {
                        row.action == act.word()
                            && row.from.iter().any(|one| one.as_str() == from.state)
                            && row.to.as_str() == moved.state
                    };
                    prop_assert!(rules::TABLE.iter().any(|one| row(&one)), "{} {} {}", from.state, act.word(), moved.state);
                    case = moved;
                }
                Err(error) => {
                    let plain = matches!(error, Error::NotFound | Error::NotAllowed | Error::Refused(_) | Error::Invalid(_));
                    prop_assert!(plain, "{} {}: {error:?}", from.state, act.word());
                    let now = world.store.read_now(|db| cases::by_id(db, case.id)).unwrap();
                    prop_assert_eq!((&now.state, now.version), (&from.state, from.version), "{}", act.word());
                }
            }
            prop_assert!(case.paused_at.is_none(), "a complaint's clock never stops");
            if case.round == round {
                prop_assert_eq!((case.respond_by, case.resolve_by), (from.respond_by, from.resolve_by));
            }
        }
        world.sound();
    }
}

both! {
    fn every_action_from_every_state_as_every_role_is_as_the_table_says(world: World) {
        let now = at("2026-11-22T09:00");
        world.name_head(now);
        let other = world.complain(OWNER, now, &noise()).unwrap();
        for state in State::ALL {
            let mut case = world.complaint_in(state.as_str(), now);
            for (name, person, _) in CAST {
                for act in every_act(other.number()) {
                    let given = world.store.read_now(|db| of_case(db, case.id)).unwrap().responsible_id.is_some();
                    let actor = world.actor(person);
                    let sees = world.store.read_now(|db| cases::read(db, &actor, now, COMMUNITY, case.number())).is_ok();
                    let buttons = world.store.read_now(|db| actions(db, &actor, now, &case)).unwrap();
                    let outcome = world.step(person, now, &case, &act);
                    let allowed = is_allowed(state.as_str(), act.word(), name, given);
                    let what = format!("{state}: {} by {name}: {}", act.word(), word(&outcome));
                    assert_eq!(outcome.is_ok(), allowed, "{what}");
                    assert_eq!(sees && buttons.contains(&act.word()), allowed, "{what}: the buttons are {buttons:?}");
                    if let Err(error) = &outcome {
                        let plain = matches!(error, Error::NotFound | Error::NotAllowed | Error::Refused(_));
                        assert!(plain, "{what}");
                    }
                    if outcome.is_ok() {
                        case = world.complaint_in(state.as_str(), now);
                    }
                }
            }
        }
        world.sound();
    }

    fn whoever_does_whatever_in_whatever_order_a_complaint_moves_along_its_table(world: World) {
        let start = at("2026-11-22T09:00");
        world.name_head(start);
        let other = world.complain(NEIGHBOUR, start, &NewComplaint { voice: Voice { home: Some(NEXT_DOOR), ..noise().voice }, ..noise() }).unwrap();
        let people = [OWNER, DESK, HEAD, SUPERVISOR, MANAGER, STEWARD];
        for seed in 1_u64..=4 {
            let mut dice = seed;
            let mut roll = |most: usize| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                usize::try_from(dice >> 33).unwrap() % most
            };
            let mut case = world.complain(OWNER, start, &noise()).unwrap();
            for minute in 0..150 {
                let now = start.plus(TimeDelta::minutes(minute * 11));
                // Merging ends the walk; it has its place in the table above.
                let acts: Vec<Act> = every_act(other.number()).into_iter().filter(|act| act.word() != "merge").collect();
                let (act, by) = (&acts[roll(acts.len())], people[roll(people.len())]);
                let before: State = case.state.parse().unwrap();
                if let Ok(after) = world.step(by, now, &case, act) {
                    let to: State = after.state.parse().unwrap();
                    let along = TABLE.iter().any(|row| row.action == act.word() && row.from.contains(&before) && row.to == to);
                    assert!(along, "{before} by {} to {to}", act.word());
                    assert_eq!(after.version, case.version + 1);
                    case = after;
                }
            }
        }
        world.sound();
    }

    fn two_people_move_one_complaint_and_one_is_told_what_changed(world: World) {
        let now = at("2026-11-22T09:00");
        world.name_head(now);
        let case = world.complaint_in("registered", now);
        let verdicts = [founded(), Act::Unfounded { reason: reason() }];
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let judge = |act| { let (world, case) = (&world, &case); scope.spawn(move || world.step(SUPERVISOR, now, case, act)) };
            verdicts.each_ref().map(judge).map(|one| one.join().unwrap()).into_iter().collect()
        });
        assert_eq!(outcomes.iter().filter(|one| one.is_ok()).count(), 1);
        let lost = outcomes.into_iter().find_map(Result::err).unwrap();
        let Error::Conflict(conflict) = lost else { panic!("{lost}") };
        assert!(["founded", "unfounded"].contains(&conflict.state.as_str()));
        assert_eq!(conflict.version, case.version + 1);
        world.sound();
    }
}
