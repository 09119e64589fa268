//! Many who do something in the same moment.

use std::sync::Barrier;
use std::thread::scope;

use super::Answer;

/// Does something so many times, all beginning in the same moment.
pub(crate) fn at_once(count: usize, act: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    let gate = Barrier::new(count);
    let one = |n| {
        gate.wait();
        act(n)
    };
    scope(|scope| {
        let one = &one;
        let all: Vec<_> = (0..count).map(|n| scope.spawn(move || one(n))).collect();
        all.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
