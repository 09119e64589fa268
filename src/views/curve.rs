//! A curve over the days of a month, beside others to compare it with: what the component `curve` draws.
//! The paths are worked out here, on a field of 600 × 200; the words and numbers stand beside it as text.

use serde::Serialize;

/// The width of the field that is drawn on.
const WIDTH: usize = 600;
/// Its height.
const HEIGHT: i64 = 200;

/// A figure with its lines, marks and table.
#[derive(Debug, Serialize)]
pub(crate) struct Curve {
    /// What goes across: the head of the table's first column.
    across: String,
    /// The lines, the one that matters first.
    lines: Vec<Drawn>,
    /// The words of the scale, highest first.
    marks: Vec<String>,
    /// Where the scale's lines lie.
    grid: Vec<i64>,
    /// The words below, from left to right.
    ticks: Vec<String>,
    /// The table: each day with the value of every line.
    rows: Vec<Row>,
}

/// A line to draw: a value per place, none where there is none (yet).
#[derive(Debug)]
pub(crate) struct Line {
    /// What it shows.
    pub(crate) label: String,
    /// How it looks: `now`, `before`, `year`.
    pub(crate) tone: &'static str,
    /// Its values, from left to right.
    pub(crate) points: Vec<Option<i64>>,
}

#[derive(Debug, Serialize)]
struct Drawn {
    label: String,
    tone: &'static str,
    path: String,
    /// The field below the first line.
    area: Option<String>,
    /// Its last value in words.
    last: Option<String>,
}

#[derive(Debug, Serialize)]
struct Row {
    label: String,
    values: Vec<String>,
}

impl Curve {
    /// Draws lines over `places` on a scale from nothing to `most`, with `words` for a value.
    pub(crate) fn new(
        across: String,
        places: &[String],
        (most, words): (i64, impl Fn(i64) -> String),
        lines: &[Line],
    ) -> Self {
        let quarters = [4, 3, 2, 1, 0];
        let last = places.len().saturating_sub(1);
        let ticks: Vec<usize> =
            if last < 4 { (0..places.len()).collect() } else { (0..5).map(|n| n * last / 4).collect() };
        let value_at = |line: &Line, n: usize| line.points.get(n).copied().flatten();
        let row = |(n, place): (usize, &String)| Row {
            label: place.clone(),
            values: lines.iter().map(|line| value_at(line, n).map_or("–".to_owned(), &words)).collect(),
        };
        Self {
            across,
            marks: quarters.iter().map(|n| words(most * n / 4)).collect(),
            grid: quarters.iter().map(|n| HEIGHT - HEIGHT * n / 4).collect(),
            ticks: ticks.into_iter().filter_map(|n| places.get(n).cloned()).collect(),
            rows: places.iter().enumerate().map(row).collect(),
            lines: lines
                .iter()
                .enumerate()
                .map(|(n, line)| drawn(line, (last.max(1), most.max(1)), &words, n == 0))
                .collect(),
        }
    }
}

fn drawn(line: &Line, (last, most): (usize, i64), words: &impl Fn(i64) -> String, first: bool) -> Drawn {
    let points: Vec<(usize, i64)> =
        line.points.iter().enumerate().filter_map(|(n, value)| Some((n, (*value)?))).collect();
    let place = |(n, value): &(usize, i64)| {
        format!("{},{}", n * WIDTH / last, HEIGHT - (value * HEIGHT / most).clamp(0, HEIGHT))
    };
    let path = points.iter().map(place).collect::<Vec<_>>().join("L");
    let ends = points.first().zip(points.last()).filter(|_| first);
    let area = ends.map(|(from, to)| {
        format!("M{},{HEIGHT}L{path}L{},{HEIGHT}Z", from.0 * WIDTH / last, to.0 * WIDTH / last)
    });
    Drawn {
        label: line.label.clone(),
        tone: line.tone,
        path: if path.is_empty() { String::new() } else { format!("M{path}") },
        area,
        last: points.last().map(|(_, value)| words(*value)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(points: &[Option<i64>]) -> Curve {
        let places: Vec<String> = (1..=points.len()).map(|n| n.to_string()).collect();
        let line = Line { label: "a".to_owned(), tone: "now", points: points.to_vec() };
        Curve::new("day".to_owned(), &places, (100, |value| format!("{value} %")), &[line])
    }

    #[test]
    fn a_line_goes_from_edge_to_edge_and_stops_where_there_is_no_value_yet() {
        let curve = of(&[Some(0), Some(50), Some(100)]);
        assert_eq!(curve.lines[0].path, "M0,200L300,100L600,0");
        assert_eq!(curve.lines[0].last.as_deref(), Some("100 %"));
        let curve = of(&[Some(20), Some(40), None]);
        assert_eq!(curve.lines[0].path, "M0,160L300,120");
        assert_eq!(curve.lines[0].area.as_deref(), Some("M0,200L0,160L300,120L300,200Z"));
        assert_eq!(curve.rows[2].values, ["–"]);
    }

    #[test]
    fn nothing_to_draw_is_no_line() {
        for curve in [of(&[]), of(&[None, None])] {
            assert_eq!((curve.lines[0].path.as_str(), &curve.lines[0].area), ("", &None));
        }
    }

    #[test]
    fn what_is_more_than_the_scale_stays_inside_the_field() {
        assert_eq!(of(&[Some(120), Some(-5)]).lines[0].path, "M0,0L600,200");
    }
}
