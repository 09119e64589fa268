//! The register: which home has which meter, from which day and reading on, until when.

use diesel::prelude::*;

use crate::db::schema::meters;
use crate::{CommunityId, Db, HomeId, LocalDate, MeterId, Result};

crate::words! {
    /// What a meter measures.
    Kind {
        /// 水, in tons.
        Water = "water",
        /// 电, in kilowatt-hours.
        Electricity = "electricity",
        /// 气, in cubic metres.
        Gas = "gas",
        /// 热, in kilowatt-hours.
        Heat = "heat",
    }
}

/// A meter as the table has it. Its dial counts in hundredths.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = meters)]
pub struct Meter {
    /// Its id.
    pub id: MeterId,
    /// The community.
    pub community_id: CommunityId,
    /// Whose it is.
    pub home_id: HomeId,
    /// What it measures.
    pub kind: Kind,
    /// The number on it.
    pub number: String,
    /// By what the dial is multiplied.
    pub multiplier: i64,
    /// Where the dial begins again, in hundredths.
    pub turns_at: i64,
    /// When it was put in.
    pub installed_on: LocalDate,
    /// What it said then.
    pub first_reading: i64,
    /// When it was taken out, or exchanged for another.
    pub removed_on: Option<LocalDate>,
}

/// What a register says of a meter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMeter {
    /// Whose it is.
    pub home: HomeId,
    /// What it measures.
    pub kind: Kind,
    /// The number on it.
    pub number: String,
    /// By what the dial is multiplied.
    pub multiplier: i64,
    /// Where the dial begins again, in hundredths.
    pub turns_at: i64,
    /// When it was put in.
    pub installed_on: LocalDate,
    /// What it said then.
    pub first_reading: i64,
    /// When it was taken out.
    pub removed_on: Option<LocalDate>,
}

impl Meter {
    /// What a register would say of it.
    pub fn says(&self) -> NewMeter {
        NewMeter {
            home: self.home_id,
            kind: self.kind,
            number: self.number.clone(),
            multiplier: self.multiplier,
            turns_at: self.turns_at,
            installed_on: self.installed_on,
            first_reading: self.first_reading,
            removed_on: self.removed_on,
        }
    }
}

/// The meter of an id.
pub(super) fn by_id(db: &mut Db, id: MeterId) -> Result<Meter> {
    Ok(meters::table.find(id.0).select(Meter::as_select()).first(db)?)
}

/// The meter of a kind and number.
pub fn by_number(db: &mut Db, community: CommunityId, kind: Kind, number: &str) -> Result<Option<Meter>> {
    let own = meters::table.filter(meters::community_id.eq(community.0).and(meters::kind.eq(kind)));
    Ok(own.filter(meters::number.eq(number)).select(Meter::as_select()).first(db).optional()?)
}

/// What is known of a meter that a register names, and whether it has been read.
pub(crate) fn known(db: &mut Db, community: CommunityId, new: &NewMeter) -> Result<Option<(Meter, bool)>> {
    use crate::db::schema::meter_readings;
    let Some(meter) = by_number(db, community, new.kind, &new.number)? else { return Ok(None) };
    let read = meter_readings::table.filter(meter_readings::meter_id.eq(meter.id.0));
    let read = read.count().get_result::<i64>(db)? > 0;
    Ok(Some((meter, read)))
}

/// Writes a meter down.
pub(crate) fn write(tx: &mut Db, community: CommunityId, old: Option<MeterId>, new: &NewMeter) -> Result<()> {
    let row = (
        meters::community_id.eq(community),
        meters::home_id.eq(new.home),
        meters::kind.eq(new.kind),
        meters::number.eq(&new.number),
        meters::multiplier.eq(new.multiplier),
        meters::turns_at.eq(new.turns_at),
        meters::installed_on.eq(new.installed_on),
        meters::first_reading.eq(new.first_reading),
        meters::removed_on.eq(new.removed_on),
    );
    match old {
        None => diesel::insert_into(meters::table).values(row).execute(tx)?,
        Some(id) => diesel::update(meters::table.find(id.0)).set(row).execute(tx)?,
    };
    Ok(())
}
