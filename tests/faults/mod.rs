//! What the portal survives (quality.md §1): nothing that it accepted is lost, nothing happens twice.

mod billing;
mod kill;
mod upgrade;
