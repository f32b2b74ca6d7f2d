//! One scalar, in all the styles of YAML.

use super::chance::Chance;
use super::tags::needs_quotes;
use super::tree::{Nature, Scalar};
use super::written::Piece;

/// What people forget to put in quotes.
const MISTAKES: &[&str] = &["1.26", "007"];

/// Where a scalar stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// In a block; what belongs to it is indented by `indent`, of which the last `deeper` are its own.
    Block { indent: usize, deeper: usize },
    /// Between brackets.
    Flow,
    /// In JSON.
    Json,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    /// In double quotes, some characters as escapes.
    Escaped,
    /// In double quotes, over two lines.
    Continued,
    Literal,
    Folded,
}

/// A scalar as it is written.
pub(super) struct Token {
    /// What stands before it: a tag, an anchor, the header of a block.
    pub(super) head: String,
    pub(super) body: Vec<Piece>,
    /// What a reader finds behind the text: the line end of a block.
    pub(super) tail: &'static str,
    /// Whether it is a block, so that nothing can follow in its last line.
    pub(super) is_block: bool,
    pub(super) feature: &'static str,
    /// Words for the tag and the anchor, if there are such.
    pub(super) properties: Option<&'static str>,
}

/// Writes `scalar`; `anchor` is a name that it may have.
pub(super) fn token(chance: &mut Chance, scalar: &Scalar, context: Context, anchor: Option<&str>) -> Token {
    match (scalar.nature, context) {
        (Nature::Verbatim, _) => bare(Piece::fixed(&scalar.kept), "verbatim"),
        (_, Context::Json) => json(chance, scalar),
        (Nature::Lines, Context::Block { indent, .. }) => lines(&scalar.kept, indent),
        (Nature::Lines, _) => bare(Piece::fixed(quoted(&scalar.kept)), "lines in quotes"),
        (Nature::Text, _) => bare(Piece::fixed(text(chance, &scalar.kept)), "text"),
        (Nature::Image, _) => image(chance, scalar, context, anchor),
    }
}

fn bare(piece: Piece, feature: &'static str) -> Token {
    Token {
        head: String::new(),
        body: vec![piece],
        tail: "",
        is_block: false,
        feature,
        properties: None,
    }
}

/// In double quotes; lines as `\n`.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', "\\n").replace('\t', "\\t"))
}

/// Whether `text` is the same without quotes, in brackets too.
pub(super) fn is_plain(text: &str) -> bool {
    let is_simple = |c: char| c.is_ascii_alphanumeric() || "-_./:@=+".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && text.chars().all(is_simple)
        && !text.ends_with(':')
}

fn text(chance: &mut Chance, text: &str) -> String {
    let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic()) && !needs_quotes(text);
    match chance.below(8) {
        0 => quoted(text),
        1 if !text.contains('\n') => format!("'{}'", text.replace('\'', "''")),
        _ if is_plain(text) && is_word => text.to_owned(),
        _ => quoted(text),
    }
}

fn lines(text: &str, indent: usize) -> Token {
    let indent = " ".repeat(indent);
    let lines: String = text
        .trim_end_matches('\n')
        .lines()
        .map(|line| {
            if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("\n{indent}{line}")
            }
        })
        .collect();
    Token {
        is_block: true,
        ..bare(Piece::fixed(format!("|{lines}")), "lines")
    }
}

fn json(chance: &mut Chance, scalar: &Scalar) -> Token {
    let (style, feature) = match chance.below(4) {
        0 if scalar.nature == Nature::Image => (Style::Escaped, "escapes in JSON"),
        _ => (Style::Double, "text in JSON"),
    };
    bare(in_quotes(chance, scalar, style, Context::Json), feature)
}

/// Both texts in double quotes, with escapes where those stay that change.
fn in_quotes(chance: &mut Chance, scalar: &Scalar, style: Style, context: Context) -> Piece {
    if style == Style::Double {
        return Piece {
            before: quoted(&scalar.before()),
            after: quoted(&scalar.after()),
        };
    }
    let kept = match context {
        Context::Block { indent, .. } if style == Style::Continued => continued(&scalar.kept, indent),
        Context::Json => escaped(chance, &scalar.kept, &[Escape::Slash, Escape::Short]),
        _ => escaped(
            chance,
            &scalar.kept,
            &[Escape::Slash, Escape::Byte, Escape::Short, Escape::Long],
        ),
    };
    let escapes: &[Escape] = if context == Context::Json {
        &[Escape::Short]
    } else {
        &[Escape::Byte, Escape::Short]
    };
    let old = match scalar.old.is_empty() {
        true => String::new(),
        false => escaped(chance, &scalar.old, escapes),
    };
    Piece {
        before: format!("\"{kept}{old}\""),
        after: format!("\"{kept}{}\"", scalar.new),
    }
}

#[derive(Debug, Clone, Copy)]
enum Escape {
    Slash,
    Byte,
    Short,
    Long,
}

/// `text` with one of its letters, digits and slashes as an escape; what separates stays.
fn escaped(chance: &mut Chance, text: &str, escapes: &[Escape]) -> String {
    let can_be = |&(_, c): &(usize, char)| c.is_ascii_alphanumeric() || c == '/' || c == '.';
    let places: Vec<(usize, char)> = text.char_indices().filter(can_be).collect();
    if places.is_empty() {
        return text.to_owned();
    }
    let (at, c) = chance.of(&places);
    let code = u32::from(c);
    let escape = match chance.of(escapes) {
        Escape::Slash if c == '/' => "\\/".to_owned(),
        Escape::Byte => format!("\\x{code:02x}"),
        Escape::Slash | Escape::Short => format!("\\u{code:04X}"),
        Escape::Long => format!("\\U{code:08x}"),
    };
    format!("{}{escape}{}", &text[..at], &text[at + 1..])
}

/// `text` over two lines, which a reader joins without a space.
fn continued(text: &str, indent: usize) -> String {
    let middle = text.len() / 2;
    format!("{}\\\n{}{}", &text[..middle], " ".repeat(indent), &text[middle..])
}

fn image(chance: &mut Chance, scalar: &Scalar, context: Context, anchor: Option<&str>) -> Token {
    let style = style(chance, scalar, context);
    let (properties, word) = properties(chance, anchor);
    let tagged = properties.contains('!');
    let is_block = matches!(style, Style::Literal | Style::Folded);
    let before = scalar.before();
    let is_text = tagged || !needs_quotes(&before) || MISTAKES.contains(&before.as_str());
    let style = if style == Style::Plain && !is_text {
        Style::Double
    } else {
        style
    };
    let (header, tail) = match context {
        Context::Block { indent, deeper } if is_block => header(chance, style, indent, deeper),
        _ => (String::new(), ""),
    };
    Token {
        head: format!("{properties}{header}"),
        body: vec![body(chance, scalar, style, context, tagged)],
        tail,
        is_block,
        feature: name(style, context),
        properties: word,
    }
}

fn name(style: Style, context: Context) -> &'static str {
    match (style, context) {
        (Style::Plain, Context::Flow) => "plain in brackets",
        (Style::Plain, _) => "plain",
        (Style::Single, Context::Flow) => "single quotes in brackets",
        (Style::Single, _) => "single quotes",
        (Style::Double, Context::Flow) => "double quotes in brackets",
        (Style::Double, _) => "double quotes",
        (Style::Escaped, _) => "escapes",
        (Style::Continued, _) => "over two lines",
        (Style::Literal, _) => "literal block",
        (Style::Folded, _) => "folded block",
    }
}

fn style(chance: &mut Chance, scalar: &Scalar, context: Context) -> Style {
    let before = scalar.before();
    if before.is_empty() {
        return chance.of(&[Style::Single, Style::Double]);
    }
    let plain = if is_plain(&before) { Style::Plain } else { Style::Double };
    let is_in_block = matches!(context, Context::Block { .. });
    match chance.below(14) {
        0 | 1 => Style::Single,
        2 | 3 => Style::Double,
        4 => Style::Escaped,
        5 if is_in_block && scalar.kept.len() > 3 => Style::Continued,
        6 if is_in_block => Style::Literal,
        7 if is_in_block => Style::Folded,
        _ => plain,
    }
}

/// A tag, an anchor, both in either order, or mostly nothing; and words for it.
fn properties(chance: &mut Chance, anchor: Option<&str>) -> (String, Option<&'static str>) {
    match (chance.below(24), anchor) {
        (0, Some(anchor)) => (format!("&{anchor} "), Some("anchor")),
        (1, _) => ("!!str ".to_owned(), Some("tag")),
        (2, Some(anchor)) => (format!("&{anchor} !!str "), Some("anchor and tag")),
        (3, Some(anchor)) => (format!("!!str &{anchor} "), Some("tag and anchor")),
        (4, _) if chance.once_in(2) => ("!<tag:yaml.org,2002:str> ".to_owned(), Some("a tag in full")),
        _ => (String::new(), None),
    }
}

/// The header of a block up to its first text, and what it leaves of the line end.
fn header(chance: &mut Chance, style: Style, indent: usize, deeper: usize) -> (String, &'static str) {
    let sign = if style == Style::Literal { '|' } else { '>' };
    let (chomping, tail) = chance.of(&[("-", ""), ("-", ""), ("", "\n")]);
    let said = deeper.to_string();
    let header = match chance.below(6) {
        0 => said + chomping,
        1 => chomping.to_owned() + &said,
        _ => chomping.to_owned(),
    };
    let comment = if chance.once_in(4) { " # image: nginx:0.1" } else { "" };
    (format!("{sign}{header}{comment}\n{}", " ".repeat(indent)), tail)
}

fn body(chance: &mut Chance, scalar: &Scalar, style: Style, context: Context, tagged: bool) -> Piece {
    let (before, after) = (scalar.before(), scalar.after());
    let both = |write: &dyn Fn(&str) -> String| Piece {
        before: write(&before),
        after: write(&after),
    };
    match style {
        Style::Single => both(&|text| format!("'{text}'")),
        Style::Literal | Style::Folded => both(&str::to_owned),
        Style::Plain if before == after => Piece::fixed(before),
        Style::Plain => {
            let must_quote = if tagged {
                after.starts_with('[')
            } else {
                needs_quotes(&after)
            };
            let after = if must_quote { quoted(&after) } else { after.clone() };
            Piece { before, after }
        }
        Style::Double | Style::Escaped | Style::Continued => in_quotes(chance, scalar, style, context),
    }
}
