//! What the portal survives (quality.md §1): nothing that it accepted is lost, nothing happens twice. A test's name
//! begins with the promise that it shows; `docs/promises.md` has them all.

mod billing;
mod calls;
mod clocks;
mod disk;
mod kill;
mod mail;
mod once;
mod power;
mod tampering;
mod upgrade;
mod workers;
