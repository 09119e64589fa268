//! The stylesheet as it is sent: without its comments and the white space that only people need. What stands in quotes
//! stays as it is, and so does a space that separates: `a b`, `1px solid`, `calc(1px + 2px)`.

/// What a browser gets for this source.
pub(super) fn sent(source: &str) -> String {
    let mut sent = String::with_capacity(source.len());
    let (mut rest, mut space) = (source, false);
    while let Some(first) = rest.chars().next() {
        let (piece, after) = rest.split_at_checked(length(rest, first)).unwrap_or((rest, ""));
        rest = after;
        if first.is_ascii_whitespace() || piece.starts_with("/*") {
            space = true;
            continue;
        }
        if space
            && !sent.is_empty()
            && !sent.ends_with(['{', '}', ';', ',', ':', '>'])
            && !"{};,>".contains(first)
        {
            sent.push(' ');
        }
        if first == '}' && sent.ends_with(';') {
            sent.pop();
        }
        sent.push_str(piece);
        space = false;
    }
    sent
}

/// How long the piece is that begins here: a comment, a text in quotes, or one character.
fn length(rest: &str, first: char) -> usize {
    let until = |end: &str, from: usize| {
        let inside = rest.get(from..).and_then(|inside| inside.find(end));
        inside.map_or(rest.len(), |at| from + at + end.len())
    };
    match first {
        '/' if rest.starts_with("/*") => until("*/", 2),
        '"' => until("\"", 1),
        '\'' => until("'", 1),
        other => other.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_people_need_is_left_out() {
        let table = [
            (
                "/* Tokens */\n:root {\n  --a: 1px solid;\n  --b: 0 1px;\n}\n",
                ":root{--a:1px solid;--b:0 1px}",
            ),
            ("a , b > c { top: calc(-1 * var(--s5) - 7px); }", "a,b>c{top:calc(-1 * var(--s5) - 7px)}"),
            (
                ".list > li :is(p a, label) + li { margin: 0 !important; }",
                ".list>li :is(p a,label) + li{margin:0 !important}",
            ),
            ("a::before { content: \" /* kept ; */ \"; }", "a::before{content:\" /* kept ; */ \"}"),
            (
                "a { background: url('x { y'); } b { font: \"楷体\", serif }",
                "a{background:url('x { y')}b{font:\"楷体\",serif}",
            ),
            (
                "@media (max-width: 640px) and (hover) {\n  .a .b { margin: 0; }\n}",
                "@media (max-width:640px) and (hover){.a .b{margin:0}}",
            ),
            ("a{}/* never closed", "a{}"),
        ];
        for (source, expected) in table {
            assert_eq!(sent(source), expected);
            assert_eq!(sent(expected), expected, "it is sent once");
        }
    }
}
