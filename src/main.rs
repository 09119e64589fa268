//! Linli 邻里: the resident service portal of a property management office.

mod assets;
mod views;

fn main() {}
