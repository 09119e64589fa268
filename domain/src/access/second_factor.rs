//! The second factor: a code of six digits that an app makes from a shared secret and real time (TOTP,
//! RFC 6238). Managers and cashiers enrol at their first login; a code is good once.

use diesel::prelude::*;
use totp_rs::{Algorithm, Builder, Secret, Totp};

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
pub fn enrol(tx: &mut Db, account: AccountId, secret: &str, code: &str, real_now: Instant) -> Result<()> {
    let Some(step) = matching_step(secret, code, real_now)? else {
        return Err(Error::field("code", "second_factor_wrong"));
    };
    let row = accounts::table.find(account.0).filter(accounts::totp_enrolled_at.is_null());
    let kept = diesel::update(row)
        .set((
            accounts::totp_secret.eq(secret),
            accounts::totp_enrolled_at.eq(real_now),
            accounts::totp_last_step.eq(step),
        ))
        .execute(tx)?;
    if kept == 0 { Err(Error::refused("second_factor.enrolled", vec![])) } else { Ok(()) }
}

/// Whether an account has a second factor.
pub fn is_enrolled(db: &mut Db, account: AccountId) -> Result<bool> {
    let at: Option<Instant> = accounts::table.find(account.0).select(accounts::totp_enrolled_at).first(db)?;
    Ok(at.is_some())
}

/// Uses up a code of an account with a second factor; a code that was used before is wrong.
pub fn is_right(tx: &mut Db, account: AccountId, code: &str, real_now: Instant) -> Result<bool> {
    let secret: Option<String> = accounts::table.find(account.0).select(accounts::totp_secret).first(tx)?;
    let step = secret.map(|secret| matching_step(&secret, code, real_now)).transpose()?.flatten();
    let Some(step) = step else { return Ok(false) };
    let unused = accounts::totp_last_step.is_null().or(accounts::totp_last_step.lt(step));
    let row = accounts::table.find(account.0).filter(unused);
    Ok(diesel::update(row).set(accounts::totp_last_step.eq(step)).execute(tx)? == 1)
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
