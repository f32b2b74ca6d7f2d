//! Three columns: the tag, the verdict, the reason.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use clap::builder::styling::Style;
use transport::one_line;

use super::Judged;

/// Spaces between two columns.
const GAP: usize = 2;

/// Fewer columns than this are too narrow for a reason: it then stands below its tag.
const NARROW: usize = 24;

/// How far a reason below its tag stands in.
const INDENT: usize = 4;

/// Tags shorter than this are never cut.
const SHORT: usize = 16;

/// Characters of a reason, at most.
const REASON: usize = 600;

/// How wide each column is.
pub(super) struct Columns {
    tag: usize,
    verdict: usize,
    reason: usize,
    /// Whether reasons stand below their tags.
    stacked: bool,
    /// What several tags would be cut to, so that they cannot be told apart.
    ambiguous: BTreeMap<String, usize>,
}

impl Columns {
    /// As wide as the rows need, within a width.
    pub(super) fn new<J: Judged>(rows: &[&J], width: usize) -> Self {
        let widest = |longest: Option<usize>, header: &str| longest.unwrap_or_default().max(header.len());
        let verdict = widest(rows.iter().map(|row| row.verdict().chars().count()).max(), "VERDICT");
        let room = (width.saturating_sub(verdict + 2 * GAP) / 2).max(SHORT);
        let tags = rows.iter().map(|row| shown(row.tag()).chars().count());
        let tag = widest(tags.max(), "TAG").min(room);
        let left = width.saturating_sub(tag + verdict + 2 * GAP);
        let stacked = left < NARROW;
        Self {
            tag,
            verdict,
            reason: if stacked { width.saturating_sub(INDENT) } else { left },
            stacked,
            ambiguous: ambiguous(rows.iter().map(|row| row.tag()), tag),
        }
    }

    /// Writes a row: as many lines as its reason takes.
    pub(super) fn write(&self, row: [&str; 3], style: Style, mut out: impl Write) -> io::Result<()> {
        let [tag, verdict, reason] = row;
        let tag = shown(tag);
        let (name, code) = (self.tag, self.verdict);
        let cut = cut(&tag, self.tag);
        let mut head = if self.ambiguous.contains_key(&*cut) {
            // In full, on a line of its own.
            writeln!(out, "{style}{tag}{style:#}")?;
            format!("{style}{:name$}  {verdict:code$}{style:#}", "")
        } else {
            format!("{style}{cut:name$}  {verdict:code$}{style:#}")
        };
        let mut lines = wrapped(&one_line(reason, REASON), self.reason).into_iter();
        let margin = if self.stacked {
            writeln!(out, "{}", head.trim_end())?;
            INDENT
        } else {
            head.push_str("  ");
            writeln!(
                out,
                "{}",
                format!("{head}{}", lines.next().unwrap_or_default()).trim_end()
            )?;
            name + code + 2 * GAP
        };
        lines.try_for_each(|line| writeln!(out, "{:margin$}{line}", ""))
    }
}

/// A text without what a terminal would act on, or what would not be as wide as it is long.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        text.into()
    } else {
        text.chars().flat_map(char::escape_debug).collect::<String>().into()
    }
}

/// A text's start and end, with `…` for what is between, if it is wider than that.
fn cut(text: &str, width: usize) -> Cow<'_, str> {
    let length = text.chars().count();
    if length <= width {
        return text.into();
    }
    let kept = width.saturating_sub(1);
    let (head, tail) = (kept.div_ceil(2), kept / 2);
    let start = text.chars().take(head);
    let end = text.chars().skip(length - tail);
    start.chain(['…']).chain(end).collect::<String>().into()
}

/// The cuts that more than one tag would have.
fn ambiguous<'a>(tags: impl Iterator<Item = &'a str>, width: usize) -> BTreeMap<String, usize> {
    let mut cuts: BTreeMap<String, usize> = BTreeMap::new();
    for tag in tags {
        let tag = shown(tag);
        if let Cow::Owned(cut) = cut(&tag, width) {
            *cuts.entry(cut).or_default() += 1;
        }
    }
    cuts.retain(|_, count| *count > 1);
    cuts
}

/// A text in lines of at most `width` characters, broken between words, though not within what stands in backticks.
///
/// What is longer than a line is broken where the line ends.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in words(text, width) {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        for letter in word.chars() {
            if length == width {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            line.push(letter);
            length += 1;
        }
    }
    lines.push(line);
    lines
}

/// The words of a text; those in backticks are one, if it fits a line.
fn words(text: &str, width: usize) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let space = rest.find(' ').unwrap_or(rest.len());
        let quoted = end_of_quoted(rest).filter(|&end| end > space && rest[..end].chars().count() <= width);
        let (word, behind) = rest.split_at(quoted.unwrap_or(space));
        words.push(word);
        rest = behind.trim_start();
    }
    words
}

/// Where the word ends that a text begins with, if spaces in backticks belong to it.
fn end_of_quoted(text: &str) -> Option<usize> {
    let mut is_quoted = false;
    let mut letters = text.char_indices();
    let end = letters.find_map(|(at, letter)| match letter {
        '`' => {
            is_quoted = !is_quoted;
            None
        }
        ' ' if !is_quoted => Some(at),
        _ => None,
    });
    (!is_quoted).then(|| end.unwrap_or(text.len()))
}
