//! For tests of getting in: a migrated database with one community, and a key.

use diesel::prelude::*;

use crate::access::{Actor, Vault};
use crate::community::{self, NewCommunity};
use crate::db::schema::people;
use crate::{Clock, CommunityId, Db, Instant, PersonId, Result, Store};

/// 锦绣花园 before anybody lives there.
pub(crate) struct Fresh {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) now: Instant,
    pub(crate) community: CommunityId,
    _folder: tempfile::TempDir,
}

impl Fresh {
    /// In a folder of its own, which goes with it.
    pub(crate) fn made() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}", folder.path().join("t.db").display())).unwrap();
        store.migrate().unwrap();
        let now = Clock::system().now();
        let new =
            NewCommunity {
                code: "JXHY".into(), name: "锦绣花园".into(), timezone: "Asia/Shanghai".into()
            };
        let made = store.write_now(|tx| community::add(tx, &Actor::system("test"), now, &new));
        let vault = Vault::of(b"the key of this installation").unwrap();
        Self { store, vault, now, community: made.unwrap().id, _folder: folder }
    }

    /// Somebody of the register.
    pub(crate) fn person(&self, tx: &mut Db, name: &str, phone: &str) -> Result<PersonId> {
        let row = (
            people::community_id.eq(self.community),
            people::name.eq(name),
            people::phone.eq(phone),
            people::created_at.eq(self.now),
        );
        Ok(diesel::insert_into(people::table).values(row).returning(people::id).get_result(tx)?)
    }
}
