//! Statements that stay prepared. Diesel keeps those whose text follows from their type, and prepares others each
//! time: texts of our own and lists of ids. SQLite itself prepares a statement again each time that its limit is
//! bound, as `first` and `limit` do it (`get_result` has none), or a value that a partial index is about. For most
//! statements of a page that is more work than they are themselves.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// Asks on the connection itself, as `directly!(db, db => query.load(db))`. Through the connection that stands for both
/// databases diesel writes a statement's text anew for each of its steps, which took a third of a page's time; so this is
/// for what every page asks.
///
/// A query in a box names the kind of database: `directly!(db, (db, Backend) => …into_boxed::<Backend>()…)`.
macro_rules! directly {
    ($db:expr, $own:ident => $ask:expr) => {
        match &mut *$db {
            $crate::Db::Sqlite($own) => $ask,
            $crate::Db::Pg($own) => $ask,
        }
    };
    ($db:expr, ($own:ident, $kind:ident) => $ask:expr) => {
        match &mut *$db {
            $crate::Db::Sqlite($own) => {
                type $kind = diesel::sqlite::Sqlite;
                $ask
            }
            $crate::Db::Pg($own) => {
                type $kind = diesel::pg::Pg;
                $ask
            }
        }
    };
}
pub(crate) use directly;

/// A list of at most so many ids is short.
const SHORT: usize = 8;

/// A query whose statement stays prepared for as long as its connection lives: each text that it can have, so these
/// must be few.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept<Q> {
    query: Q,
    keep: bool,
    most: Option<i64>,
}

impl<Q> Kept<Q> {
    /// A query with few texts.
    pub(crate) fn new(query: Q) -> Self {
        Self { query, keep: true, most: None }
    }

    /// A query with so many ids in its lists; one with many is prepared each time.
    pub(crate) fn listing(count: usize, query: Q) -> Self {
        Self { query, keep: count <= SHORT, most: None }
    }

    /// At most so many rows: the limit stands in the text. The query must have none of its own.
    pub(crate) fn at_most(self, rows: i64) -> Self {
        Self { most: Some(rows), ..self }
    }
}

impl<DB: Backend, Q: QueryFragment<DB>> QueryFragment<DB> for Kept<Q> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(pass.reborrow())?;
        if let Some(rows) = self.most {
            pass.push_sql(&format!(" LIMIT {rows}"));
        }
        Ok(())
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(self.keep)
    }
}

impl<Q> QueryId for Kept<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Kept<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Conn> RunQueryDsl<Conn> for Kept<Q> {}
