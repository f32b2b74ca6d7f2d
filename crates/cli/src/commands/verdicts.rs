//! The table of verdicts, for `select --explain` and `explain TARGET`.

mod columns;
mod page;

use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::builder::styling::{AnsiColor, Style};
use domain::select::TagVerdict;
use status_api::view::TagView;

use columns::Columns;
pub(crate) use columns::wrapped;
pub(crate) use page::Page;

#[cfg(test)]
mod tests;

/// A tag with what became of it.
pub(crate) trait Judged {
    /// The tag, as it was given: it may be anything.
    fn tag(&self) -> &str;

    /// The verdict's code.
    fn verdict(&self) -> &str;

    /// The verdict as a sentence.
    fn reason(&self) -> String;
}

impl Judged for TagVerdict<'_> {
    fn tag(&self) -> &str {
        self.tag
    }

    fn verdict(&self) -> &str {
        self.verdict.code()
    }

    fn reason(&self) -> String {
        self.to_string()
    }
}

impl Judged for TagView {
    fn tag(&self) -> &str {
        &self.tag
    }

    fn verdict(&self) -> &str {
        self.verdict.as_deref().unwrap_or_default()
    }

    fn reason(&self) -> String {
        self.reason.clone().unwrap_or_default()
    }
}

/// Writes a line or more for each tag, and one that counts those for which the page has no room.
pub(crate) fn write<J: Judged>(judged: &[J], page: &Page, mut out: impl Write) -> io::Result<()> {
    let (rows, left_out) = foremost(judged, page.most);
    let columns = Columns::new(&rows, page.width);
    let bold = Style::new().bold();
    columns.write(["TAG", "VERDICT", "REASON"], page.style(bold), &mut out)?;
    for row in rows {
        let [tag, verdict, reason] = [row.tag(), row.verdict(), &row.reason()];
        columns.write([tag, verdict, reason], page.style(style(verdict)), &mut out)?;
    }
    if !left_out.is_empty() {
        write_wrapped(&rest(&left_out), page, &mut out)?;
    }
    Ok(())
}

/// Writes a text in lines that fit the page.
pub(crate) fn write_wrapped(text: &str, page: &Page, mut out: impl Write) -> io::Result<()> {
    wrapped(text, page.width)
        .iter()
        .try_for_each(|line| writeln!(out, "{line}"))
}

/// The first `most` of each verdict, in the order given; and how many are left out of which.
fn foremost<J: Judged>(judged: &[J], most: Option<usize>) -> (Vec<&J>, BTreeMap<&str, usize>) {
    let Some(most) = most else {
        return (judged.iter().collect(), BTreeMap::new());
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for judged in judged {
        let count = counts.entry(judged.verdict()).or_default();
        *count += 1;
        if *count <= most {
            rows.push(judged);
        }
    }
    counts.retain(|_, count| {
        *count = count.saturating_sub(most);
        *count > 0
    });
    (rows, counts)
}

/// `… and 960 more: 900 outOfRange, 60 older`, the most first.
fn rest(left_out: &BTreeMap<&str, usize>) -> String {
    let mut counts: Vec<(&str, usize)> = left_out.iter().map(|(&verdict, &count)| (verdict, count)).collect();
    counts.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let all: usize = counts.iter().map(|(_, count)| count).sum();
    let each: Vec<String> = counts
        .iter()
        .map(|(verdict, count)| format!("{count} {}", columns::shown(verdict)))
        .collect();
    format!("… and {all} more: {}", each.join(", "))
}

/// What stands out: the pick, and what could have been it.
fn style(verdict: &str) -> Style {
    match verdict {
        "picked" => AnsiColor::Green.on_default().bold(),
        "best" | "unknownPlatform" | "unknownBuildTime" => AnsiColor::Yellow.on_default(),
        "current" => Style::new().bold(),
        _ => Style::new(),
    }
}
