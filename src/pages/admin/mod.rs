//! Pages of who runs the installation.

pub(crate) mod communities;
pub(crate) mod health;
pub(crate) mod imports;
pub(crate) mod jobs;
pub(crate) mod overview;
pub(crate) mod staff;
