//! Who lives in one's homes, and the invitation that was just made.

use domain::homes::OccupancyKind;
use domain::invitations::{InvitationLine, Kind, Residence, Resident, State};
use domain::{HomeId, Instant, InvitationId, LocalDate};
use serde::Serialize;

use super::View;
use crate::form::Form;

/// The people of one's homes.
#[derive(Debug, Serialize)]
pub(crate) struct ResidentsView {
    /// The homes that one owns.
    pub(crate) residences: Vec<Residence>,
    /// The form that invites.
    pub(crate) form: Form,
}

/// An invitation's code, shown once.
#[derive(Debug, Serialize)]
pub(crate) struct InvitedView {
    /// Who is invited.
    pub(crate) name: String,
    /// The code.
    pub(crate) code: String,
    /// Where it is used.
    pub(crate) url: String,
    /// The address as a QR code, SVG.
    pub(crate) qr: String,
    /// Until when it is good.
    pub(crate) expires: Instant,
}

impl View for ResidentsView {
    const TEMPLATE: &'static str = "access/residents.html";

    fn samples() -> Vec<Self> {
        let wrong = [("phone", "phone_or_email"), ("starts_on", "from_today"), ("home", "unknown_home")];
        let form = Form::sample("residents.form", &[("name", "王小明"), ("kind", "tenant")], &wrong);
        let invitations = State::ALL.iter().map(|state| invitation(*state)).collect();
        let full = Residence {
            home: HomeId(1),
            code: "1-1-0101".to_owned(),
            residents: OccupancyKind::ALL.iter().map(|kind| resident(*kind)).collect(),
            invitations,
        };
        let alone = Residence {
            home: HomeId(2),
            code: "1-1-0102".to_owned(),
            residents: vec![resident(OccupancyKind::Owner)],
            invitations: vec![],
        };
        vec![
            Self { residences: vec![full, alone], form: form.refused("invitations.let_already") },
            Self { residences: vec![], form: Form::new("residents.form") },
        ]
    }
}

fn resident(kind: OccupancyKind) -> Resident {
    let starts_on = LocalDate::from_ymd_opt(2024, 1, 24).unwrap_or_default();
    let ends_on = LocalDate::from_ymd_opt(2027, 1, 23).filter(|_| kind == OccupancyKind::Tenant);
    Resident {
        name: "王建国".to_owned(),
        kind,
        lives_there: kind != OccupancyKind::Owner,
        starts_on,
        ends_on,
    }
}

fn invitation(state: State) -> InvitationLine {
    InvitationLine {
        id: InvitationId(7),
        name: "王小明".to_owned(),
        phone: (state == State::Open).then(|| "139****0002".to_owned()),
        kind: Kind::Family,
        starts_on: LocalDate::from_ymd_opt(2026, 11, 22).unwrap_or_default(),
        state,
        expires_at: at(),
    }
}

fn at() -> Instant {
    Instant::from_micros(1_797_904_800_000_000).unwrap_or_else(|| domain::Clock::system().now())
}

impl View for InvitedView {
    const TEMPLATE: &'static str = "access/invited.html";

    fn samples() -> Vec<Self> {
        vec![Self {
            name: "王小明".to_owned(),
            code: "ABCD-EFGH-2345".to_owned(),
            url: "http://127.0.0.1:8080/activate?code=ABCD-EFGH-2345".to_owned(),
            qr: "<svg></svg>".to_owned(),
            expires: at(),
        }]
    }
}
