//! Faults: what the portal survives.
