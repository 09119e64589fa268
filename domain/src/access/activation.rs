//! Activation codes: a letter or QR from the desk that lets one person in once, within 30 days ⚙
//! (domain.md §2). Who uses it again after a new letter sets a new password; the second factor stays.

use chrono::TimeDelta;
use diesel::prelude::*;
use sha2::{Digest, Sha256};

use super::{Action, Actor, Door, Object, allow, login, password, sessions, throttle};
use crate::audit::{self, Line};
use crate::db::schema::{accounts, activations, communities, logins, people};
use crate::{
    AccountId, CommunityId, Db, Error, FieldError, HomeId, Instant, PersonId, Result, random, settings,
};

crate::words! {
    /// What kind of name somebody signs in with.
    LoginKind {
        /// Their phone.
        Phone = "phone",
        /// Their mail address.
        Email = "email",
        /// A chosen name.
        Name = "name",
    }
}

/// Letters and digits of a code, shown in groups of four.
const CODE_LENGTH: usize = 12;

/// An activation that can be used.
#[derive(Debug, Clone, Queryable)]
pub struct Activation {
    id: i64,
    /// Whose it is.
    pub person: PersonId,
    /// Where.
    pub community: CommunityId,
    /// The community's name.
    pub community_name: String,
    /// What the person is called.
    pub name: String,
    phone: Option<String>,
    email: Option<String>,
}

/// What somebody chose who activates an account.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The code from the letter.
    pub code: String,
    /// What to sign in with; none: the phone, else the mail address of the register.
    pub login: Option<String>,
    /// The password's hash.
    pub password_hash: String,
}

/// Makes a code for a person; earlier ones of theirs are void from now on.
///
/// # Errors
/// Who may not is refused by the policy; an unknown person is not found.
pub fn issue(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    person: PersonId,
    home: Option<HomeId>,
) -> Result<(String, Instant)> {
    let community: Option<CommunityId> =
        people::table.find(person.0).select(people::community_id).get_result(tx)?;
    let community = community.ok_or(Error::NotFound)?;
    allow(tx, actor, now, Action::IssueActivation, Object::Community(community))?;
    let made = make(tx, actor, now, (community, person), home)?;
    audit::write(tx, actor, now, &Line::new(community, "activation.issue", "person", person.0))?;
    Ok(made)
}

/// The same for who may do so by another right, such as an owner's invitation.
pub(crate) fn make(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    (community, person): (CommunityId, PersonId),
    home: Option<HomeId>,
) -> Result<(String, Instant)> {
    let days = settings::get(tx, community, settings::ACTIVATION_DAYS)?;
    let expires = now.plus(TimeDelta::days(days));
    let code = random::spoken_code(CODE_LENGTH)?;
    void(tx, person, now)?;
    let row = (
        activations::community_id.eq(community),
        activations::person_id.eq(person),
        activations::home_id.eq(home),
        activations::code_hash.eq(code_hash(&code)),
        activations::made_by.eq(actor.person),
        activations::made_at.eq(now),
        activations::expires_at.eq(expires),
    );
    diesel::insert_into(activations::table).values(row).execute(tx)?;
    Ok((spaced(&code), expires))
}

/// Makes every open code of a person void.
pub(crate) fn void(tx: &mut Db, person: PersonId, now: Instant) -> Result<()> {
    let open =
        activations::table.filter(activations::person_id.eq(person)).filter(activations::used_at.is_null());
    diesel::update(open).set(activations::used_at.eq(now)).execute(tx)?;
    Ok(())
}

/// Counts an attempt on codes from an address; guessing one is slowed like guessing a password.
pub fn begin(tx: &mut Db, code: &str, address: &str, real_now: Instant) -> Result<()> {
    throttle::count(tx, Door::Activation, &code_hash(code), address, real_now)
}

/// The activation of a code.
///
/// # Errors
/// A code that is unknown, used or too old is named by field, in the same words.
pub fn find(db: &mut Db, code: &str, now: Instant) -> Result<Activation> {
    let found = activations::table
        .inner_join(people::table.on(people::id.eq(activations::person_id)))
        .inner_join(communities::table.on(communities::id.eq(activations::community_id)))
        .filter(activations::code_hash.eq(code_hash(code)))
        .filter(activations::used_at.is_null().and(activations::expires_at.gt(now)))
        .select((
            activations::id,
            activations::person_id,
            activations::community_id,
            communities::name,
            people::name,
            people::phone,
            people::email,
        ))
        .first(db)
        .optional()?;
    found.ok_or_else(|| Error::field("code", "activation_code"))
}

/// Why a chosen password is refused, for the field `password`.
///
/// # Errors
/// See [`password::weakness`].
pub fn check_password(activation: &Activation, login: &str, password: &str) -> Result<()> {
    let names = [activation.community_name.as_str(), login, activation.name.as_str()];
    let weak = password::weakness(password, &names);
    weak.map_or(Ok(()), |code| Err(Error::field("password", code)))
}

/// Uses a code: the account has its login and password, and earlier sessions end.
///
/// # Errors
/// A code that does not hold, a login that is taken or not theirs: by field.
pub fn redeem(
    tx: &mut Db,
    chosen: &Chosen,
    (now, real_now): (Instant, Instant),
) -> Result<(AccountId, PersonId, String)> {
    let activation = find(tx, &chosen.code, now)?;
    let unused = activations::table.find(activation.id).filter(activations::used_at.is_null());
    if diesel::update(unused).set(activations::used_at.eq(now)).execute(tx)? == 0 {
        return Err(Error::field("code", "activation_code"));
    }
    let account = account_of(tx, activation.person, now)?;
    let login = claim_login(tx, &activation, account, chosen.login.as_deref())?;
    diesel::update(accounts::table.find(account.0))
        .set(accounts::password_hash.eq(&chosen.password_hash))
        .execute(tx)?;
    sessions::end_others(tx, account, None, real_now)?;
    let actor = Actor::load(tx, activation.person, now.0.date(), "activation")?;
    audit::write(
        tx,
        &actor,
        now,
        &Line::new(activation.community, "account.activate", "account", account.0),
    )?;
    Ok((account, activation.person, login))
}

/// The person's account, made where there is none.
pub fn account_of(tx: &mut Db, person: PersonId, now: Instant) -> Result<AccountId> {
    let own = accounts::table.filter(accounts::person_id.eq(person)).select(accounts::id);
    if let Some(account) = own.first(tx).optional()? {
        return Ok(account);
    }
    let row = (accounts::person_id.eq(person), accounts::created_at.eq(now));
    Ok(diesel::insert_into(accounts::table).values(row).returning(accounts::id).get_result(tx)?)
}

fn claim_login(
    tx: &mut Db,
    activation: &Activation,
    account: AccountId,
    chosen: Option<&str>,
) -> Result<String> {
    let (name, kind) = match chosen.map(login::fold).filter(|name| !name.is_empty()) {
        Some(name) => (name.clone(), kind_of(activation, &name)?),
        None => registered(tx, activation, account)?,
    };
    add_login(tx, activation.community, account, &name, kind)?;
    Ok(name)
}

/// The phone of the register where nobody signs in with it yet, else the mail address.
fn registered(tx: &mut Db, activation: &Activation, account: AccountId) -> Result<(String, LoginKind)> {
    let kept = [(&activation.phone, LoginKind::Phone), (&activation.email, LoginKind::Email)];
    for (name, kind) in kept {
        let Some(name) = name else { continue };
        let holder = holder(tx, activation.community, name)?;
        if holder.is_none_or(|holder| holder == account) {
            return Ok((name.clone(), kind));
        }
    }
    Err(Error::field("login", "login_needed"))
}

/// A phone or a mail address has to be the person's own; a name begins with a letter.
fn kind_of(activation: &Activation, name: &str) -> Result<LoginKind> {
    let own = |kept: &Option<String>| kept.as_deref() == Some(name);
    if own(&activation.phone) {
        return Ok(LoginKind::Phone);
    }
    if own(&activation.email) {
        return Ok(LoginKind::Email);
    }
    if is_name(name) { Ok(LoginKind::Name) } else { Err(Error::field("login", "login_name")) }
}

/// Whether a text can be a chosen name: 3 to 32 letters, digits, dots, dashes, a letter first.
pub fn is_name(name: &str) -> bool {
    let shaped = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    (3..=32).contains(&name.chars().count())
        && name.chars().next().is_some_and(char::is_alphabetic)
        && name.chars().all(shaped)
}

/// Gives an account a login of a community (0: the installation); one it has already is kept.
///
/// # Errors
/// A login of somebody else is named by field.
pub fn add_login(
    tx: &mut Db,
    community: CommunityId,
    account: AccountId,
    name: &str,
    kind: LoginKind,
) -> Result<()> {
    match holder(tx, community, name)? {
        Some(holder) if holder == account => Ok(()),
        Some(_) => Err(Error::Invalid(vec![FieldError::new("login", "taken")])),
        None => {
            let row = (
                logins::community_id.eq(community),
                logins::name.eq(name),
                logins::account_id.eq(account),
                logins::kind.eq(kind),
            );
            diesel::insert_into(logins::table).values(row).execute(tx)?;
            Ok(())
        }
    }
}

fn holder(tx: &mut Db, community: CommunityId, name: &str) -> Result<Option<AccountId>> {
    let row = logins::table.find((community.0, name)).select(logins::account_id);
    Ok(row.first(tx).optional()?)
}

/// What a code is kept as: spaces, dashes and case do not matter to who types it.
fn code_hash(code: &str) -> String {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    hex::encode(Sha256::digest(letters.to_uppercase()))
}

fn spaced(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        assert_eq!(code_hash("ABCD-EFGH-2345"), code_hash(" abcd efgh 2345"));
        assert_eq!(spaced("ABCDEFGH2345"), "ABCD-EFGH-2345");
    }

    #[test]
    fn chosen_names_begin_with_a_letter() {
        for (name, good) in
            [("zhou.min", true), ("周敏123", true), ("138001", false), ("ab", false), ("a b c", false)]
        {
            assert_eq!(is_name(name), good, "{name}");
        }
    }
}
