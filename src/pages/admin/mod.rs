//! Pages of who runs the installation.

pub(crate) mod jobs;
