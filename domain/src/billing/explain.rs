//! A charge in words that a resident can follow: `72.81 m² × ¥2.80 × 13/30 = ¥88.3428 → ¥88.34`.

use super::counted::Counted;
use super::rules::{Agreed, Basis, Part, Unit};
use super::service::Service;
use super::shared::{Method, Part as Share};
use super::split::Rest;
use crate::late_fees::rules::{Late, Stretch};
use crate::meters::rules::Metered;
use crate::{Area, Fen, Quantity};

/// How the amount came about, in Chinese (`zh`) or English (anything else).
pub fn explain(basis: &Basis, language: &str) -> String {
    let words = words(language);
    let parts: Vec<String> = by_months(&basis.parts)
        .into_iter()
        .map(|(part, months)| part_in_words(basis.unit, part, months, language))
        .collect();
    let sum = parts.join(" + ");
    let sum = match basis.agreed {
        Agreed::Nothing => sum,
        Agreed::Part(percent) if parts.len() > 1 => format!("({sum}) × {percent}% {}", words.agreed),
        Agreed::Part(percent) => format!("{sum} × {percent}% {}", words.agreed),
        Agreed::Rate => format!("{sum} {}", words.agreed),
    };
    let days = match basis.span {
        None => String::new(),
        Some((from, to)) if language == "zh" => format!("{from} 至 {to}："),
        Some((from, to)) => format!("{from} to {to}: "),
    };
    format!("{days}{sum} = {}¥{}", before_rounding(basis.exact()), basis.amount())
}

/// The parts with how many months they stand for: whole months on end at one rate are one.
fn by_months(parts: &[Part]) -> Vec<(&Part, usize)> {
    let mut found: Vec<(&Part, usize)> = Vec::new();
    for part in parts {
        let alike = |one: &Part| {
            one.days == one.of && part.days == part.of && one.rate == part.rate && one.percent == part.percent
        };
        match found.last_mut() {
            Some((one, months)) if alike(one) => *months += 1,
            _ => found.push((part, 1)),
        }
    }
    found
}

/// The same for a charge's stored basis; the basis itself where it cannot be read.
pub fn explain_stored(basis: &str, language: &str) -> String {
    if let Ok(part) = basis.parse::<Share>() {
        return share_in_words(&part, language);
    }
    if let Ok(metered) = basis.parse::<Metered>() {
        return metered_in_words(&metered, language);
    }
    if let Ok(rest) = basis.parse::<Rest>() {
        return rest_in_words(&rest, language);
    }
    if let Ok(late) = basis.parse::<Late>() {
        return late_in_words(&late, language);
    }
    if let Ok(counted) = basis.parse::<Counted>() {
        return counted_in_words(&counted, language);
    }
    if let Ok(service) = basis.parse::<Service>() {
        return service.explain(language);
    }
    basis.parse().map_or_else(|_| basis.to_owned(), |parsed| explain(&parsed, language))
}

struct Words {
    area: &'static str,
    home: &'static str,
    bay: &'static str,
    agreed: &'static str,
}

const ENGLISH: Words = Words { area: "m²", home: "home", bay: "bay", agreed: "(agreed for this home)" };
const CHINESE: Words = Words { area: "㎡", home: "户", bay: "个车位", agreed: "（本户约定）" };

fn words(language: &str) -> &'static Words {
    if language == "zh" { &CHINESE } else { &ENGLISH }
}

fn part_in_words(unit: Unit, part: &Part, months: usize, language: &str) -> String {
    let words = words(language);
    let quantity = match unit {
        Unit::Area => format!("{} {}", Area(part.quantity), words.area),
        Unit::Home => format!("{} {}", pieces(part.quantity), words.home),
        Unit::Bay => format!("{} {}", pieces(part.quantity), words.bay),
    };
    let time = match (part.days == part.of, language, months) {
        (false, ..) => format!("{}/{}", part.days, part.of),
        (true, "zh", _) => format!("{months} 个月"),
        (true, _, 1) => "1 month".to_owned(),
        (true, ..) => format!("{months} months"),
    };
    let percent = part.percent.map(|percent| format!(" × {percent}%")).unwrap_or_default();
    format!("{quantity} × ¥{} × {time}{percent}", part.rate)
}

/// A part of a shared bill: how it is shared, the home's part of the whole, the amount.
fn share_in_words(part: &Share, language: &str) -> String {
    let (chinese, words) = (language == "zh", words(language));
    let (method, unit) = match part.method {
        Method::Area => (if chinese { "按建筑面积分摊" } else { "by floor area" }, words.area),
        Method::Household => (if chinese { "按户分摊" } else { "by household" }, words.home),
        Method::Share => {
            (if chinese { "按份额分摊" } else { "by share" }, if chinese { "份" } else { "shares" })
        }
    };
    let quantity = |weight: i64| match part.method {
        Method::Area => Area(weight).to_string(),
        _ => pieces(weight),
    };
    let (own, all, exact) = (quantity(part.weight), quantity(part.of), before_rounding(part.exact()));
    let colon = if chinese { "：" } else { ": " };
    format!("{method}{colon}¥{} × {own} / {all} {unit} = {exact}¥{}", part.total, part.amount())
}

/// What a meter has used: from where to where, how much at which rate, and whether it was estimated.
fn metered_in_words(metered: &Metered, language: &str) -> String {
    let chinese = language == "zh";
    let quantity: i64 = metered.parts.iter().map(|part| part.0).sum();
    let parts: Vec<String> =
        metered.parts.iter().map(|(n, rate)| format!("{} × ¥{rate}", Quantity(*n))).collect();
    let sum = if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") };
    let times = if metered.multiplier == 1 { String::new() } else { format!(" × {}", metered.multiplier) };
    let exact = before_rounding(metered.exact());
    let (used, mark) = match (chinese, metered.estimated) {
        (true, false) => ("，用量", ""),
        (true, true) => ("，用量", "（没有抄到，按平时估算，下次多退少补）"),
        (false, false) => (", used", ""),
        (false, true) => (", used", " (not read, estimated; put right next time)"),
    };
    format!(
        "{} → {}{times}{used} {}{}{sum} = {exact}¥{}{mark}",
        Quantity(metered.from),
        Quantity(metered.to),
        Quantity(quantity),
        if chinese { "：" } else { ": " },
        metered.amount()
    )
}

/// What is left of a charge whose first days somebody else pays.
fn rest_in_words(rest: &Rest, language: &str) -> String {
    let (whole, first) = (explain(&rest.whole, language), explain(&rest.first, language));
    let (before, amount) = (rest.first.amount(), rest.amount());
    if language == "zh" {
        format!(
            "全期 {whole}，减去前一位缴费人的 {first}，余 ¥{} − ¥{before} = ¥{amount}",
            rest.whole.amount()
        )
    } else {
        let total = rest.whole.amount();
        format!("the whole {whole}, less {first} of who paid before: ¥{total} − ¥{before} = ¥{amount}")
    }
}

/// What grew by the day: what was open on which days, at which rate, and where the cap stopped it.
fn late_in_words(late: &Late, language: &str) -> String {
    let chinese = language == "zh";
    let stretch = |one: &Stretch| match (chinese, one.days) {
        (true, days) => format!("¥{} × {days} 天（{} 至 {}）", one.open, one.from, one.to()),
        (false, 1) => format!("¥{} × 1 day ({})", one.open, one.from),
        (false, days) => format!("¥{} × {days} days ({} to {})", one.open, one.from, one.to()),
    };
    let sum = late.stretches.iter().map(stretch).collect::<Vec<_>>().join(" + ");
    let sum = if late.stretches.len() > 1 { format!("[{sum}]") } else { sum };
    let exact = before_rounding(late.exact());
    let rate = if chinese { format!("每日 {}%", late.rate) } else { format!("{}% a day", late.rate) };
    let worked_out = format!("{sum} × {rate} = {exact}¥{}", late.uncapped());
    match (late.amount() < late.uncapped(), chinese) {
        (false, _) => worked_out,
        (true, true) => format!("{worked_out}，按约定的上限只收 ¥{}", late.amount()),
        (true, false) => format!("{worked_out}, charged up to the agreed cap: ¥{}", late.amount()),
    }
}

/// So many hours or pieces of a day, and what for.
fn counted_in_words(counted: &Counted, language: &str) -> String {
    let Counted { day, quantity, rate, note, .. } = counted;
    let exact = before_rounding(counted.exact());
    let result = format!("{exact}¥{}", counted.amount());
    let worked_out = if language == "zh" {
        format!("{day}：{quantity} {} × ¥{rate} = {result}", counted.zh)
    } else {
        format!("{day}: {quantity} {} × ¥{rate} = {result}", counted.en)
    };
    match (note.is_empty(), language) {
        (true, _) => worked_out,
        (false, "zh") => format!("{worked_out}（{note}）"),
        (false, _) => format!("{worked_out} ({note})"),
    }
}

fn pieces(hundredths: i64) -> String {
    if hundredths % 100 == 0 { (hundredths / 100).to_string() } else { Area(hundredths).to_string() }
}

/// What an exact sum was before it was rounded, and an arrow; nothing where it is whole fen.
fn before_rounding((top, bottom): (i128, i128)) -> String {
    if top % bottom == 0 { String::new() } else { format!("¥{} → ", unrounded(top, bottom)) }
}

/// Yuan with four to six decimals; an ellipsis where more would follow.
fn unrounded(top: i128, bottom: i128) -> String {
    let millionths = top * 10_000 / bottom;
    let endless = top * 10_000 % bottom != 0;
    let (whole, rest) = (millionths / 1_000_000, millionths % 1_000_000);
    let digits = format!("{rest:06}");
    if endless {
        return format!("{whole}.{}…", digits.get(..4).unwrap_or(&digits));
    }
    let kept = digits.trim_end_matches('0');
    let kept = if kept.len() < 4 { digits.get(..4).unwrap_or(&digits) } else { kept };
    format!("{whole}.{kept}")
}

/// An amount as a sentence has it: `¥250.60`, `−¥5.00`.
pub fn yuan(amount: Fen) -> String {
    if amount < Fen::ZERO { format!("−¥{}", -amount) } else { format!("¥{amount}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resident_can_follow_each_amount() {
        for (basis, english, chinese) in [
            (
                "area:8950*28000*30/30",
                "89.50 m² × ¥2.80 × 1 month = ¥250.60",
                "89.50 ㎡ × ¥2.80 × 1 个月 = ¥250.60",
            ),
            (
                "area:7281*28000*13/30",
                "72.81 m² × ¥2.80 × 13/30 = ¥88.3428 → ¥88.34",
                "72.81 ㎡ × ¥2.80 × 13/30 = ¥88.3428 → ¥88.34",
            ),
            (
                "home:100*120000*30/30",
                "1 home × ¥12.00 × 1 month = ¥12.00",
                "1 户 × ¥12.00 × 1 个月 = ¥12.00",
            ),
            (
                "area:8950*28000*30/30@50%",
                "89.50 m² × ¥2.80 × 1 month × 50% (agreed for this home) = ¥125.30",
                "89.50 ㎡ × ¥2.80 × 1 个月 × 50% （本户约定） = ¥125.30",
            ),
            (
                "home:100*100000*30/30@rate",
                "1 home × ¥10.00 × 1 month (agreed for this home) = ¥10.00",
                "1 户 × ¥10.00 × 1 个月 （本户约定） = ¥10.00",
            ),
            (
                "area:20261001~20261231:8950*28000*31/31+8950*28000*30/30+8950*28000*31/31",
                "2026-10-01 to 2026-12-31: 89.50 m² × ¥2.80 × 3 months = ¥751.80",
                "2026-10-01 至 2026-12-31：89.50 ㎡ × ¥2.80 × 3 个月 = ¥751.80",
            ),
            (
                "area:20261118~20270131:7281*28000*13/30+7281*28000*31/31+7281*30000*31/31",
                "2026-11-18 to 2027-01-31: 72.81 m² × ¥2.80 × 13/30 + 72.81 m² × ¥2.80 × 1 month + 72.81 m² × ¥3.00 × 1 month = ¥510.6408 → ¥510.64",
                "2026-11-18 至 2027-01-31：72.81 ㎡ × ¥2.80 × 13/30 + 72.81 ㎡ × ¥2.80 × 1 个月 + 72.81 ㎡ × ¥3.00 × 1 个月 = ¥510.6408 → ¥510.64",
            ),
            (
                "home:20261001~20261231:100*100000*31/31%50+100*0*30/30+100*100000*31/31@rate",
                "2026-10-01 to 2026-12-31: 1 home × ¥10.00 × 1 month × 50% + 1 home × ¥0.00 × 1 month + 1 home × ¥10.00 × 1 month (agreed for this home) = ¥15.00",
                "2026-10-01 至 2026-12-31：1 户 × ¥10.00 × 1 个月 × 50% + 1 户 × ¥0.00 × 1 个月 + 1 户 × ¥10.00 × 1 个月 （本户约定） = ¥15.00",
            ),
            ("bay:100*800000*12/30", "1 bay × ¥80.00 × 12/30 = ¥32.00", "1 个车位 × ¥80.00 × 12/30 = ¥32.00"),
            (
                "area:10000*28000*1/30",
                "100.00 m² × ¥2.80 × 1/30 = ¥9.3333… → ¥9.33",
                "100.00 ㎡ × ¥2.80 × 1/30 = ¥9.3333… → ¥9.33",
            ),
            (
                "area:8950*28000*10/30+8950*30000*20/30",
                "89.50 m² × ¥2.80 × 10/30 + 89.50 m² × ¥3.00 × 20/30 = ¥262.5333… → ¥262.53",
                "89.50 ㎡ × ¥2.80 × 10/30 + 89.50 ㎡ × ¥3.00 × 20/30 = ¥262.5333… → ¥262.53",
            ),
        ] {
            assert_eq!(explain_stored(basis, "en"), english);
            assert_eq!(explain_stored(basis, "zh"), chinese);
        }
        for (basis, english, chinese) in [
            (
                "shared:area:1863425*8986/8153211+0",
                "by floor area: ¥18634.25 × 89.86 / 81532.11 m² = ¥20.5375… → ¥20.53",
                "按建筑面积分摊：¥18634.25 × 89.86 / 81532.11 ㎡ = ¥20.5375… → ¥20.53",
            ),
            (
                "meter:12300-13500*1:1000*30000+200*45000",
                "123 → 135, used 12: 10 × ¥3.00 + 2 × ¥4.50 = ¥39.00",
                "123 → 135，用量 12：10 × ¥3.00 + 2 × ¥4.50 = ¥39.00",
            ),
            (
                "meter:100-133*40:1320*6170~",
                "1 → 1.33 × 40, used 13.2: 13.2 × ¥0.617 = ¥8.1444 → ¥8.14 (not read, estimated; put right next time)",
                "1 → 1.33 × 40，用量 13.2：13.2 × ¥0.617 = ¥8.1444 → ¥8.14（没有抄到，按平时估算，下次多退少补）",
            ),
            (
                "shared:household:904417*100/85200+1",
                "by household: ¥9044.17 × 1 / 852 home = ¥10.6152… → ¥10.62",
                "按户分摊：¥9044.17 × 1 / 852 户 = ¥10.6152… → ¥10.62",
            ),
            (
                "late:500<5032:2026-12-26*6*25161",
                "¥251.61 × 6 days (2026-12-26 to 2026-12-31) × 0.05% a day = ¥0.75483 → ¥0.75",
                "¥251.61 × 6 天（2026-12-26 至 2026-12-31） × 每日 0.05% = ¥0.75483 → ¥0.75",
            ),
            (
                "late:500<1000:2026-12-01*1*100000+2026-12-02*30*80000",
                "[¥1000.00 × 1 day (2026-12-01) + ¥800.00 × 30 days (2026-12-02 to 2026-12-31)] × 0.05% a day = ¥12.50, charged up to the agreed cap: ¥10.00",
                "[¥1000.00 × 1 天（2026-12-01 至 2026-12-01） + ¥800.00 × 30 天（2026-12-02 至 2026-12-31）] × 每日 0.05% = ¥12.50，按约定的上限只收 ¥10.00",
            ),
            (
                "rest:area:8950*28000*30/30-area:8950*28000*15/30",
                "the whole 89.50 m² × ¥2.80 × 1 month = ¥250.60, less 89.50 m² × ¥2.80 × 15/30 = ¥125.30 of who paid before: ¥250.60 − ¥125.30 = ¥125.30",
                "全期 89.50 ㎡ × ¥2.80 × 1 个月 = ¥250.60，减去前一位缴费人的 89.50 ㎡ × ¥2.80 × 15/30 = ¥125.30，余 ¥250.60 − ¥125.30 = ¥125.30",
            ),
            (
                "shared:share:10000*150/1000+0",
                "by share: ¥100.00 × 1.50 / 10 shares = ¥15.00",
                "按份额分摊：¥100.00 × 1.50 / 10 份 = ¥15.00",
            ),
        ] {
            assert_eq!(explain_stored(basis, "en"), english);
            assert_eq!(explain_stored(basis, "zh"), chinese);
        }
        assert_eq!(explain_stored("what?", "en"), "what?");
        assert_eq!(yuan(Fen(-500)), "−¥5.00");
    }
}
