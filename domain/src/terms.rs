//! The words that a text is found by, in Chinese as in English, the same on both databases. Chinese does not
//! part its words, and most of them have two characters: of every run of characters each two that follow each
//! other are a term, and each one by itself. Of Latin letters and digits a term is a whole word.
//!
//! A term consists of letters, digits and ideographs only, so it can stand in a statement as it is.

use std::collections::BTreeMap;

/// The longest Latin word that is a term.
const LONGEST: usize = 32;

/// The terms that a text is indexed under, each with how often it occurs.
pub fn of_text(text: &str) -> BTreeMap<String, i32> {
    let mut found = BTreeMap::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => count(&mut found, word),
            Run::Han(han) => {
                han.iter().for_each(|one| count(&mut found, one.to_string()));
                pairs(&han).for_each(|pair| count(&mut found, pair));
            }
        }
    }
    found
}

/// The terms that a question is asked by: pairs, and a character by itself only where it stands alone.
pub fn of_question(text: &str) -> Vec<String> {
    let mut found = BTreeMap::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => count(&mut found, word),
            Run::Han(han) => match han.as_slice() {
                [alone] => count(&mut found, alone.to_string()),
                _ => pairs(&han).for_each(|pair| count(&mut found, pair)),
            },
        }
    }
    found.into_keys().collect()
}

/// What stands together: a Latin word, or ideographs in a row.
enum Run {
    Word(String),
    Han(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut all = Vec::new();
    let (mut word, mut han) = (String::new(), Vec::new());
    for letter in text.chars().chain([' ']) {
        let is_han = is_han(letter);
        let is_word = !is_han && letter.is_alphanumeric();
        if !is_word && !word.is_empty() {
            all.push(Run::Word(stem(&std::mem::take(&mut word))));
        }
        if !is_han && !han.is_empty() {
            all.push(Run::Han(std::mem::take(&mut han)));
        }
        if is_han {
            han.push(letter);
        } else if is_word && word.chars().count() < LONGEST {
            word.extend(letter.to_lowercase().filter(|small| small.is_alphanumeric()));
        }
    }
    all
}

/// A word without the mark of its plural, so that a bill is found by bills.
fn stem(word: &str) -> String {
    match word.strip_suffix('s') {
        Some(single) if single.len() >= 3 && !single.ends_with('s') => single.to_owned(),
        _ => word.to_owned(),
    }
}

fn pairs(han: &[char]) -> impl Iterator<Item = String> + '_ {
    han.windows(2).map(|pair| pair.iter().collect())
}

fn is_han(letter: char) -> bool {
    let block = matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}');
    block && letter.is_alphanumeric()
}

fn count(found: &mut BTreeMap<String, i32>, term: String) {
    *found.entry(term).or_default() += 1;
}

/// The terms as a list that stands in a statement; none where there are none.
pub fn listed(terms: &[String]) -> Option<String> {
    let quoted: Vec<String> = terms.iter().map(|term| format!("'{term}'")).collect();
    (!quoted.is_empty()).then(|| quoted.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_characters_are_the_words_of_chinese() {
        for (text, terms) in [
            ("停车费", vec!["停车", "车费"]),
            ("水", vec!["水"]),
            ("物业费怎么缴？", vec!["业费", "么缴", "怎么", "物业", "费怎"]),
            ("Parking fees", vec!["fee", "parking"]),
            ("WiFi密码", vec!["wifi", "密码"]),
            ("3-2-1501", vec!["1501", "2", "3"]),
            ("glass", vec!["glass"]),
            ("', ) OR 1=1 --", vec!["1", "or"]),
            ("", vec![]),
        ] {
            assert_eq!(of_question(text), terms, "{text}");
        }
    }

    #[test]
    fn a_text_is_found_by_every_pair_and_every_character_of_it() {
        let terms = of_text("停车费，停车证");
        assert_eq!((terms["停车"], terms["停"], terms["费"], terms["证"]), (2, 2, 1, 1));
    }

    proptest! {
        #[test]
        fn whatever_is_asked_for_that_stands_in_a_text_is_among_its_terms(text in "\\PC{0,40}", from in 0_usize..20, most in 1_usize..6) {
            let part: String = text.chars().skip(from).take(most).collect();
            // A part that begins or ends within a Latin word asks for another word.
            let han: String = part.chars().filter(|letter| is_han(*letter)).collect();
            if han.chars().count() == part.chars().count() {
                let terms = of_text(&text);
                for term in of_question(&part) {
                    prop_assert!(terms.contains_key(&term), "{term} of {part}");
                }
            }
        }

        #[test]
        fn a_term_can_stand_in_a_statement(text in "\\PC{0,40}") {
            for term in of_question(&text).into_iter().chain(of_text(&text).into_keys()) {
                prop_assert!(!term.is_empty() && term.chars().all(char::is_alphanumeric), "{term}");
            }
        }
    }
}
