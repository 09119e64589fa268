//! What is constant in a template is put in its place when the templates are read: texts without values, addresses
//! of files, icons. A page has a hundred of them, and each call costs more than the words it gives.

/// Replaces `call` and what stands up to its `")`, such as `t(key="nav.home")`, wherever `value` knows what that
/// gives: by the words themselves where they are printed, by a literal where they are part of an expression.
pub(super) fn calls(source: &str, call: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut folded = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(call) {
        let (before, behind) = constant(before, after, &value).unwrap_or((format!("{before}{call}"), after));
        folded.push_str(&before);
        rest = behind;
    }
    folded + rest
}

/// What stands before a call with its words in place, and what comes behind it.
fn constant<'a>(
    before: &str,
    after: &'a str,
    value: impl Fn(&str) -> Option<String>,
) -> Option<(String, &'a str)> {
    // `has_text(key="…")` is another function.
    if before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
        return None;
    }
    let (name, behind) = after.split_once('"')?;
    let behind = behind.strip_prefix(')')?;
    let words = value(name)?;
    match (before.strip_suffix("{{ "), behind.strip_prefix(" }}")) {
        (Some(before), Some(behind)) if !words.contains('{') => {
            Some((format!("{before}{}", escape(&words)), behind))
        }
        _ if words.contains(['"', '\\', '{', '}', '%', '#']) => None,
        _ => Some((format!("{before}\"{words}\""), behind)),
    }
}

/// Replaces `{{ <icon name="…" /> }}`, an icon whose name is known, by what the component prints.
pub(super) fn icons(source: &str, print: impl Fn(&str) -> String) -> String {
    const BEGINS: &str = "{{ <icon name=\"";
    let mut folded = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once(BEGINS) {
        folded.push_str(before);
        match after.split_once("\" /> }}") {
            Some((name, behind)) if !name.contains('"') => {
                folded.push_str(&print(name));
                rest = behind;
            }
            _ => {
                folded.push_str(BEGINS);
                rest = after;
            }
        }
    }
    folded + rest
}

/// As the engine escapes what it prints.
fn escape(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_values_stands_in_its_place() {
        let value = |key: &str| match key {
            "a" => Some("甲 & <乙>".to_owned()),
            "days" => Some("{n} days".to_owned()),
            "said" => Some("\"so\"".to_owned()),
            _ => None,
        };
        for (source, folded) in [
            (r#"<b>{{ t(key="a") }}</b>"#, "<b>甲 &amp; &lt;乙&gt;</b>"),
            (r#"{{ <tile title={t(key="a")} /> }}"#, r#"{{ <tile title={"甲 & <乙>"} /> }}"#),
            (r#"{{ x or t(key="a") }}{{ t(key="a") }}"#, r#"{{ x or "甲 & <乙>" }}甲 &amp; &lt;乙&gt;"#),
            (r#"{{ t(key="said") }}"#, "&quot;so&quot;"),
            // A literal with quotes, a text with values, a key that is put together, another function: left.
            (r#"{{ <tile title={t(key="said")} /> }}"#, r#"{{ <tile title={t(key="said")} /> }}"#),
            (r#"{{ t(key="days", n=3) }}"#, r#"{{ t(key="days", n=3) }}"#),
            (r#"{{ t(key="days") }}"#, r#"{{ t(key="days") }}"#),
            (r#"{{ t(key="a." ~ x) }}"#, r#"{{ t(key="a." ~ x) }}"#),
            (r#"{% if has_text(key="a") %}"#, r#"{% if has_text(key="a") %}"#),
            (r#"{{ t(key="none") }}"#, r#"{{ t(key="none") }}"#),
        ] {
            assert_eq!(calls(source, "t(key=\"", value), folded);
        }
    }

    #[test]
    fn an_icon_whose_name_is_known_is_printed_once() {
        let print = |name: &str| format!("<svg>{name}</svg>");
        let source = r#"{{ <icon name="house" /> }}{{ <icon name={x} /> }}{{ <icon name="a"#;
        assert_eq!(icons(source, print), r#"<svg>house</svg>{{ <icon name={x} /> }}{{ <icon name="a"#);
    }
}
