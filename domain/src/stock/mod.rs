//! The price list 价目表 and the store 库房: labour and materials with their prices, what lies in the store, what
//! came in, what a repair took, what a count 盘点 found. What lies there never falls below nothing: a rule
//! says so, and the table as well.

mod faults;
mod items;
mod month;
mod movements;

pub use faults::faults;
pub use items::{Item, NewItem, all, find, save};
pub use month::{Month, Taken, month, taken_in};
pub use movements::{Movement, Used, count, of_case, receive, take};

crate::words! {
    /// What a line of the price list is.
    Kind {
        /// Work, by the hour or by the job 人工.
        Labour = "labour",
        /// A part or a material, with a place in the store 材料.
        Material = "material",
    }
}

#[cfg(test)]
mod tests;
