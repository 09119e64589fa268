//! Nobody in where they don't belong (quality.md §2), generated from the list of routes that the binary
//! prints: every route × who asks × the object, every change × where it comes from, every answer × its headers.
//! A new route with an id fails here until [`objects`] knows an object of its kind.

pub(crate) mod asker;
mod attack;
mod borders;
mod fuzz;
mod headers;
mod matrix;
mod objects;

pub(crate) use asker::{change, look_up};
use serde::Deserialize;

use crate::harness::App;

/// A route as `linli routes` prints it.
#[derive(Debug, Clone, Deserialize)]
struct Route {
    method: String,
    path: String,
    access: String,
    /// Who may ever use it, and in which relation to the object.
    roles: Vec<(String, String)>,
}

impl Route {
    fn all(app: &App) -> Vec<Self> {
        let routes: Vec<Self> = serde_json::from_value(app.linli(&["routes"]).ok().json()).unwrap();
        assert!(routes.len() > 100, "the routes were printed");
        routes
    }

    fn is_public(&self) -> bool {
        self.access == "public" || self.access == "provider"
    }

    fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    fn has_object(&self) -> bool {
        self.path.contains('{')
    }

    /// How a role stands to what it may reach here; none where it never may.
    fn relation(&self, role: &str) -> Option<&str> {
        self.roles.iter().find(|(held, _)| held == role).map(|(_, relation)| relation.as_str())
    }

    /// An address of the route with the same text in each of its parts.
    fn with(&self, part: &str) -> String {
        let parts = self.path.split('/').map(|one| if one.starts_with('{') { part } else { one });
        parts.collect::<Vec<_>>().join("/")
    }
}
