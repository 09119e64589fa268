//! The words of a story: an [`App`] is a portal of the test's own, a [`Visitor`] uses its pages, a [`Program`] its API.

mod answer;
mod app;
mod at_once;
mod cli;
mod community;
mod form;
mod page;
mod photo;
mod program;
mod server;
mod visitor;

pub(crate) use answer::Answer;
pub(crate) use app::{App, Community};
pub(crate) use at_once::at_once;
pub(crate) use cli::{Ran, command, linli};
pub(crate) use community::{HOME, PASSWORD, ROLES, data, register};
pub(crate) use form::Form;
pub(crate) use page::{Page, selector};
pub(crate) use photo::photo;
pub(crate) use program::Program;
pub(crate) use server::free_port;
pub(crate) use visitor::Visitor;
