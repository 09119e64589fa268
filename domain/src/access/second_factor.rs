//! The second factor: a code of six digits that an app makes from a shared secret and real time (TOTP,
//! RFC 6238). Managers and cashiers enrol at their first login; a code is good once. The secret is kept
//! sealed: a copy of the database makes no codes.

use diesel::prelude::*;
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::Vault;
use super::vault::is_sealed;
use crate::db::schema::accounts;
use crate::{AccountId, Db, Error, Instant, Result, random};

/// What an app needs to be set up.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The secret in base 32, for typing.
    pub secret: String,
    /// The address that the QR code holds.
    pub url: String,
}

/// A new secret for `login`; nothing is kept until [`enrol`] sees a code made from it.
pub fn set_up(login: &str, issuer: &str) -> Result<Setup> {
    let mut bytes = vec![0; 20];
    random::fill(&mut bytes)?;
    set_up_again(&Secret::from(bytes).to_base32(), login, issuer)
}

/// The same for a secret that was shown before.
///
/// # Errors
/// A secret that is none is named by field.
pub fn set_up_again(secret: &str, login: &str, issuer: &str) -> Result<Setup> {
    // A colon separates issuer and login in the address.
    let (login, issuer) = (login.replace(':', " "), issuer.replace(':', " "));
    let totp = build(secret, login, Some(issuer))?;
    let url = totp.to_url().map_err(|error| Error::internal(error.to_string()))?;
    Ok(Setup { secret: secret.to_owned(), url })
}

/// Keeps the secret once a code made from it was shown.
///
/// # Errors
/// A wrong code is named by field; an account that has a second factor keeps it.
pub fn enrol(
    tx: &mut Db,
    vault: &Vault,
    account: AccountId,
    (secret, code): (&str, &str),
    real_now: Instant,
) -> Result<()> {
    let Some(step) = matching_step(secret, code, real_now)? else {
        return Err(Error::field("code", "second_factor_wrong"));
    };
    let row = accounts::table.find(account.0).filter(accounts::totp_enrolled_at.is_null());
    let kept = diesel::update(row)
        .set((
            accounts::totp_secret.eq(vault.seal(&purpose(account), secret)?),
            accounts::totp_enrolled_at.eq(real_now),
            accounts::totp_last_step.eq(step),
        ))
        .execute(tx)?;
    if kept == 0 { Err(Error::refused("second_factor.enrolled", vec![])) } else { Ok(()) }
}

/// Whether an account has a second factor.
pub fn is_enrolled(db: &mut Db, account: AccountId) -> Result<bool> {
    let at: Option<Instant> =
        accounts::table.find(account.0).select(accounts::totp_enrolled_at).get_result(db)?;
    Ok(at.is_some())
}

/// Uses up a code of an account with a second factor; a code that was used before is wrong.
///
/// # Errors
/// `second_factor.key_lost` where the secret was sealed under another key.
pub fn is_right(
    tx: &mut Db,
    vault: &Vault,
    account: AccountId,
    code: &str,
    real_now: Instant,
) -> Result<bool> {
    let kept: Option<String> =
        accounts::table.find(account.0).select(accounts::totp_secret).get_result(tx)?;
    let Some(kept) = kept else { return Ok(false) };
    let lost = || Error::refused("second_factor.key_lost", vec![]);
    let secret = if is_sealed(&kept) { vault.open(&purpose(account), &kept).ok_or_else(lost)? } else { kept };
    let Some(step) = matching_step(&secret, code, real_now)? else { return Ok(false) };
    let unused = accounts::totp_last_step.is_null().or(accounts::totp_last_step.lt(step));
    let row = accounts::table.find(account.0).filter(unused);
    Ok(diesel::update(row).set(accounts::totp_last_step.eq(step)).execute(tx)? == 1)
}

/// Whether a secret is kept as it is, as an earlier version did.
pub fn any_open(db: &mut Db) -> Result<bool> {
    Ok(kept(db)?.iter().any(|(_, secret)| !is_sealed(secret)))
}

/// Seals the secrets that an earlier version kept as they are; says how many there were.
pub fn seal_all(tx: &mut Db, vault: &Vault) -> Result<usize> {
    let plain: Vec<_> = kept(tx)?.into_iter().filter(|(_, secret)| !is_sealed(secret)).collect();
    for (account, secret) in &plain {
        let sealed = vault.seal(&purpose(*account), secret)?;
        let row = accounts::table.find(account.0).filter(accounts::totp_secret.eq(secret));
        diesel::update(row).set(accounts::totp_secret.eq(sealed)).execute(tx)?;
    }
    Ok(plain.len())
}

/// How many secrets the vault does not open: they were sealed under a key that is no longer here.
pub fn unreadable(db: &mut Db, vault: &Vault) -> Result<usize> {
    let shut = |(account, secret): &(AccountId, String)| {
        is_sealed(secret) && vault.open(&purpose(*account), secret).is_none()
    };
    Ok(kept(db)?.iter().filter(|row| shut(row)).count())
}

/// Takes the second factor away, for who lost their phone or where the key was lost. The next login asks
/// managers and cashiers to set it up anew.
pub fn forget(tx: &mut Db, account: AccountId) -> Result<()> {
    diesel::update(accounts::table.find(account.0))
        .set((
            accounts::totp_secret.eq(None::<String>),
            accounts::totp_enrolled_at.eq(None::<Instant>),
            accounts::totp_last_step.eq(None::<i64>),
        ))
        .execute(tx)?;
    Ok(())
}

fn kept(db: &mut Db) -> Result<Vec<(AccountId, String)>> {
    let rows = accounts::table.filter(accounts::totp_secret.is_not_null()).order(accounts::id);
    Ok(rows.select((accounts::id, accounts::totp_secret.assume_not_null())).load(db)?)
}

fn purpose(account: AccountId) -> String {
    format!("second factor {account}")
}

/// The code that an authenticator shows for a secret at a real moment; for rehearsals and the demo.
///
/// # Errors
/// A secret that is none.
pub fn code_at(secret: &str, real_at: Instant) -> Result<String> {
    let seconds = u64::try_from(real_at.micros().div_euclid(1_000_000)).unwrap_or(0);
    Ok(build(secret, "account", None::<String>)?.generate(seconds).to_string())
}

fn matching_step(secret: &str, code: &str, real_now: Instant) -> Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = real_now.micros().div_euclid(1_000_000);
    let Ok(seconds) = u64::try_from(seconds) else { return Ok(None) };
    let step = build(secret, "account", None::<String>)?.check(&code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn build(secret: &str, login: impl Into<Box<str>>, issuer: Option<impl Into<Box<str>>>) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(|_| Error::field("secret", "invalid"))?;
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_secret(secret)
        .with_account_name(login)
        .with_issuer(issuer)
        .build()
        .map_err(|error| Error::internal(error.to_string()))
}
