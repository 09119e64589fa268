//! A login per role, made as people get theirs: an activation code, a password of one's own, and the
//! second factor where the role asks for it.

use domain::access::account::{self, NewAdmin};
use domain::access::activation::{self, Chosen};
use domain::access::{Actor, Role, password, second_factor};
use domain::{AccountId, Error, Instant, PersonId, Result, random};
use serde::Serialize;

use super::stage::Stage;

/// What one signs in with.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Login {
    #[serde(skip)]
    pub(super) role: Role,
    pub(super) login: String,
    pub(super) password: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) totp_secret: Option<String>,
}

/// The member of staff behind each role's login.
const STAFF: [(Role, &str); 9] = [
    (Role::Steward, "E001"),
    (Role::Desk, "E005"),
    (Role::Technician, "E008"),
    (Role::Officer, "E013"),
    (Role::Cashier, "E014"),
    (Role::Supervisor, "E016"),
    (Role::Manager, "E017"),
    (Role::Guard, "E018"),
    (Role::Engineer, "E020"),
];

/// Makes a login for each role, with secrets of its own for each demo.
pub(super) fn make(stage: &Stage, at: Instant) -> Result<Vec<Login>> {
    let resident = stage.resident()?.owner.ok_or(Error::NotFound)?;
    let mut logins = vec![activated(stage, Role::Resident, resident, None, at)?];
    for (role, number) in STAFF {
        logins.push(activated(stage, role, stage.staff_id(number)?, Some(number), at)?);
    }
    logins.push(admin(stage, at)?);
    Ok(logins)
}

fn activated(stage: &Stage, role: Role, person: PersonId, name: Option<&str>, at: Instant) -> Result<Login> {
    let desk = Actor::system("demo");
    let password = random::spoken_code(10)?;
    let password_hash = password::hash(&password)?;
    let real_now = domain::Clock::system().real_now();
    let (code, _) = stage.store.write_now(|tx| activation::issue(tx, &desk, at, person, None))?;
    let chosen = Chosen { code, login: name.map(str::to_owned), password_hash };
    let (account, _, login) = stage.store.write_now(|tx| activation::redeem(tx, &chosen, (at, real_now)))?;
    let totp_secret =
        role.needs_second_factor().then(|| enrol(stage, account, &login, real_now)).transpose()?;
    Ok(Login { role, login, password, totp_secret })
}

fn enrol(stage: &Stage, account: AccountId, login: &str, real_now: Instant) -> Result<String> {
    let setup = second_factor::set_up(login, "Linli")?;
    // A code of the step before: the present one stays free for the first sign-in.
    let earlier = real_now.minus(chrono::TimeDelta::seconds(30));
    let code = second_factor::code_at(&setup.secret, earlier)?;
    stage.store.write_now(|tx| second_factor::enrol(tx, account, &setup.secret, &code, real_now))?;
    Ok(setup.secret)
}

fn admin(stage: &Stage, at: Instant) -> Result<Login> {
    let password = random::spoken_code(10)?;
    let new = NewAdmin {
        login: "admin".to_owned(),
        name: "系统管理员".to_owned(),
        password_hash: password::hash(&password)?,
    };
    stage.store.write_now(|tx| account::add_admin(tx, &Actor::system("demo"), at, &new))?;
    Ok(Login { role: Role::Admin, login: new.login, password, totp_secret: None })
}
