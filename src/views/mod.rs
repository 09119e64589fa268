//! What each template is given, as a type with samples: a test renders every page with them, in both
//! languages. One engine per language, so that a template says `t(key="…")` and needs no language.

pub(crate) mod access;
pub(crate) mod admin;
pub(crate) mod audit;
pub(crate) mod books;
pub(crate) mod cases;
pub(crate) mod complaints;
pub(crate) mod curve;
pub(crate) mod design;
pub(crate) mod desk;
pub(crate) mod dispatch;
mod engine;
pub(crate) mod enquiries;
pub(crate) mod errors;
pub(crate) mod figures;
pub(crate) mod filters;
mod fold;
pub(crate) mod home;
pub(crate) mod imports;
pub(crate) mod incidents;
pub(crate) mod manager;
pub(crate) mod meters;
pub(crate) mod money;
pub(crate) mod move_ins;
pub(crate) mod nav;
pub(crate) mod notice;
pub(crate) mod notifications;
pub(crate) mod publications;
pub(crate) mod register;
pub(crate) mod renovation;
pub(crate) mod repairs;
pub(crate) mod residents;
pub(crate) mod return_visits;
pub(crate) mod roster;
pub(crate) mod service_checks;
pub(crate) mod settings;
pub(crate) mod shell;
pub(crate) mod stock;
pub(crate) mod supervisor;
mod texts;
pub(crate) mod visits;

pub(crate) use engine::Views;
pub(crate) use shell::Shell;
pub(crate) use texts::Texts;

/// The data of one template.
pub(crate) trait View: serde::Serialize {
    /// The template, below `templates/`.
    const TEMPLATE: &'static str;

    /// Examples that show every branch of the template: full, empty, wrong.
    #[cfg_attr(not(test), expect(dead_code, reason = "the tests render them"))]
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

#[cfg(test)]
mod tests;
