//! The manager's month on one page.

use domain::figures::CaseFigures;
use domain::{Fen, Instant, Month};
use serde::Serialize;

use super::View;
use super::curve::{Curve, Line};
use super::figures::{Kept, QuotaRow, percent};

/// A month in figures, each of which opens to its rows.
#[derive(Debug, Serialize)]
pub(crate) struct ManagerView {
    /// What waits for who looks.
    pub(crate) approvals: Vec<Approval>,
    pub(crate) month: Month,
    pub(crate) previous: Month,
    pub(crate) next: Month,
    /// The moment that the figures are of.
    pub(crate) as_of: Instant,
    pub(crate) due: Fen,
    pub(crate) collected: Fen,
    pub(crate) rate: Option<String>,
    /// The month before and the same month a year ago, where something was due in them.
    pub(crate) earlier: Vec<Earlier>,
    /// The rate over the days of the month, of the one before and of the one a year ago.
    pub(crate) curve: Option<Curve>,
    /// The rates of twelve months beside those of the year before.
    pub(crate) years: Option<Curve>,
    /// What is open from the years before.
    pub(crate) prior_years: Fen,
    pub(crate) ageing: Vec<AgeRow>,
    /// The longest of the ageing's bars.
    pub(crate) most: Fen,
    /// How the buildings are sorted: `register`, `rate`, `open`.
    pub(crate) sort: &'static str,
    pub(crate) buildings: Vec<MoneyRow>,
    pub(crate) items: Vec<MoneyRow>,
    pub(crate) cases: CaseFigures,
    pub(crate) on_time: i64,
    pub(crate) on_time_rate: Option<String>,
    /// The mean of the ratings, `4.6`.
    pub(crate) satisfaction: Option<String>,
    pub(crate) quota: Vec<QuotaRow>,
    pub(crate) return_visits: Kept,
    pub(crate) inspections: Kept,
}

/// Something that waits for a decision.
#[derive(Debug, Serialize)]
pub(crate) struct Approval {
    /// The text `manager.approvals.<what>`.
    pub(crate) what: &'static str,
    pub(crate) count: usize,
    /// Where it is decided.
    pub(crate) href: &'static str,
}

/// The rate of another month.
#[derive(Debug, Serialize)]
pub(crate) struct Earlier {
    /// `last_month` or `last_year`.
    pub(crate) name: &'static str,
    pub(crate) month: Month,
    pub(crate) rate: String,
    /// Its rate on the day of the month that today is, while this month runs.
    pub(crate) same_day: Option<String>,
    /// Percentage points from then to now.
    pub(crate) change: String,
}

/// What is owed of one age.
#[derive(Debug, Serialize)]
pub(crate) struct AgeRow {
    pub(crate) age: &'static str,
    pub(crate) charges: i64,
    pub(crate) open: Fen,
    pub(crate) href: String,
}

/// What came in of a building or an item.
#[derive(Debug, Serialize)]
pub(crate) struct MoneyRow {
    pub(crate) name: String,
    pub(crate) charges: i64,
    pub(crate) due: Fen,
    pub(crate) collected: Fen,
    pub(crate) open: Fen,
    pub(crate) rate: Option<String>,
    /// The rate of the same month of the year before.
    pub(crate) year_ago: Option<String>,
    pub(crate) href: String,
    #[serde(skip)]
    pub(crate) hundredths: Option<i64>,
}

impl MoneyRow {
    pub(crate) fn new(figure: domain::collection::Figure, href: String, year_ago: Option<i64>) -> Self {
        let hundredths = figure.rate();
        Self {
            charges: figure.charges,
            due: figure.due,
            collected: figure.collected,
            open: figure.due - figure.collected,
            rate: percent(hundredths),
            year_ago: percent(year_ago),
            name: figure.name,
            href,
            hundredths,
        }
    }
}

impl View for ManagerView {
    const TEMPLATE: &'static str = "manager/month.html";

    fn samples() -> Vec<Self> {
        vec![full(), empty()]
    }
}

fn full() -> ManagerView {
    let money = |name: &str, due, collected| {
        let (due, collected) = (Fen(due), Fen(collected));
        let figure = domain::collection::Figure {
            id: 1,
            key: name.to_owned(),
            name: name.to_owned(),
            charges: 96,
            due,
            collected,
        };
        MoneyRow::new(
            figure,
            "/charges?due_month=2026-11&building=1".to_owned(),
            (due > collected).then_some(8_120),
        )
    };
    let age = |age, open| AgeRow { age, charges: 12, open: Fen(open), href: "/charges?open=yes".to_owned() };
    let earlier = |name, month: Month, rate: &str, change: &str| Earlier {
        name,
        month,
        rate: rate.to_owned(),
        same_day: (name == "last_month").then(|| "88.10 %".to_owned()),
        change: change.to_owned(),
    };
    let ages =
        domain::collection::Age::ALL.iter().zip([4_820_000, 3_215_060, 1_820_000, 420_000, 98_000, 12_050]);
    let quota = |name: &str, counted, state| QuotaRow {
        steward: 1,
        name: name.to_owned(),
        quota: 30,
        counted,
        expected: 22,
        behind: (22_i64 - counted).max(0),
        short_by: (30_i64 - counted).max(0),
        state,
        frozen: state == "short",
    };
    let kept = domain::duties::Compliance {
        due: 48,
        in_time: 44,
        late: 2,
        missed: 1,
        unreachable: 1,
        ..Default::default()
    };
    let view = empty();
    let month = view.month;
    let line = |label: &str, tone, until| Line {
        label: label.to_owned(),
        tone,
        points: (0..31).map(|day| (day < until).then_some(day * 300)).collect(),
    };
    let days: Vec<String> = (1..=31).map(|day| day.to_string()).collect();
    let lines = [line("2026-11", "now", 22), line("2026-10", "before", 31)];
    let words = |rate| super::money::percent(Some(rate));
    let approval = |what, href| Approval { what, count: 2, href };
    ManagerView {
        approvals: vec![
            approval("waiver", "/corrections"),
            approval("refund", "/corrections"),
            approval("late_visit", "/visits/team"),
            approval("short", "/visits/team"),
        ],
        due: Fen(22_815_060),
        collected: Fen(18_410_020),
        rate: percent(Some(8_069)),
        earlier: vec![
            earlier("last_month", month.prev(), "92.40 %", "−11.71"),
            earlier("last_year", month.prev(), "78.10 %", "+2.59"),
        ],
        curve: Some(Curve::new("日".to_owned(), &days, (10_000, words), &lines)),
        years: Some(Curve::new("月".to_owned(), &days, (10_000, words), &lines)),
        prior_years: Fen(98_000),
        ageing: ages.map(|(one, open)| age(one.as_str(), open)).collect(),
        most: Fen(4_820_000),
        sort: "rate",
        buildings: vec![
            money("1", 6_112_000, 5_500_000),
            money("2", 7_300_000, 7_300_000),
            money("10", 9_403_060, 5_610_020),
        ],
        items: vec![
            money("物业服务费", 18_112_000, 15_500_000),
            money("地下车位管理费", 4_703_060, 2_910_020),
        ],
        cases: CaseFigures {
            opened: 61,
            finished: 52,
            finished_late: 4,
            open: 9,
            ratings: 31,
            rating_sum: 143,
        },
        on_time: 48,
        on_time_rate: Some("92.31 %".to_owned()),
        satisfaction: Some("4.6".to_owned()),
        quota: vec![
            quota("林晓燕", 24, "running"),
            quota("陈志强", 18, "running"),
            quota("黄丽", 30, "met"),
            quota("吴静", 25, "short"),
            quota("何敏", 0, "none"),
        ],
        return_visits: Kept::new(domain::duties::Kind::ReturnVisit, kept),
        inspections: Kept::new(domain::duties::Kind::RenovationInspection, kept),
        ..view
    }
}

fn empty() -> ManagerView {
    let at: Instant = "2026-11-22T02:00:00Z".parse().unwrap_or_else(|_| domain::Clock::system().now());
    let month = Month::of(at.0.date());
    let none = domain::duties::Compliance::default();
    ManagerView {
        approvals: vec![],
        month,
        previous: month.prev(),
        next: month.next(),
        as_of: at,
        due: Fen(0),
        collected: Fen(0),
        rate: None,
        earlier: vec![],
        curve: None,
        years: None,
        prior_years: Fen(0),
        ageing: vec![],
        most: Fen(0),
        sort: "register",
        buildings: vec![],
        items: vec![],
        cases: CaseFigures::default(),
        on_time: 0,
        on_time_rate: None,
        satisfaction: None,
        quota: vec![],
        return_visits: Kept::new(domain::duties::Kind::ReturnVisit, none),
        inspections: Kept::new(domain::duties::Kind::RenovationInspection, none),
    }
}
