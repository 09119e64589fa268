//! Who can be invited, and how an invitation stands.

use chrono::TimeDelta;

use crate::people::rules as reach;
use crate::{Error, FieldError, Instant, LocalDate, Result};

crate::words! {
    /// As what somebody is invited.
    Kind {
        /// 家属: lives with the household from the first day.
        Family = "family",
        /// 租户: tied to the home; lives there from the handover of their move-in on.
        Tenant = "tenant",
    }
}

crate::words! {
    /// How an invitation stands.
    State {
        /// Its code waits to be used.
        Open = "open",
        /// The tie has begun.
        Accepted = "accepted",
        /// Taken back by an owner.
        Revoked = "revoked",
        /// Nobody used its code in time.
        Expired = "expired",
    }
}

/// How many invitations of a home may be open at once.
pub const MOST_OPEN: i64 = 10;
/// How far ahead a tie may begin.
const AHEAD: TimeDelta = TimeDelta::days(366);

/// Who is invited, and for when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// What they are called.
    pub name: String,
    /// Their phone, as it was typed.
    pub phone: Option<String>,
    /// Their mail address, as it was typed.
    pub email: Option<String>,
    /// As what.
    pub kind: Kind,
    /// The first day.
    pub starts_on: LocalDate,
    /// The last day; a tenant has one.
    pub ends_on: Option<LocalDate>,
}

impl Guest {
    /// The same with phone and address as they are kept, once everything is as it should be.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn checked(&self, today: LocalDate) -> Result<Self> {
        let mut wrong = Vec::new();
        let mut note = |field, code| wrong.push(FieldError::new(field, code));
        let name = self.name.trim();
        if name.is_empty() || name.chars().any(char::is_control) {
            note("name", "required");
        }
        if name.chars().count() > 40 {
            note("name", "name_long");
        }
        let phone = self.phone.as_deref().map(reach::phone).transpose();
        let email = self.email.as_deref().map(reach::email).transpose();
        phone.as_ref().err().into_iter().for_each(|code| note("phone", code));
        email.as_ref().err().into_iter().for_each(|code| note("email", code));
        if self.phone.is_none() && self.email.is_none() {
            note("phone", "phone_or_email");
        }
        if self.starts_on < today || self.starts_on > today + AHEAD {
            note("starts_on", "from_today");
        }
        if self.ends_on.is_some_and(|last| last < self.starts_on) {
            note("ends_on", "ends_before_start");
        }
        if self.kind == Kind::Tenant && self.ends_on.is_none() {
            note("ends_on", "tenant_ends");
        }
        match (phone, email) {
            (Ok(phone), Ok(email)) if wrong.is_empty() => {
                Ok(Self { name: name.to_owned(), phone, email, ..self.clone() })
            }
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// How an invitation stands at a moment.
pub fn state(
    accepted_at: Option<Instant>,
    revoked_at: Option<Instant>,
    expires_at: Instant,
    now: Instant,
) -> State {
    match (accepted_at, revoked_at) {
        (Some(_), _) => State::Accepted,
        (None, Some(_)) => State::Revoked,
        (None, None) if expires_at > now => State::Open,
        (None, None) => State::Expired,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn guest() -> Guest {
        Guest {
            name: "王小明".to_owned(),
            phone: Some("139 0000 0001".to_owned()),
            email: None,
            kind: Kind::Family,
            starts_on: day("2026-11-22"),
            ends_on: None,
        }
    }

    #[test]
    fn a_guest_is_reached_somehow_and_comes_from_today_on() {
        let today = day("2026-11-22");
        let kept = guest().checked(today).unwrap();
        assert_eq!(kept.phone.as_deref(), Some("13900000001"));
        let cases = [
            (Guest { name: " ".into(), ..guest() }, "name", "required"),
            (Guest { name: "名".repeat(41), ..guest() }, "name", "name_long"),
            (Guest { phone: Some("12".into()), ..guest() }, "phone", "phone_too_short"),
            (Guest { phone: None, ..guest() }, "phone", "phone_or_email"),
            (Guest { email: Some("x".into()), ..guest() }, "email", "not_an_email"),
            (Guest { starts_on: day("2026-11-21"), ..guest() }, "starts_on", "from_today"),
            (Guest { starts_on: day("2028-11-21"), ..guest() }, "starts_on", "from_today"),
            (Guest { ends_on: Some(day("2026-11-21")), ..guest() }, "ends_on", "ends_before_start"),
            (Guest { kind: Kind::Tenant, ..guest() }, "ends_on", "tenant_ends"),
        ];
        for (guest, field, code) in cases {
            let Err(Error::Invalid(wrong)) = guest.checked(today) else { panic!("{guest:?} passed") };
            let found: Vec<_> = wrong.iter().map(|one| (one.field.as_str(), one.code)).collect();
            assert_eq!(found, [(field, code)]);
        }
    }

    #[test]
    fn an_invitation_stands_as_what_happened_to_it() {
        let at = |text: &str| text.parse::<Instant>().unwrap();
        let (end, before, after) =
            (at("2026-12-22T00:00:00Z"), at("2026-12-01T00:00:00Z"), at("2026-12-23T00:00:00Z"));
        for (accepted, revoked, now, expected) in [
            (None, None, before, State::Open),
            (None, None, after, State::Expired),
            (Some(before), None, after, State::Accepted),
            (None, Some(before), after, State::Revoked),
        ] {
            assert_eq!(state(accepted, revoked, end, now), expected);
        }
    }
}
