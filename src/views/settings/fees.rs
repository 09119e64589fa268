//! The pages of fee items: what is charged, at which rate since when, to whom an exception is made.

use domain::billing::Example;
use domain::billing::exceptions::{Listed, Terms};
use domain::billing::explain::explain;
use domain::billing::intervals::{self, Period};
use domain::billing::items::Tariffed;
use domain::late_fees::Agreed;
use domain::{Fen, LocalDate, Month, Rate};
use serde::Serialize;

use crate::form::Form;
use crate::views::View;
use crate::views::money::billing::TariffRow;
use crate::views::money::given_back::GivenBackView;

/// An item with its tariffs, newest first.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ItemRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) by: &'static str,
    pub(crate) applies_to: &'static str,
    pub(crate) unit: String,
    pub(crate) due_day: i32,
    pub(crate) book: &'static str,
    /// Whether runs bill it.
    pub(crate) periodic: bool,
    /// How many months are billed at once, as it was set last.
    pub(crate) months: i32,
    pub(crate) ends_on: Option<LocalDate>,
    pub(crate) tariffs: Vec<TariffRow>,
}

impl From<Tariffed> for ItemRow {
    fn from(one: Tariffed) -> Self {
        let rate = |(since, rate): (LocalDate, domain::Rate)| TariffRow { since, rate: format!("¥{rate}") };
        Self {
            by: one.item.basis.as_str(),
            book: one.item.basis.book().as_str(),
            code: one.item.code,
            name: one.item.name,
            applies_to: one.item.applies_to.as_str(),
            unit: one.item.unit,
            due_day: one.item.due_day,
            periodic: one.item.periodic,
            months: one.intervals.last().map_or(1, |interval| interval.months),
            ends_on: one.item.ends_on,
            tariffs: one.tariffs.into_iter().rev().map(rate).collect(),
        }
    }
}

/// Every item.
#[derive(Debug, Serialize)]
pub(crate) struct FeesView {
    pub(crate) going: Vec<ItemRow>,
    pub(crate) ended: Vec<ItemRow>,
}

/// The form of a new one.
#[derive(Debug, Serialize)]
pub(crate) struct NewFeeView {
    pub(crate) form: Form,
}

/// One item.
#[derive(Debug, Serialize)]
pub(crate) struct FeeView {
    pub(crate) item: ItemRow,
    /// What the next run gives back of it.
    pub(crate) given_back: GivenBackView,
    pub(crate) change: Form,
    pub(crate) tariff: Form,
    /// What a tariff that is being tried would make of real homes.
    pub(crate) examples: Vec<ExampleRow>,
    pub(crate) interval: Form,
    /// How often it was billed since when, newest first.
    pub(crate) intervals: Vec<IntervalRow>,
    /// The first period of an interval that is being tried, and what it would make of real homes.
    pub(crate) interval_tried: Option<PeriodRow>,
    pub(crate) interval_examples: Vec<ExampleRow>,
    pub(crate) exception: Form,
    pub(crate) exceptions: Vec<ExceptionRow>,
    /// The form of new terms for late payment.
    pub(crate) late: Form,
    /// What was agreed for late payment, newest first.
    pub(crate) late_terms: Vec<LateRow>,
}

/// How often an item is billed from a month on.
#[derive(Debug, Serialize)]
pub(crate) struct IntervalRow {
    pub(crate) from: Month,
    pub(crate) months: i32,
    pub(crate) timing: &'static str,
    pub(crate) by: Option<String>,
}

impl From<intervals::Listed> for IntervalRow {
    fn from(one: intervals::Listed) -> Self {
        Self { from: one.from, months: one.months, timing: one.timing.as_str(), by: one.by }
    }
}

/// A period: its months, and whose run charges it.
#[derive(Debug, Serialize)]
pub(crate) struct PeriodRow {
    pub(crate) first: Month,
    pub(crate) last: Month,
    pub(crate) charged_in: Month,
}

impl PeriodRow {
    /// As a page shows it.
    pub(crate) fn of(period: &Period) -> Self {
        Self { first: period.first, last: period.last, charged_in: period.charged_in() }
    }
}

/// What was agreed for late payment from a due day on.
#[derive(Debug, Serialize)]
pub(crate) struct LateRow {
    pub(crate) starts_on: LocalDate,
    pub(crate) basis: String,
    /// Percent a day and percent a year; none where late fees end.
    pub(crate) rate: Option<(String, String)>,
    pub(crate) grace_days: i32,
    pub(crate) cap_percent: i32,
    pub(crate) by: Option<String>,
}

impl From<Agreed> for LateRow {
    fn from(one: Agreed) -> Self {
        let year = Rate(one.rate.0.saturating_mul(365));
        Self {
            starts_on: one.starts_on,
            basis: one.basis,
            rate: (one.rate.0 > 0).then(|| (one.rate.to_string(), year.to_string())),
            grace_days: one.grace_days,
            cap_percent: one.cap_percent,
            by: one.by,
        }
    }
}

/// What one home would pay.
#[derive(Debug, Serialize)]
pub(crate) struct ExampleRow {
    pub(crate) home: String,
    pub(crate) subject: String,
    pub(crate) explanation: String,
    pub(crate) before: Option<Fen>,
}

impl ExampleRow {
    /// In the words of a language.
    pub(crate) fn of(example: &Example, language: &str) -> Self {
        Self {
            home: example.home.clone(),
            subject: example.subject.clone(),
            explanation: explain(&example.basis, language),
            before: example.before,
        }
    }
}

/// A home that an exception is made for.
#[derive(Debug, Serialize)]
pub(crate) struct ExceptionRow {
    pub(crate) id: i64,
    pub(crate) home: String,
    pub(crate) kind: &'static str,
    /// Percent or rate, as people write it.
    pub(crate) value: String,
    pub(crate) from_month: Month,
    pub(crate) to_month: Option<Month>,
    pub(crate) reason: String,
    pub(crate) by: Option<String>,
    /// Whether it can still be ended.
    pub(crate) goes_on: bool,
}

impl ExceptionRow {
    /// As it stands in a month.
    pub(crate) fn of(one: Listed, present: Month) -> Self {
        let value = match one.exception.terms() {
            Terms::Free => String::new(),
            Terms::Part(percent) => format!("{percent}%"),
            Terms::Rate(rate) => format!("¥{rate}"),
        };
        Self {
            id: one.exception.id.0,
            home: one.home,
            kind: one.exception.kind.as_str(),
            value,
            goes_on: one.exception.to_month.is_none_or(|to| to > present),
            from_month: one.exception.from_month,
            to_month: one.exception.to_month,
            reason: one.exception.reason,
            by: one.by,
        }
    }
}

fn sample_day() -> LocalDate {
    Month::new(2026, 12).map(Month::first_day).unwrap_or_default()
}

fn sample_late(rate: i64) -> LateRow {
    LateRow::from(Agreed {
        starts_on: sample_day(),
        basis: "《物业服务合同》第十八条".to_owned(),
        rate: Rate(rate),
        grace_days: 15,
        cap_percent: 20,
        by: (rate > 0).then(|| "经理".to_owned()),
    })
}

fn sample_interval(months: i32, timing: &'static str, by: Option<&str>) -> IntervalRow {
    IntervalRow { from: Month::of(sample_day()), months, timing, by: by.map(str::to_owned) }
}

fn sample_item(ended: bool) -> ItemRow {
    ItemRow {
        code: "property_residential".to_owned(),
        name: "物业管理费（住宅）".to_owned(),
        by: if ended { "deposit" } else { "area" },
        applies_to: "residential",
        unit: "元/平方米·月".to_owned(),
        due_day: 25,
        book: if ended { "deposits" } else { "fees" },
        periodic: !ended,
        months: if ended { 1 } else { 3 },
        ends_on: ended.then(sample_day),
        tariffs: if ended {
            vec![]
        } else {
            vec![TariffRow { since: sample_day(), rate: "¥2.80".to_owned() }]
        },
    }
}

impl View for FeesView {
    const TEMPLATE: &'static str = "settings/fees.html";

    fn samples() -> Vec<Self> {
        vec![
            Self { going: vec![], ended: vec![] },
            Self { going: vec![sample_item(false)], ended: vec![sample_item(true)] },
        ]
    }
}

impl View for NewFeeView {
    const TEMPLATE: &'static str = "settings/fee_new.html";

    fn samples() -> Vec<Self> {
        let wrong = [("rate", "negative"), ("code", "item_exists"), ("starts_on", "month_over")];
        vec![Self { form: Form::sample("fees.item_form", &[("rate", "-1")], &wrong) }]
    }
}

impl View for FeeView {
    const TEMPLATE: &'static str = "settings/fee.html";

    fn samples() -> Vec<Self> {
        let example = |before: Option<i64>| ExampleRow {
            home: "3-2-1501".to_owned(),
            subject: if before.is_none() { "B1-0013".to_owned() } else { String::new() },
            explanation: "89.50 ㎡ × ¥3.00 × 1 个月 = ¥268.50".to_owned(),
            before: before.map(Fen),
        };
        let exception = |kind: &'static str, value: &str, to_month: Option<Month>| ExceptionRow {
            id: 1,
            home: "3-2-1501".to_owned(),
            kind,
            value: value.to_owned(),
            from_month: Month::of(sample_day()),
            goes_on: to_month.is_none(),
            to_month,
            reason: "社区办公用房".to_owned(),
            by: to_month.map(|_| "经理".to_owned()),
        };
        let month = Some(Month::of(sample_day()));
        vec![
            Self {
                item: sample_item(false),
                given_back: GivenBackView::sample(2),
                change: Form::sample("fees.item_form", &[("name", "物业费")], &[("ends_on", "date")]),
                tariff: Form::sample(
                    "fees.tariff_form",
                    &[("rate", "3.00")],
                    &[("starts_on", "tariff_same_day")],
                ),
                examples: vec![example(Some(25_060)), example(None)],
                interval: Form::sample(
                    "fees.interval_form",
                    &[("months", "3")],
                    &[("from_month", "month_over"), ("timing", "choice")],
                ),
                intervals: vec![sample_interval(12, "last", None), sample_interval(1, "first", Some("经理"))],
                interval_tried: Some(PeriodRow::of(&Period::month(Month::of(sample_day())))),
                interval_examples: vec![example(Some(25_060)), example(None)],
                exception: Form::sample(
                    "fees.exception_form",
                    &[("home", "x")],
                    &[("value", "percent"), ("from_month", "exception_overlaps")],
                ),
                exceptions: vec![
                    exception("free", "", None),
                    exception("part", "50%", month),
                    exception("rate", "¥2.00", None),
                ],
                late: Form::sample(
                    "fees.late_form",
                    &[("rate", "5")],
                    &[("rate", "late_rate_number"), ("starts_on", "day_past")],
                ),
                late_terms: vec![sample_late(0), sample_late(500)],
            },
            Self {
                item: sample_item(true),
                given_back: GivenBackView::sample(0),
                change: Form::new("fees.item_form"),
                tariff: Form::new("fees.tariff_form"),
                examples: vec![],
                interval: Form::new("fees.interval_form"),
                intervals: vec![],
                interval_tried: None,
                interval_examples: vec![],
                exception: Form::new("fees.exception_form"),
                exceptions: vec![],
                late: Form::new("fees.late_form"),
                late_terms: vec![],
            },
        ]
    }
}
