//! Scalars, and what they mean in the YAML 1.2 core schema.

use crate::{Node, node::TextRecord};

/// A node that is text.
#[derive(Debug, Clone, Copy)]
pub struct Scalar<'s> {
    pub(crate) node: Node<'s>,
    pub(crate) style: Style,
    pub(crate) text: TextRecord,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`.
    SingleQuoted,
    /// `"…"`.
    DoubleQuoted,
    /// `|` and lines.
    Literal,
    /// `>` and lines.
    Folded,
}

/// What a scalar means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'s> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number; larger ones are floats.
    Int(i128),
    /// A number.
    Float(f64),
    /// Text; also what has a tag outside the core schema, or one that its text does not fit.
    Text(&'s str),
}

impl<'s> Scalar<'s> {
    /// The node that it is.
    pub fn node(self) -> Node<'s> {
        self.node
    }

    /// Its text, quotes, escapes, folds and indentation resolved.
    pub fn text(self) -> &'s str {
        let stream = self.node.stream;
        match self.text {
            TextRecord::Slice { start, end } => &stream.text[start as usize..end as usize],
            TextRecord::Resolved(index) => &stream.tables.texts[index as usize],
        }
    }

    /// How it is written.
    pub fn style(self) -> Style {
        self.style
    }

    /// What it means by the YAML 1.2 core schema and its tag.
    pub fn value(self) -> Value<'s> {
        let text = self.text();
        match self.node.tag() {
            None if self.style == Style::Plain => plain_value(text),
            None => Value::Text(text),
            Some(tag) => tagged_value(tag, text),
        }
    }
}

/// What `text` means when it is written plain, by the YAML 1.2 core schema.
pub fn plain_value(text: &str) -> Value<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Value::Float(f64::NAN),
        _ => number(text).unwrap_or(Value::Text(text)),
    }
}

fn tagged_value<'s>(tag: &str, text: &'s str) -> Value<'s> {
    let meant = plain_value(text);
    let fits = match tag.strip_prefix("tag:yaml.org,2002:") {
        Some("null") => matches!(meant, Value::Null),
        Some("bool") => matches!(meant, Value::Bool(_)),
        Some("int") => matches!(meant, Value::Int(_)),
        Some("float") => matches!(meant, Value::Float(_) | Value::Int(_)),
        _ => false,
    };
    if fits { meant } else { Value::Text(text) }
}

fn number(text: &str) -> Option<Value<'_>> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        let infinite = if text.starts_with('-') {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        };
        return Some(Value::Float(infinite));
    }
    if is_digits(unsigned) {
        let whole = text.parse().map(Value::Int);
        return whole.or_else(|_| text.parse().map(Value::Float)).ok();
    }
    is_float(unsigned).then(|| text.parse().map(Value::Float).ok())?
}

fn radix(digits: &str, radix: u32) -> Option<Value<'static>> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let float = || {
        digits.chars().fold(0.0, |sum, digit| {
            sum * f64::from(radix) + f64::from(digit.to_digit(radix).unwrap_or_default())
        })
    };
    Some(i128::from_str_radix(digits, radix).map_or_else(|_| Value::Float(float()), Value::Int))
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(unsigned: &str) -> bool {
    // Most texts end here, however long they are.
    if !unsigned.starts_with(|first: char| first == '.' || first.is_ascii_digit()) {
        return false;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_fits = exponent.is_none_or(|power| is_digits(power.strip_prefix(['-', '+']).unwrap_or(power)));
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    mantissa_fits && exponent_fits
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
