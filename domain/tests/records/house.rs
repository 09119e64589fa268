//! A community with one person, on a fresh database of either kind.

use diesel::prelude::*;
use domain::access::Actor;
use domain::community::{self, NewCommunity};
use domain::db::schema::people;
use domain::{CommunityId, Instant, PersonId, Store};
use test_support::{Database, Kind, On};

/// A migrated database with the community 锦绣花园 and one person of it.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) community: CommunityId,
    pub(crate) person: PersonId,
    _database: Database,
}

impl On for House {
    fn on(kind: Kind) -> Self {
        let database = Database::on(kind);
        let store = Store::open(database.url()).unwrap();
        store.migrate().unwrap();
        let now = instant("2026-11-01T00:00:00Z");
        let new =
            NewCommunity {
                code: "JXHY".into(), name: "锦绣花园".into(), timezone: "Asia/Shanghai".into()
            };
        let community =
            store.write_now(|tx| community::add(tx, &Actor::system("test"), now, &new)).unwrap().id;
        let person = store.write_now(|tx| {
            let row = (
                people::community_id.eq(community),
                people::name.eq("李秀英"),
                people::phone.eq("13900001234"),
                people::created_at.eq(now),
            );
            Ok(diesel::insert_into(people::table).values(row).returning(people::id).get_result(tx)?)
        });
        Self { store, community, person: person.unwrap(), _database: database }
    }
}

/// An instant as RFC 3339 has it.
pub(crate) fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}
