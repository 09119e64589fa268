//! The register of homes 房屋台账, row by row: what each cell says, and what of it cannot be true.

use std::collections::HashMap;

use super::csv::Line;
use super::report::RowError;
use super::row::Row;
use super::table::{Column, Table, may, must};
use super::values::{self, Parsed};
use crate::homes::rules::{composed_code, floor_of};
use crate::homes::{BayKind, Status, UseKind};
use crate::people::rules::{email, id_last4, phone};
use crate::{Area, FieldError, LocalDate};

pub(super) const COLUMNS: &[Column] = &[
    must("building", &["楼栋", "栋号", "楼号", "楼栋号", "幢号", "building"]),
    may("entrance", &["单元", "单元号", "entrance"]),
    may("room", &["房号", "室号", "房间号", "门牌号", "room"]),
    may("code", &["房屋编码", "房屋编号", "房产编码", "房屋代码", "home", "code"]),
    may("floor", &["楼层", "层", "所在楼层", "floor"]),
    must("use", &["用途", "房屋用途", "使用性质", "房屋性质", "use"]),
    must("area", &["建筑面积", "面积", "收费面积", "计费面积", "area"]),
    must("delivered_on", &["交付日期", "收楼日期", "收房日期", "交房日期", "接房日期", "delivered_on"]),
    must("status", &["状态", "入住状态", "房屋状态", "入住情况", "status"]),
    must("owner", &["业主姓名", "姓名", "业主", "业主名称", "owner"]),
    may("phone", &["手机号", "联系电话", "手机", "电话", "手机号码", "业主电话", "phone"]),
    may("email", &["邮箱", "电子邮箱", "email"]),
    may("id_last4", &["证件后四位", "身份证后四位", "证件号后四位", "身份证号", "id_last4"]),
    may("bays", &["车位号", "车位", "车位编号", "bays"]),
    may("bay_kinds", &["车位类型", "车位性质", "bay_kinds"]),
];

const USES: &[(&[&str], UseKind)] = &[
    (&["住宅", "residential"], UseKind::Residential),
    (&["商铺", "店铺", "门面", "商业", "shop"], UseKind::Shop),
    (&["办公", "写字楼", "办公室", "office"], UseKind::Office),
];

const STATUSES: &[(&[&str], Status)] = &[
    (&["已入住", "入住", "自住", "出租", "已出租", "经营中", "occupied"], Status::Occupied),
    (&["空置", "未入住", "空房", "vacant"], Status::Vacant),
    (&["装修中", "装修", "在装修", "renovating"], Status::Renovating),
    (&["未交付", "未收楼", "未交房", "未收房", "undelivered"], Status::Undelivered),
];

const BAY_KINDS: &[(&[&str], BayKind)] = &[
    (&["产权", "自有", "产权车位", "owned"], BayKind::Owned),
    (&["租赁", "租用", "月租", "租赁车位", "leased"], BayKind::Leased),
];

/// An owner as the register names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) id_last4: Option<String>,
}

/// A home as the register has it.
#[derive(Debug, Clone)]
pub(super) struct HomeRow {
    /// Where its row is in the table.
    pub(super) at: usize,
    pub(super) building: String,
    pub(super) entrance: String,
    pub(super) room: String,
    pub(super) code: String,
    pub(super) floor: i32,
    pub(super) use_kind: UseKind,
    pub(super) area: Area,
    pub(super) delivered_on: Option<LocalDate>,
    pub(super) status: Status,
    pub(super) owner: Option<Owner>,
    pub(super) bays: Vec<(String, BayKind)>,
}

/// Reads every row; what is bad about each is kept beside the good ones.
pub(super) fn read(table: &Table, today: LocalDate) -> (Vec<HomeRow>, Vec<RowError>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    let mut seen = Seen::default();
    for (at, line) in table.rows.iter().enumerate() {
        match one(table, at, line, today).and_then(|row| seen.once(table, line, row)) {
            Ok(row) => good.push(row),
            Err(faults) => bad.extend(faults),
        }
    }
    (good, bad)
}

/// The homes and bays that earlier rows named, and on which line.
#[derive(Default)]
struct Seen {
    homes: HashMap<String, usize>,
    bays: HashMap<String, usize>,
}

impl Seen {
    fn once(&mut self, table: &Table, line: &Line, row: HomeRow) -> Result<HomeRow, Vec<RowError>> {
        let repeated = |key, first: usize| {
            let why = FieldError::new(key, "repeated");
            Err(vec![table.fault(line, key, why.with("first", first))])
        };
        if let Some(first) = self.homes.get(&row.code) {
            let key = if table.cell(line, "code").is_empty() { "room" } else { "code" };
            return repeated(key, *first);
        }
        for (bay, _) in &row.bays {
            if let Some(first) = self.bays.get(bay) {
                return repeated("bays", *first);
            }
            self.bays.insert(bay.clone(), line.number);
        }
        self.homes.insert(row.code.clone(), line.number);
        Ok(row)
    }
}

fn one(table: &Table, at: usize, line: &Line, today: LocalDate) -> Result<HomeRow, Vec<RowError>> {
    let mut row = Row::new(table, line);
    let place = place(&mut row);
    let use_kind = row.must("use", |text| values::word(text, USES, "unknown_use"));
    let area = row.must("area", values::area);
    let status = row.must("status", |text| values::word(text, STATUSES, "unknown_status"));
    let delivered_on = row.may("delivered_on", values::date);
    if let Some(status) = status {
        check_delivery(&mut row, status, delivered_on, today);
    }
    let owner = owner(&mut row, status);
    let bays = bays(&mut row);
    let whole = (|| {
        let (building, entrance, room, code, floor) = place?;
        let (use_kind, area, status) = (use_kind?, area?, status?);
        Some(HomeRow {
            at,
            building,
            entrance,
            room,
            code,
            floor,
            use_kind,
            area,
            delivered_on,
            status,
            owner,
            bays,
        })
    })();
    row.done(whole)
}

type Place = (String, String, String, String, i32);

/// Building, entrance, room, code and floor; the code is composed where the register gives none.
fn place(row: &mut Row) -> Option<Place> {
    let building = row.must("building", values::code);
    let (entrance, room, given) = (row.code("entrance"), row.code("room"), row.code("code"));
    let floor = row.may("floor", |text| values::whole(text, -9, 199));
    if row.raw("room").is_empty() && row.raw("code").is_empty() {
        row.fault("room", FieldError::new("room", "no_home"));
        return None;
    }
    let building = building?;
    let code = if given.is_empty() { composed_code(&building, &entrance, &room) } else { given };
    let floor = match floor {
        Some(floor) => floor,
        None if row.raw("floor").is_empty() => floor_of(&room).unwrap_or(1),
        None => return None,
    };
    Some((building, entrance, room, code, floor))
}

/// A delivered home has its date, and one that is not delivered has none that has passed.
fn check_delivery(row: &mut Row, status: Status, delivered_on: Option<LocalDate>, today: LocalDate) {
    let blank = row.raw("delivered_on").is_empty();
    match status {
        Status::Undelivered if delivered_on.is_some_and(|day| day <= today) => {
            row.fault("status", FieldError::new("status", "delivered_already"));
        }
        Status::Undelivered => {}
        _ if blank => row.fault("delivered_on", FieldError::new("delivered_on", "required")),
        _ => {}
    }
}

/// The owner; a delivered home has one, an undelivered one may be the developer's still.
fn owner(row: &mut Row, status: Option<Status>) -> Option<Owner> {
    let name = row.text("owner");
    if row.raw("owner").is_empty() && status.is_some_and(|status| status != Status::Undelivered) {
        row.fault("owner", FieldError::new("owner", "required"));
    }
    let phone = row.may("phone", phone);
    let email = row.may("email", email);
    let id_last4 = row.may("id_last4", id_last4);
    (!name.is_empty()).then_some(Owner { name, phone, email, id_last4 })
}

/// The bays with how each is held; one word may stand for all of them.
fn bays(row: &mut Row) -> Vec<(String, BayKind)> {
    let codes = row.may("bays", |text| -> Parsed<Vec<String>> {
        values::parts(text).iter().map(|part| values::code(part)).collect()
    });
    let kinds = row.may("bay_kinds", |text| -> Parsed<Vec<BayKind>> {
        let kinds = values::parts(text);
        kinds.iter().map(|part| values::word(part, BAY_KINDS, "unknown_bay_kind")).collect()
    });
    let (Some(codes), Some(kinds)) = (or_none(row, "bays", codes), or_none(row, "bay_kinds", kinds)) else {
        return Vec::new();
    };
    match kinds.as_slice() {
        [kind] if !codes.is_empty() => codes.into_iter().map(|code| (code, *kind)).collect(),
        _ if codes.len() == kinds.len() => codes.into_iter().zip(kinds).collect(),
        _ => {
            let why = FieldError::new("bay_kinds", "bay_kinds_differ");
            row.fault("bay_kinds", why.with("bays", codes.len()).with("kinds", kinds.len()));
            Vec::new()
        }
    }
}

/// An empty cell is an empty list; a bad one is none.
fn or_none<T>(row: &Row, key: &str, parsed: Option<Vec<T>>) -> Option<Vec<T>> {
    if row.raw(key).is_empty() { Some(Vec::new()) } else { parsed }
}
