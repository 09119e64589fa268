//! Pages about getting in and one's own account.

use domain::Instant;
use domain::access::one_time::Purpose;
use serde::Serialize;

use super::View;
use super::cases::{CaseRow, sample_instant};
use crate::form::Form;

/// The login page.
#[derive(Debug, Serialize)]
pub(crate) struct LoginView {
    /// What was typed.
    pub(crate) form: Form,
    /// Where to go afterwards.
    pub(crate) next: Option<String>,
}

impl View for LoginView {
    const TEMPLATE: &'static str = "access/login.html";

    fn samples() -> Vec<Self> {
        vec![
            Self { form: Form::new("login.form"), next: None },
            Self {
                form: Form::sample(
                    "login.form",
                    &[("login", "zhou.min")],
                    &[("password", "required"), ("community", "community_needed")],
                )
                .refused("login.wrong"),
                next: Some("/account".to_owned()),
            },
        ]
    }
}

/// The step that asks for the code of the second factor.
#[derive(Debug, Serialize)]
pub(crate) struct CodeView {
    /// What was typed.
    pub(crate) form: Form,
    /// Where to go afterwards.
    pub(crate) next: Option<String>,
}

impl View for CodeView {
    const TEMPLATE: &'static str = "access/code.html";

    fn samples() -> Vec<Self> {
        let wrong = Form::sample("login.code_form", &[], &[("code", "second_factor_wrong")]);
        vec![
            Self { form: Form::new("login.code_form"), next: None },
            Self { form: wrong, next: Some("/".to_owned()) },
        ]
    }
}

/// Asking for a one-time code by mail.
#[derive(Debug, Serialize)]
pub(crate) struct AskView {
    /// `sign_in` or `reset`.
    pub(crate) purpose: &'static str,
    /// What was typed.
    pub(crate) form: Form,
}

impl AskView {
    /// The empty page.
    pub(crate) fn new(purpose: Purpose) -> Self {
        Self { purpose: purpose.as_str(), form: Form::new("login.form") }
    }
}

impl View for AskView {
    const TEMPLATE: &'static str = "access/ask.html";

    fn samples() -> Vec<Self> {
        let wrong = Form::sample("login.form", &[("community", "JXHY")], &[("login", "required")]);
        vec![
            Self::new(Purpose::SignIn),
            Self::new(Purpose::Reset),
            Self { purpose: Purpose::Reset.as_str(), form: wrong },
        ]
    }
}

/// Typing a one-time code, and a new password where it is for that.
#[derive(Debug, Serialize)]
pub(crate) struct OneTimeView {
    /// `sign_in` or `reset`.
    pub(crate) purpose: &'static str,
    /// What was typed.
    pub(crate) form: Form,
}

impl View for OneTimeView {
    const TEMPLATE: &'static str = "access/one_time.html";

    fn samples() -> Vec<Self> {
        let wrong = [("code", "one_time_code"), ("password", "password_short")];
        Purpose::ALL
            .iter()
            .flat_map(|purpose| [(purpose, &[][..]), (purpose, &wrong[..])])
            .map(|(purpose, wrong)| Self {
                purpose: purpose.as_str(),
                form: Form::sample("login.one_time_form", &[], wrong),
            })
            .collect()
    }
}

/// The first page after signing in where a capability has not put its own.
#[derive(Debug, Serialize)]
pub(crate) struct HomeView {
    /// The roles held, as words.
    pub(crate) roles: Vec<&'static str>,
    /// What waits for who works here.
    pub(crate) waiting: Vec<Waiting>,
    /// Some of the cases that are with them.
    pub(crate) cases: Vec<CaseRow>,
}

/// Something that waits: a text `home.waiting.<what>`, how many there are, how many of them are late.
#[derive(Debug, Serialize)]
pub(crate) struct Waiting {
    pub(crate) what: &'static str,
    pub(crate) href: &'static str,
    pub(crate) count: usize,
    pub(crate) late: usize,
}

impl View for HomeView {
    const TEMPLATE: &'static str = "access/home.html";

    fn samples() -> Vec<Self> {
        vec![
            Self {
                roles: vec!["guard", "engineer"],
                waiting: vec![
                    Waiting { what: "cases", href: "/cases", count: 1, late: 1 },
                    Waiting { what: "notices", href: "/rectifications", count: 2, late: 0 },
                    Waiting { what: "readings", href: "/meters", count: 0, late: 0 },
                ],
                cases: vec![CaseRow::sample(sample_instant())],
            },
            Self { roles: vec!["guard"], waiting: vec![], cases: vec![] },
            Self { roles: vec![], waiting: vec![], cases: vec![] },
        ]
    }
}

/// One's own account.
#[derive(Debug, Serialize)]
pub(crate) struct AccountView {
    /// What one signs in with.
    pub(crate) logins: Vec<String>,
    /// The running sessions.
    pub(crate) sessions: Vec<SessionRow>,
    /// Whether a second factor is set up.
    pub(crate) second_factor: bool,
    /// Whether they own a home and can invite into it.
    pub(crate) owns_home: bool,
    /// The form that changes the password.
    pub(crate) form: Form,
}

/// A running session.
#[derive(Debug, Serialize)]
pub(crate) struct SessionRow {
    /// Its id.
    pub(crate) id: i64,
    /// The browser or program.
    pub(crate) agent: String,
    /// When it was last used.
    pub(crate) seen_at: Instant,
    /// When it began.
    pub(crate) created_at: Instant,
    /// Whether it is the one that asks.
    pub(crate) current: bool,
}

impl View for AccountView {
    const TEMPLATE: &'static str = "access/account.html";

    fn samples() -> Vec<Self> {
        let at = Instant::from_micros(1_795_312_800_000_000).unwrap_or_else(|| domain::Clock::system().now());
        let row =
            |current| SessionRow { id: 1, agent: "Firefox".to_owned(), seen_at: at, created_at: at, current };
        let form = Form::sample("account.form", &[], &[("password", "password_short")]);
        vec![
            Self {
                logins: vec!["zhou.min".to_owned()],
                sessions: vec![row(true), row(false)],
                second_factor: true,
                owns_home: true,
                form,
            },
            Self {
                logins: vec![],
                sessions: vec![row(true)],
                second_factor: false,
                owns_home: false,
                form: Form::new("account.form"),
            },
        ]
    }
}

/// Setting up the second factor.
#[derive(Debug, Serialize)]
pub(crate) struct SecondFactorView {
    /// The secret, for typing.
    pub(crate) secret: String,
    /// The QR code, as SVG.
    pub(crate) qr: String,
    /// Whether nothing else can be done before.
    pub(crate) required: bool,
    /// The code that proves it works.
    pub(crate) form: Form,
}

impl View for SecondFactorView {
    const TEMPLATE: &'static str = "access/second_factor.html";

    fn samples() -> Vec<Self> {
        let one = |required| Self {
            secret: "JBSWY3DPEHPK3PXP".to_owned(),
            qr: "<svg></svg>".to_owned(),
            required,
            form: Form::sample("second_factor.form", &[], &[("code", "second_factor_wrong")]),
        };
        vec![one(true), one(false)]
    }
}

/// Activating an account with a code.
#[derive(Debug, Serialize)]
pub(crate) struct ActivateView {
    /// What was typed.
    pub(crate) form: Form,
}

impl View for ActivateView {
    const TEMPLATE: &'static str = "access/activate.html";

    fn samples() -> Vec<Self> {
        let wrong = [("code", "activation_code"), ("login", "login_name"), ("password", "password_common")];
        vec![
            Self { form: Form::new("activate.form") },
            Self { form: Form::sample("activate.form", &[("code", "ABCD")], &wrong) },
        ]
    }
}
