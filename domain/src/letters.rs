//! What is said to who owes, in a community's own words: the reminders by stage and the formal demand, in both
//! languages. Nothing of it may threaten to cut water, power, heat or gas (Civil Code art. 944).

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::access::{Action, Actor, Object, allow};
use crate::audit::{self, Line};
use crate::db::schema::letters;
use crate::reminders::rules::Stage;
use crate::{CommunityId, Db, Error, FieldError, Instant, Result};

crate::words! {
    /// What is said.
    Letter {
        /// The reminder before the due day.
        Before = "before",
        /// From the 3rd day after.
        Day3 = "day3",
        /// From the 15th day after.
        Day15 = "day15",
        /// From the 30th day after.
        Day30 = "day30",
        /// The formal demand.
        Demand = "demand",
    }
}

impl Letter {
    /// The reminder of a stage.
    pub fn of(stage: Stage) -> Self {
        match stage {
            Stage::Before => Self::Before,
            Stage::Day3 => Self::Day3,
            Stage::Day15 => Self::Day15,
            Stage::Day30 => Self::Day30,
        }
    }

    /// What it can mention; the first ones it has to.
    pub fn names(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Demand => (
                &["home", "sum", "term"],
                &["home", "sum", "term", "name", "community", "day", "count", "capitals", "days"],
            ),
            _ => (&["home", "list", "owed"], &["home", "list", "owed", "due", "days"]),
        }
    }
}

/// What a text threatens with, in the words that stand for it here; nothing, where it threatens with none of the four.
/// Also what promises not to is refused: it has no place in such a letter.
pub fn threatens(text: &str) -> Option<&'static str> {
    const CHINESE: &[&str] = &[
        "停水",
        "断水",
        "限水",
        "停电",
        "断电",
        "限电",
        "停暖",
        "断暖",
        "停热",
        "断热",
        "停气",
        "断气",
        "停燃气",
        "断燃气",
        "停供水",
        "停供电",
        "停供热",
        "停供暖",
        "停供气",
        "停止供水",
        "停止供电",
        "停止供热",
        "停止供暖",
        "停止供气",
        "停止供应水",
        "停止供应电",
        "中断供水",
        "中断供电",
        "拉闸",
        "停水电",
        "断水电",
        "停用水",
        "停用电",
        "停止用水",
        "停止用电",
    ];
    const CUT: &[&str] = &[
        "cut",
        "shut off",
        "shut down",
        "turn off",
        "turned off",
        "switch off",
        "disconnect",
        "suspend",
        "interrupt",
        "stop",
    ];
    const SUPPLY: &[&str] = &["water", "power", "electric", "heat", "gas", "supply", "supplies", "utilit"];
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && !"，、,.。·-—*_|/".contains(*c)).collect();
    let found = CHINESE.iter().find(|word| plain.contains(**word)).copied();
    let sentences = text.split(['.', '!', '?', '\n', ';']).map(str::to_lowercase);
    let english = |sentence: String| {
        let cut = CUT.iter().find(|word| sentence.contains(**word))?;
        SUPPLY.iter().any(|word| sentence.contains(word)).then_some(*cut)
    };
    found.or_else(|| sentences.into_iter().find_map(english))
}

/// Holds a text against the law and against what it mentions.
///
/// # Errors
/// On the field: empty, a threat, a name that is none, or one that is missing.
pub fn check(field: &str, letter: Letter, text: &str) -> Result<()> {
    let error = |error: FieldError| Err(Error::Invalid(vec![error]));
    if text.trim().is_empty() {
        return Err(Error::field(field, "required"));
    }
    if let Some(words) = threatens(text) {
        return error(FieldError::new(field, "threatens").with("words", words));
    }
    let (needed, known) = letter.names();
    let mentioned: Vec<&str> =
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect();
    if let Some(name) = mentioned.iter().find(|name| !known.contains(name)) {
        return error(FieldError::new(field, "unknown_name").with("name", name));
    }
    match needed.iter().find(|name| !mentioned.contains(name)) {
        Some(name) => error(FieldError::new(field, "missing_name").with("name", name)),
        None => Ok(()),
    }
}

/// A letter in a community's own words.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = letters)]
pub struct Own {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What a community says in its own words, where it does.
pub fn own(db: &mut Db, community: CommunityId, letter: Letter) -> Result<Option<Own>> {
    let found = letters::table.find((community.0, letter.as_str()));
    Ok(found.select(Own::as_select()).first(db).optional()?)
}

/// Says a letter in the community's own words from now on; none: in the portal's again.
///
/// # Errors
/// As [`check`], on the fields `zh` and `en`.
pub fn set(
    tx: &mut Db,
    actor: &Actor,
    now: Instant,
    community: CommunityId,
    letter: Letter,
    own: Option<&Own>,
) -> Result<()> {
    allow(tx, actor, now, Action::ChangeSettings, Object::Community(community))?;
    diesel::delete(letters::table.find((community.0, letter.as_str()))).execute(tx)?;
    if let Some(own) = own {
        check("zh", letter, &own.zh)?;
        check("en", letter, &own.en)?;
        let sql = "INSERT INTO letters (community_id, letter, zh, en) VALUES ($1, $2, $3, $4)";
        diesel::sql_query(sql)
            .bind::<BigInt, _>(community.0)
            .bind::<Text, _>(letter.as_str())
            .bind::<Text, _>(own.zh.trim())
            .bind::<Text, _>(own.en.trim())
            .execute(tx)?;
    }
    let line = Line::new(community, "letter.change", "community", community.0).fields(letter.as_str());
    audit::write(tx, actor, now, &line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_threatens_to_cut_water_power_heat_or_gas() {
        for (text, threat) in [
            ("请尽快缴纳，或与我们联系说明情况。", false),
            ("逾期将停水停电。", true),
            ("逾期我们将停 水", true),
            ("否则停止供暖", true),
            ("将对您家拉闸", true),
            ("限、电", true),
            ("水费、电费请一并缴纳", false),
            ("Please pay soon, or tell us why.", false),
            ("Otherwise your water will be cut off.", true),
            ("We will disconnect the power supply", true),
            ("We shall stop heating your home", true),
            ("Please stop by. Water bills are on the second page.", false),
        ] {
            assert_eq!(threatens(text).is_some(), threat, "{text}");
        }
    }

    #[test]
    fn a_text_mentions_what_it_must_and_nothing_unknown() {
        let code = |letter, text: &str| match check("zh", letter, text) {
            Ok(()) => "fine",
            Err(Error::Invalid(fields)) => fields[0].code,
            Err(other) => panic!("{other}"),
        };
        for (letter, text, expected) in [
            (Letter::Day3, "{home} 欠 {owed}：{list}", "fine"),
            (Letter::Day3, "{home} 欠 {owed}", "missing_name"),
            (Letter::Day3, "{home} 欠 {owed}：{list} {term}", "unknown_name"),
            (Letter::Demand, "{name}：{home} 请在 {term} 前缴 {sum}", "fine"),
            (Letter::Demand, "{home} 请在 {term} 前缴 {sum}，否则断电", "threatens"),
            (Letter::Demand, "  ", "required"),
        ] {
            assert_eq!(code(letter, text), expected, "{text}");
        }
    }
}
