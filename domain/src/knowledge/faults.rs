//! What `linli check` asks of the knowledge base: versions without a gap, an index that says what they say.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{State, records, search};
use crate::db::schema::article_terms;
use crate::{CommunityId, Db, Result};

/// What is wrong with the articles of a community, a sentence each.
pub fn faults(db: &mut Db, community: CommunityId) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (article, version) in records::list(db, community, State::ALL, 100_000)? {
        let count = records::versions(db, community, article.id)?.len();
        if i32::try_from(count).ok() != Some(article.version) {
            found.push(format!("article {}: version {}, {count} are kept", article.id, article.version));
        }
        let indexed: Vec<(String, i32)> = article_terms::table
            .filter(article_terms::article_id.eq(article.id))
            .select((article_terms::term, article_terms::weight))
            .load(db)?;
        let indexed: BTreeMap<String, i32> = indexed.into_iter().collect();
        if indexed != search::weights(&version.text()) {
            found.push(format!("article {}: what it is found by is not what it says", article.id));
        }
    }
    Ok(found)
}
