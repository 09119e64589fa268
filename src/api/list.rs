//! Lists of the API: `?community&limit&cursor` in, `{"items","next_cursor"}` out (interfaces.md).

use std::str::FromStr;

use domain::access::Actor;
use domain::{CommunityId, Db, Error, FieldError, Instant};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ctx::{Ctx, Reply, community_of};

/// Which community's, where the asker belongs to several.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Where {
    /// Its code.
    pub(super) community: Option<String>,
}

impl Where {
    /// Answers with all that the community has of something.
    pub(crate) async fn all<T: Serialize + Send + 'static>(
        self,
        ctx: &Ctx,
        find: impl FnOnce(&mut Db, &Actor, Instant, CommunityId) -> domain::Result<Vec<T>> + Send + 'static,
    ) -> Reply {
        let rows = in_community(ctx, self.community, find).await?;
        ctx.json(200, &Items::all(rows))
    }
}

/// Which part of a list, and of which community's where the asker belongs to several.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct List {
    pub(super) community: Option<String>,
    #[schemars(range(min = 1, max = 200))]
    pub(super) limit: Option<i64>,
    pub(super) cursor: Option<String>,
}

/// The id behind which a part begins, and how many rows are asked for.
pub(crate) type Part = (Option<i64>, i64);

impl List {
    /// Answers with the part that is asked for. `find` gives the rows of one, in the order of the ids that the cursor
    /// names.
    pub(crate) async fn answer<T: Serialize + Send + 'static>(
        self,
        ctx: &Ctx,
        find: impl FnOnce(&mut Db, &Actor, Instant, CommunityId, Part) -> domain::Result<Vec<T>> + Send + 'static,
        id: impl Fn(&T) -> i64,
    ) -> Reply {
        let (limit, after) = (self.limit()?, self.after()?);
        // One more than is shown tells whether that is all.
        let part = (after, limit + 1);
        let rows = in_community(ctx, self.community, move |db, actor, now, community| {
            find(db, actor, now, community, part)
        })
        .await?;
        ctx.json(200, &Items::of(rows, limit, id))
    }

    /// How many: 50 where nothing is said, 200 at most.
    pub(crate) fn limit(&self) -> domain::Result<i64> {
        let limit = self.limit.unwrap_or(50);
        if (1..=200).contains(&limit) {
            return Ok(limit);
        }
        Err(Error::Invalid(vec![FieldError::new("limit", "between").with("least", 1).with("most", 200)]))
    }

    /// The id after which the part begins.
    pub(crate) fn after(&self) -> domain::Result<Option<i64>> {
        let parse = |text: &String| text.parse().map_err(|_| Error::field("cursor", "invalid"));
        self.cursor.as_ref().map(parse).transpose()
    }
}

async fn in_community<T: Send + 'static>(
    ctx: &Ctx,
    code: Option<String>,
    find: impl FnOnce(&mut Db, &Actor, Instant, CommunityId) -> domain::Result<T> + Send + 'static,
) -> domain::Result<T> {
    ctx.read(move |db, actor, now| {
        let community = community_of(db, actor, code.as_deref())?.id;
        find(db, actor, now, community)
    })
    .await
}

/// A word that a list may be asked with: `?state=running`.
pub(crate) fn word<T: FromStr>(field: &'static str, text: Option<&str>) -> domain::Result<Option<T>> {
    text.map(|text| text.parse().map_err(|_| Error::field(field, "choice"))).transpose()
}

/// A part of a list, and where the next one begins.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Items<T> {
    /// This part.
    pub(crate) items: Vec<T>,
    /// What to ask with for the next part; none at the end.
    pub(crate) next_cursor: Option<String>,
}

impl<T> Items<T> {
    /// All there is.
    pub(crate) fn all(items: Vec<T>) -> Self {
        Self { items, next_cursor: None }
    }

    /// A part from the rows of a query that asked for one more than `limit`; `id` is what the cursor names.
    pub(crate) fn of(mut rows: Vec<T>, limit: i64, id: impl Fn(&T) -> i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|row| id(row).to_string());
        Self { items: rows, next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_goes_on_where_it_ended() {
        let part = Items::of(vec![1, 2, 3], 2, |n| *n);
        assert_eq!((part.items, part.next_cursor.as_deref()), (vec![1, 2], Some("2")));
        assert_eq!(Items::of(vec![1, 2], 2, |n| *n).next_cursor, None);
    }

    #[test]
    fn a_part_has_between_one_and_two_hundred_rows() {
        let asked =
            |limit, cursor: Option<&str>| List { community: None, limit, cursor: cursor.map(str::to_owned) };
        for (limit, expected) in
            [(None, Some(50)), (Some(1), Some(1)), (Some(200), Some(200)), (Some(0), None), (Some(201), None)]
        {
            assert_eq!(asked(limit, None).limit().ok(), expected, "{limit:?}");
        }
        for (cursor, expected) in [(None, Some(None)), (Some("7"), Some(Some(7))), (Some("x"), None)] {
            assert_eq!(asked(None, cursor).after().ok(), expected, "{cursor:?}");
        }
    }
}
