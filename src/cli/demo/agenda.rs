//! What happens on a day, in the order of the clock. An act may put others behind it: a repair that was
//! accepted is dispatched a little later.

use std::collections::BTreeMap;

use domain::{Instant, Result};

use super::stage::Stage;

type Act = Box<dyn FnOnce(&Stage, &mut Agenda, Instant) -> Result<()>>;

/// The acts of a day that are still to come.
#[derive(Default)]
pub(super) struct Agenda {
    acts: BTreeMap<(Instant, u64), Act>,
    added: u64,
}

impl Agenda {
    /// Puts an act at its moment; of two at the same moment the one that was put first comes first.
    pub(super) fn at(
        &mut self,
        at: Instant,
        act: impl FnOnce(&Stage, &mut Self, Instant) -> Result<()> + 'static,
    ) {
        self.added += 1;
        self.acts.insert((at, self.added), Box::new(act));
    }

    /// Plays every act after `from` and before `until`. What lies outside is not played: what a day leaves
    /// undone, the next finds in the records.
    pub(super) fn play(&mut self, stage: &Stage, from: Instant, until: Instant) -> Result<()> {
        while let Some(((at, _), act)) = self.acts.pop_first() {
            if at >= until {
                return Ok(());
            }
            if at > from {
                act(stage, self, at)?;
            }
        }
        Ok(())
    }
}
