//! What is asked of a provider, and what it says.

use chrono::{DateTime, Utc};

/// What somebody is to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Our number of it: letters and digits, 32 at most, never used twice.
    pub number: String,
    /// What the payer reads.
    pub subject: String,
    /// How much, in fen.
    pub fen: i64,
    /// Until when it can be paid, in real time.
    pub until: DateTime<Utc>,
}

/// A payment that the provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// Our number of the order.
    pub number: String,
    /// The provider's number of the payment.
    pub transaction: String,
    /// How much, in fen.
    pub fen: i64,
}

/// How an order stands with the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It does not know of it: nobody has scanned yet, or it was never asked.
    Unknown,
    /// It waits for the payer.
    Open,
    /// It is paid.
    Paid(Paid),
    /// It can no longer be paid.
    Closed,
}

/// What a notification says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// An order is paid.
    Paid(Paid),
    /// Nothing that changes an order.
    Nothing,
}

/// A notification as it came in.
pub struct Notice<'a> {
    /// A header's value.
    pub header: &'a dyn Fn(&str) -> Option<String>,
    /// The body, byte by byte.
    pub body: &'a [u8],
    /// The moment, in real time.
    pub at: DateTime<Utc>,
}

/// What a provider is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type; none without a body.
    pub media: &'static str,
    /// The body.
    pub body: &'static str,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The provider was not reached, or was not well: it may be tried again.
    #[error("the provider was not reached: {0}")]
    Away(String),
    /// The provider says no, with its own code; asking again does not help.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// Something that cannot have come from the provider, or is not meant for us.
    #[error("not believed: {0}")]
    Forged(&'static str),
    /// A key or number of ours that is none.
    #[error("{0} cannot be used")]
    Unusable(&'static str),
}
