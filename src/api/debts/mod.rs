//! Who owes, and what is said and agreed about it: [`debtor`] is one account, [`disputes`] what is not accepted,
//! [`plans`] what is paid by instalments, [`batches`] and [`demands`] what is demanded, [`limitation`] until when it can be.

pub(crate) mod batches;
pub(crate) mod debtor;
pub(crate) mod demands;
pub(crate) mod disputes;
pub(crate) mod limitation;
pub(crate) mod plans;
