//! The community 锦绣花园 with its 888 homes and their owners, put into a fresh database row by row: what
//! money needs of a register, and nothing of the importer.

use std::path::Path;

use diesel::prelude::*;
use domain::access::{Actor, Role};
use domain::billing::{self, Run, What};
use domain::community::{self, NewCommunity};
use domain::db::schema::{bays, buildings, fee_items, homes, occupancies, people, role_grants, tariffs};
use domain::ledger::{self, Book};
use domain::payments::{self, Method, NewPayment};
use domain::{
    Area, CommunityId, Db, Fen, HomeId, Instant, LedgerAccountId, LocalDate, Month, PaymentId, PersonId,
    Rate, Result, Store,
};
use test_support::{Database, Kind, On};

/// A billed or yet unbilled community.
pub(crate) struct Estate {
    pub(crate) store: Store,
    pub(crate) community: CommunityId,
    /// Two cashiers and a manager.
    pub(crate) cashier: Actor,
    pub(crate) other_cashier: Actor,
    pub(crate) manager: Actor,
    pub(crate) database: Database,
}

impl On for Estate {
    fn on(kind: Kind) -> Self {
        let database = Database::prepared(kind, "estate", |url| {
            let store = Store::open(url).unwrap();
            store.migrate().unwrap();
            store.write_now(fill).unwrap();
        });
        let store = Store::open(database.url()).unwrap();
        let actor = |name: &str| {
            store.read_now(|db| {
                let id: PersonId =
                    people::table.filter(people::name.eq(name)).select(people::id).first(db)?;
                Actor::load(db, id, day("2026-11-01"), "test")
            })
        };
        let (cashier, other_cashier, manager) =
            (actor("收费员甲").unwrap(), actor("收费员乙").unwrap(), actor("经理").unwrap());
        Self { community: CommunityId(1), cashier, other_cashier, manager, store, database }
    }
}

pub(crate) fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

pub(crate) fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// 1 November 2026, 02:00 in the community.
pub(crate) const BILLING: &str = "2026-10-31T18:00:00Z";

impl Estate {
    /// Bills a period at an instant.
    pub(crate) fn bill(&self, period: &str, at: &str) -> Run {
        self.run((period, What::Items), at)
    }

    /// Bills what it is of a period, at an instant.
    pub(crate) fn run(&self, (period, what): (&str, What), at: &str) -> Run {
        let asked = (month(period), what);
        billing::run_now(&self.store, &self.manager, instant(at), self.community, asked).unwrap()
    }

    pub(crate) fn home(&self, code: &str) -> HomeId {
        self.store
            .read_now(|db| Ok(homes::table.filter(homes::code.eq(code)).select(homes::id).first(db)?))
            .unwrap()
    }

    /// The account of a home's owner.
    pub(crate) fn account(&self, code: &str) -> ledger::Account {
        let home = self.home(code);
        self.store.read_now(|db| Ok(ledger::of_home(db, home, Book::Fees)?.remove(0))).unwrap()
    }

    pub(crate) fn account_id(&self, code: &str) -> LedgerAccountId {
        self.account(code).id
    }

    /// The charges of a home's owner, oldest first.
    pub(crate) fn charges(&self, code: &str) -> Vec<ledger::ChargeLine> {
        let filter =
            ledger::ChargeFilter { home: Some(self.home(code)), with_reversed: true, ..Default::default() };
        let page = ledger::Page { after: 0, limit: 100 };
        self.store.read_now(|db| ledger::list(db, self.community, &filter, page)).unwrap()
    }

    /// Takes cash for a home at an instant.
    pub(crate) fn pay(&self, code: &str, fen: i64, at: &str) -> PaymentId {
        self.try_pay(&new_payment(self.home(code), fen), at).unwrap()
    }

    pub(crate) fn try_pay(&self, new: &NewPayment, at: &str) -> Result<PaymentId> {
        self.store.write_now(|tx| payments::take(tx, &self.cashier, instant(at), new))
    }

    pub(crate) fn payment(&self, id: PaymentId) -> payments::Payment {
        self.store.read_now(|db| payments::by_id(db, id)).unwrap()
    }

    /// What `linli check` says.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.store.read_now(|db| domain::check::community(db, self.community)).unwrap()
    }

    pub(crate) fn sql(&self, sql: &str) {
        self.store.write_now(|tx| Ok(diesel::sql_query(sql).execute(tx)?)).unwrap();
    }
}

/// Two who begin in the same moment; what became of each.
pub(crate) fn at_once<T: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> T) -> [T; 2] {
    let gate = std::sync::Barrier::new(2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            gate.wait();
            one()
        });
        gate.wait();
        let second = other();
        [first.join().unwrap(), second]
    })
}

pub(crate) fn new_payment(home: HomeId, fen: i64) -> NewPayment {
    NewPayment {
        home,
        payer: None,
        amount: Fen(fen),
        method: Method::Cash,
        allocate: vec![],
        note: String::new(),
    }
}

/// The rows of a register, as the demo imports it.
pub(crate) fn register(name: &str) -> Vec<csv::StringRecord> {
    rows(&Path::new("demo/data").join(name))
}

/// The rows that have to come out.
pub(crate) fn expected(name: &str) -> Vec<csv::StringRecord> {
    rows(&Path::new("tests/data").join(name))
}

fn rows(file: &Path) -> Vec<csv::StringRecord> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    csv::Reader::from_path(path).unwrap().records().map(|row| row.unwrap()).collect()
}

fn fill(tx: &mut Db) -> Result<()> {
    let now = instant("2026-10-01T00:00:00Z");
    let new =
        NewCommunity { code: "JXHY".into(), name: "锦绣花园".into(), timezone: "Asia/Shanghai".into() };
    let community = community::add(tx, &Actor::system("test"), now, &new)?.id;
    for (name, role) in [("收费员甲", Role::Cashier), ("收费员乙", Role::Cashier), ("经理", Role::Manager)]
    {
        let person = person(tx, community, name, None)?;
        let grant = (
            role_grants::community_id.eq(community),
            role_grants::person_id.eq(person),
            role_grants::role.eq(role.as_str()),
            role_grants::starts_on.eq(day("2021-01-01")),
        );
        diesel::insert_into(role_grants::table).values(grant).execute(tx)?;
    }
    fill_items(tx, community)?;
    for (n, row) in register("homes.csv").iter().enumerate() {
        fill_home(tx, community, i64::try_from(n).unwrap() + 1, row)?;
    }
    Ok(())
}

fn person(tx: &mut Db, community: CommunityId, name: &str, email: Option<&str>) -> Result<PersonId> {
    let row = (
        people::community_id.eq(community),
        people::name.eq(name),
        people::email.eq(email),
        people::created_at.eq(instant("2026-10-01T00:00:00Z")),
    );
    Ok(diesel::insert_into(people::table).values(row).returning(people::id).get_result(tx)?)
}

fn fill_items(tx: &mut Db, community: CommunityId) -> Result<()> {
    for (n, row) in register("fee_items.csv").iter().enumerate() {
        let basis = match &row[2] {
            "按建筑面积" => "area",
            "按户" => "home",
            _ => "bay",
        };
        let applies_to = match &row[3] {
            "住宅" => "residential",
            "商铺" => "shop",
            "产权" => "owned",
            _ => "leased",
        };
        let item = (
            fee_items::community_id.eq(community),
            fee_items::code.eq(&row[0]),
            fee_items::name.eq(&row[1]),
            fee_items::basis.eq(basis),
            fee_items::applies_to.eq(applies_to),
            fee_items::unit.eq(&row[5]),
            fee_items::due_day.eq(row[7].parse::<i32>().unwrap()),
            fee_items::register_order.eq(i64::try_from(n).unwrap() + 1),
        );
        let id: i64 =
            diesel::insert_into(fee_items::table).values(item).returning(fee_items::id).get_result(tx)?;
        let tariff = (
            tariffs::community_id.eq(community),
            tariffs::fee_item_id.eq(id),
            tariffs::rate.eq(Rate::parse(&row[4]).unwrap()),
            tariffs::starts_on.eq(day(&row[8])),
        );
        diesel::insert_into(tariffs::table).values(tariff).execute(tx)?;
    }
    Ok(())
}

fn fill_home(tx: &mut Db, community: CommunityId, order: i64, row: &csv::StringRecord) -> Result<()> {
    let delivered: Option<LocalDate> = row[7].parse().ok();
    let home = (
        homes::community_id.eq(community),
        homes::building_id.eq(building(tx, community, &row[0], order)?),
        homes::code.eq(&row[3]),
        homes::entrance.eq(&row[1]),
        homes::floor.eq(row[4].parse::<i32>().unwrap_or(1)),
        homes::room.eq(&row[2]),
        homes::use_kind.eq(if &row[5] == "住宅" { "residential" } else { "shop" }),
        homes::area.eq(Area::parse(&row[6]).unwrap()),
        homes::delivered_on.eq(delivered),
        homes::register_order.eq(order),
        homes::register_status.eq(if delivered.is_some() { "occupied" } else { "undelivered" }),
    );
    let id: HomeId = diesel::insert_into(homes::table).values(home).returning(homes::id).get_result(tx)?;
    if let Some(delivered) = delivered {
        let owner = person(tx, community, &row[9], Some(&row[11]).filter(|mail| !mail.is_empty()))?;
        let occupancy = (
            occupancies::community_id.eq(community),
            occupancies::home_id.eq(id),
            occupancies::person_id.eq(owner),
            occupancies::kind.eq("owner"),
            occupancies::lives_there.eq(false),
            occupancies::pays.eq(true),
            occupancies::starts_on.eq(delivered),
        );
        diesel::insert_into(occupancies::table).values(occupancy).execute(tx)?;
    }
    let codes = row[13].split('、').filter(|code| !code.is_empty());
    for (n, (code, kind)) in codes.zip(row[14].split('、')).enumerate() {
        let bay = (
            bays::community_id.eq(community),
            bays::home_id.eq(id),
            bays::code.eq(code),
            bays::kind.eq(if kind == "产权" { "owned" } else { "leased" }),
            bays::position.eq(i32::try_from(n).unwrap()),
        );
        diesel::insert_into(bays::table).values(bay).execute(tx)?;
    }
    Ok(())
}

fn building(tx: &mut Db, community: CommunityId, code: &str, order: i64) -> Result<i64> {
    let known =
        buildings::table.filter(buildings::code.eq(code)).select(buildings::id).first(tx).optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let row = (
        buildings::community_id.eq(community),
        buildings::code.eq(code),
        buildings::register_order.eq(order),
    );
    Ok(diesel::insert_into(buildings::table).values(row).returning(buildings::id).get_result(tx)?)
}
