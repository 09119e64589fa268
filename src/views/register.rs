//! The pages of homes and people.

use domain::LocalDate;
use domain::homes::{BuildingLine, HomeLine, Occupant};
use domain::people::{PersonHome, PersonLine};
use domain::staff::StaffLine;
use serde::Serialize;

use super::View;
use crate::form::Form;

/// A list of homes with its filters.
#[derive(Debug, Serialize)]
pub(crate) struct HomesView {
    /// The buildings; empty for who sees single homes only.
    pub(crate) buildings: Vec<BuildingLine>,
    /// The words of every status, for the filter.
    pub(crate) statuses: Vec<&'static str>,
    /// What the list is filtered by.
    pub(crate) building: String,
    /// The status it is filtered by.
    pub(crate) status: String,
    /// The words it is filtered by.
    pub(crate) words: String,
    /// This page of it.
    pub(crate) homes: Vec<HomeLine>,
    /// The address of the next page.
    pub(crate) next: Option<String>,
}

/// A building as a grid.
#[derive(Debug, Serialize)]
pub(crate) struct BuildingView {
    /// Its code.
    pub(crate) building: String,
    /// How many homes stand how: the word and the number.
    pub(crate) counts: Vec<(&'static str, usize)>,
    /// Floors from the top.
    pub(crate) floors: Vec<FloorRow>,
}

/// A floor.
#[derive(Debug, Serialize)]
pub(crate) struct FloorRow {
    pub(crate) floor: i32,
    pub(crate) homes: Vec<HomeLine>,
}

/// A home's page.
#[derive(Debug, Serialize)]
pub(crate) struct HomeView {
    /// The home.
    pub(crate) home: HomeLine,
    /// Who is tied to it.
    pub(crate) people: Vec<OccupantRow>,
    /// Who was.
    pub(crate) former: Vec<OccupantRow>,
    /// Its bays: code and how it is held.
    pub(crate) bays: Vec<(String, &'static str)>,
    /// Whether names lead to people's pages.
    pub(crate) opens_people: bool,
    /// What the reader can go on to: `bills`, `pay`, `repair`, `door`.
    pub(crate) ways: Vec<&'static str>,
}

/// Who is tied to a home.
#[derive(Debug, Serialize)]
pub(crate) struct OccupantRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) phone: String,
    pub(crate) kind: &'static str,
    pub(crate) lives_there: bool,
    pub(crate) pays: bool,
    pub(crate) starts_on: LocalDate,
    pub(crate) ends_on: Option<LocalDate>,
}

impl From<Occupant> for OccupantRow {
    fn from(occupant: Occupant) -> Self {
        Self {
            id: occupant.person.0,
            name: occupant.name,
            phone: occupant.phone.as_deref().map(domain::people::masked).unwrap_or_default(),
            kind: occupant.kind.as_str(),
            lives_there: occupant.lives_there,
            pays: occupant.pays,
            starts_on: occupant.starts_on,
            ends_on: occupant.ends_on,
        }
    }
}

/// The desk's search.
#[derive(Debug, Serialize)]
pub(crate) struct PeopleView {
    /// What is searched for.
    pub(crate) words: String,
    /// Who was found.
    pub(crate) found: Vec<FoundRow>,
    /// Whether the reader takes calls: a name leads to the caller's page.
    pub(crate) takes_calls: bool,
}

/// Somebody who was found.
#[derive(Debug, Serialize)]
pub(crate) struct FoundRow {
    pub(crate) person: PersonLine,
    pub(crate) homes: Vec<PersonHome>,
}

impl FoundRow {
    pub(super) fn samples() -> Vec<Self> {
        vec![Self { person: sample_person(), homes: vec![sample_tie(), sample_tie()] }]
    }
}

/// A person's page.
#[derive(Debug, Serialize)]
pub(crate) struct PersonView {
    /// Who it is, the phone masked.
    pub(crate) person: PersonLine,
    /// Their homes.
    pub(crate) homes: Vec<PersonHome>,
    /// The phone, just unmasked.
    pub(crate) phone: Option<String>,
    /// Whether the asker may unmask it.
    pub(crate) may_unmask: bool,
    /// Whether the asker may give them a letter.
    pub(crate) may_issue: bool,
    /// Whether the asker may take away what is known of them.
    pub(crate) may_anonymise: bool,
    /// Why that was refused.
    pub(crate) form: Form,
}

/// The letter that lets somebody in.
#[derive(Debug, Serialize)]
pub(crate) struct LetterView {
    /// Where it came from.
    pub(crate) back: String,
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) url: String,
    pub(crate) qr: String,
    pub(crate) expires: domain::Instant,
}

/// Everybody who works here.
#[derive(Debug, Serialize)]
pub(crate) struct StaffView {
    pub(crate) staff: Vec<StaffLine>,
}

fn sample_home(status: domain::homes::Status) -> HomeLine {
    HomeLine {
        id: domain::HomeId(1),
        code: "1-1-0101".to_owned(),
        building: "1".to_owned(),
        entrance: "1".to_owned(),
        floor: 1,
        room: "0101".to_owned(),
        use_kind: domain::homes::UseKind::Residential,
        area: domain::Area(8_986),
        delivered_on: LocalDate::from_ymd_opt(2024, 1, 24),
        register_order: 1,
        status,
        owner: Some("=黎<琪>艳".to_owned()),
        owner_phone: None,
        steward: Some("尹强兰".to_owned()),
    }
}

fn sample_person() -> PersonLine {
    PersonLine {
        id: domain::PersonId(7),
        name: "黎琪艳".to_owned(),
        phone: Some("139****0001".to_owned()),
        email: Some("li@example.com".to_owned()),
        post: Some("管家".to_owned()),
        anonymised: false,
    }
}

fn sample_tie() -> PersonHome {
    PersonHome {
        code: "1-1-0101".to_owned(),
        kind: domain::homes::OccupancyKind::Owner,
        lives_there: true,
        starts_on: LocalDate::from_ymd_opt(2024, 1, 24).unwrap_or_default(),
        ends_on: None,
        past: false,
    }
}

impl View for HomesView {
    const TEMPLATE: &'static str = "register/homes.html";

    fn samples() -> Vec<Self> {
        let building = BuildingLine {
            code: "1".to_owned(),
            homes: 108,
            occupied: 100,
            vacant: 5,
            renovating: 2,
            undelivered: 1,
        };
        let one = |buildings, homes, next| Self {
            buildings,
            statuses: domain::homes::Status::ALL.iter().map(|s| s.as_str()).collect(),
            building: "1".to_owned(),
            status: String::new(),
            words: "黎".to_owned(),
            homes,
            next,
        };
        let home = sample_home(domain::homes::Status::Occupied);
        vec![one(vec![building], vec![home], Some("/homes?after=50".to_owned())), one(vec![], vec![], None)]
    }
}

impl View for BuildingView {
    const TEMPLATE: &'static str = "register/building.html";

    fn samples() -> Vec<Self> {
        let homes = domain::homes::Status::ALL.iter().map(|status| sample_home(*status)).collect();
        let counts = domain::homes::Status::ALL.iter().map(|status| (status.as_str(), 1)).collect();
        vec![Self { building: "1".to_owned(), counts, floors: vec![FloorRow { floor: 1, homes }] }]
    }
}

impl View for HomeView {
    const TEMPLATE: &'static str = "register/home.html";

    fn samples() -> Vec<Self> {
        let row = |ends_on| OccupantRow {
            id: 7,
            name: "黎琪艳".to_owned(),
            phone: "139****0001".to_owned(),
            kind: "owner",
            lives_there: true,
            pays: true,
            starts_on: LocalDate::from_ymd_opt(2024, 1, 24).unwrap_or_default(),
            ends_on,
        };
        let past = row(LocalDate::from_ymd_opt(2026, 11, 21));
        let bays = vec![("B1-0006".to_owned(), "owned"), ("B1-0007".to_owned(), "leased")];
        let empty = HomeLine {
            delivered_on: None,
            owner: None,
            steward: None,
            ..sample_home(domain::homes::Status::Undelivered)
        };
        vec![
            Self {
                home: sample_home(domain::homes::Status::Occupied),
                people: vec![row(None)],
                former: vec![past],
                bays,
                opens_people: true,
                ways: vec!["door", "bills", "pay", "repair"],
            },
            Self {
                home: empty,
                people: vec![],
                former: vec![],
                bays: vec![],
                opens_people: false,
                ways: vec![],
            },
        ]
    }
}

impl View for PeopleView {
    const TEMPLATE: &'static str = "register/people.html";

    fn samples() -> Vec<Self> {
        let found = FoundRow { person: sample_person(), homes: vec![sample_tie()] };
        vec![
            Self { words: String::new(), found: vec![], takes_calls: false },
            Self { words: "黎".to_owned(), found: vec![found], takes_calls: true },
            Self { words: "没有".to_owned(), found: vec![], takes_calls: false },
        ]
    }
}

impl View for PersonView {
    const TEMPLATE: &'static str = "register/person.html";

    fn samples() -> Vec<Self> {
        let one = |phone, may| Self {
            person: sample_person(),
            homes: vec![sample_tie()],
            phone,
            may_unmask: may,
            may_issue: may,
            may_anonymise: may,
            form: Form::new("register").refused("anonymise.owes"),
        };
        let bare = PersonLine { phone: None, email: None, post: None, ..sample_person() };
        vec![
            one(None, true),
            one(Some("13900000001".to_owned()), true),
            Self { person: bare, homes: vec![], ..one(None, false) },
        ]
    }
}

impl View for LetterView {
    const TEMPLATE: &'static str = "register/letter.html";

    fn samples() -> Vec<Self> {
        let expires = domain::Instant::from_micros(1_797_904_800_000_000);
        let one = |expires| Self {
            back: "/people/7".to_owned(),
            name: "黎琪艳".to_owned(),
            code: "ABCD EFGH JKLM".to_owned(),
            url: "http://127.0.0.1:8080/activate?code=ABCD".to_owned(),
            qr: "<svg></svg>".to_owned(),
            expires,
        };
        expires.into_iter().map(one).collect()
    }
}

impl View for StaffView {
    const TEMPLATE: &'static str = "register/staff.html";

    fn samples() -> Vec<Self> {
        let joined_on = LocalDate::from_ymd_opt(2024, 1, 24).unwrap_or_default();
        let line = StaffLine {
            person: domain::PersonId(7),
            number: "E001".to_owned(),
            name: "尹强兰".to_owned(),
            post: "管家".to_owned(),
            skills: String::new(),
            phone: None,
            joined_on,
            left_on: None,
        };
        let left = StaffLine { left_on: Some(joined_on), ..line.clone() };
        vec![Self { staff: vec![line, left] }, Self { staff: vec![] }]
    }
}
