//! What the portal survives (quality.md §1): nothing that it accepted is lost, nothing happens twice.

mod kill;
mod upgrade;
