//! The community of the examples: 锦绣花园 with its registers, and one person per role who can sign in.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};
use domain::access::activation::{self, LoginKind};
use domain::access::password;
use domain::{AccountId, Clock, CommunityId, Db, Instant, PersonId, Store};
use test_support::{Database, Kind};
use totp_rs::{Algorithm, Builder, Secret};

use super::cli;

/// Everybody's password: argon2 is asked once.
pub(crate) const PASSWORD: &str = "four plums and a lantern";
/// The second factor of manager and cashier.
const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
/// Whose the resident is.
pub(crate) const HOME: &str = "1-1-0101";

/// Each role's login is its own name: the first of the register who holds it; the resident owns [`HOME`].
pub(crate) const ROLES: [&str; 9] =
    ["steward", "desk", "technician", "officer", "cashier", "supervisor", "manager", "resident", "admin"];

/// A file that only tests need: a dirty register, what has to come out.
pub(crate) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// A register of the community, as the demo imports it.
pub(crate) fn register(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/data").join(name)
}

/// A copy of the community, imported once per process and kind of database.
pub(crate) fn database(kind: Kind) -> Database {
    Database::prepared(kind, "community", |url| {
        let folder = tempfile::tempdir().unwrap();
        let folder =
            url.strip_prefix("sqlite://").map_or(folder.path(), |file| Path::new(file).parent().unwrap());
        let settings = [
            ("DATABASE_URL", url),
            ("LINLI_DATA_DIR", folder.to_str().unwrap()),
            ("LINLI_SECRET_KEY", super::app::SECRET_KEY),
            ("LINLI_CLOCK", super::app::START),
        ];
        let linli = |words: &[&str], input: &str| cli::linli(&settings, words, input).ok();
        linli(&["migrate", "--sandbox"], "");
        linli(&["community", "add", "--code", "JXHY", "--name", "锦绣花园"], "");
        linli(&["admin", "add", "--login", "admin", "--name", "系统管理员"], &format!("{PASSWORD}\n"));
        for (what, file) in [("homes", "homes.csv"), ("staff", "staff.csv"), ("fee-items", "fee_items.csv")] {
            linli(&["import", what, register(file).to_str().unwrap(), "--community", "JXHY"], "");
        }
        let store = Store::open(url).unwrap();
        let hash = password::hash(PASSWORD).unwrap();
        store.write_now(|tx| ROLES.iter().try_for_each(|role| open_account(tx, role, &hash))).unwrap();
    })
}

#[derive(QueryableByName)]
struct Holder {
    #[diesel(sql_type = BigInt)]
    community: i64,
    #[diesel(sql_type = BigInt)]
    person: i64,
}

/// The account that an activation would have made, with a second factor where the role needs one.
fn open_account(tx: &mut Db, role: &str, hash: &str) -> domain::Result<()> {
    let holder = match role {
        "admin" => return Ok(()),
        "resident" => sql_query(
            "SELECT o.community_id AS community, o.person_id AS person FROM occupancies o \
             JOIN homes h ON h.id = o.home_id WHERE h.code = $1 AND o.kind = 'owner' ORDER BY o.id LIMIT 1",
        )
        .bind::<Text, _>(HOME),
        _ => sql_query(
            "SELECT community_id AS community, person_id AS person FROM role_grants \
             WHERE role = $1 AND ends_on IS NULL ORDER BY id LIMIT 1",
        )
        .bind::<Text, _>(role),
    };
    let Holder { community, person } =
        holder.get_result(tx).unwrap_or_else(|error| panic!("{role}: {error}"));
    let account = activation::account_of(tx, PersonId(person), now())?;
    activation::add_login(tx, CommunityId(community), account, role, LoginKind::Name)?;
    set_password(tx, account, hash, needs_second_factor(role))
}

fn set_password(tx: &mut Db, account: AccountId, hash: &str, second_factor: bool) -> domain::Result<()> {
    sql_query("UPDATE accounts SET password_hash = $1 WHERE id = $2")
        .bind::<Text, _>(hash)
        .bind::<BigInt, _>(account.0)
        .execute(tx)?;
    if second_factor {
        sql_query(
            "UPDATE accounts SET totp_secret = $1, totp_enrolled_at = $2, totp_last_step = 0 WHERE id = $3",
        )
        .bind::<Text, _>(SECRET)
        .bind::<diesel::sql_types::Timestamp, _>(now().0)
        .bind::<BigInt, _>(account.0)
        .execute(tx)?;
    }
    Ok(())
}

fn needs_second_factor(role: &str) -> bool {
    matches!(role, "manager" | "cashier")
}

fn now() -> Instant {
    Clock::system().real_now()
}

/// One-time codes: a code is good once, so each sign-in of a test takes the next of the three that are valid.
#[derive(Default)]
pub(crate) struct Codes(RefCell<HashMap<String, u64>>);

impl Codes {
    /// The next code of a role, where it needs one.
    pub(crate) fn next(&self, role: &str) -> Option<String> {
        needs_second_factor(role).then(|| {
            let mut used = self.0.borrow_mut();
            let last = used.entry(role.to_owned()).or_default();
            while *last > step() {
                std::thread::sleep(std::time::Duration::from_millis(200));
            }
            *last = (*last + 1).max(oldest());
            code_at(*last)
        })
    }
}

/// The oldest step that is still valid when a busy machine has come to look at its code.
fn oldest() -> u64 {
    if seconds() % 30 < 15 { step() - 1 } else { step() }
}

fn step() -> u64 {
    seconds() / 30
}

fn seconds() -> u64 {
    u64::try_from(now().0.and_utc().timestamp()).expect("after 1970")
}

fn code_at(step: u64) -> String {
    let secret = Secret::try_from_base32(SECRET).expect("base32");
    let totp =
        Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).with_account_name("account");
    totp.build().expect("a secret long enough").generate(step * 30).to_string()
}
