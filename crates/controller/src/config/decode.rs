//! Walks the tree of a file along the schema, and makes of it what serde reads without fail.
//!
//! Whatever does not fit is reported and left out, so that the rest can be looked at as well. The walk goes down only as far
//! as the schema does, whatever the file holds.

use serde_json::{Map, Value as Json};
use transport::one_line;
use yaml_spans::{Kind, Mapping, Node, Scalar, Sequence, Value, plain_value};

use super::ecr::ACCOUNT_FORMAT;
use super::later::{later_key, later_value};
use super::problem::Report;
use super::scalars::check_of;
use super::schema::{Form, Shape};
use super::suggest::closest;
use crate::policy_text::{foreign_tag, is_known};

/// Most characters of a key or value that a message repeats.
const SHOWN: usize = 80;

/// Most items of one list: several times what one daemon can look after.
pub(super) const MOST_ITEMS: usize = 10_000;

/// What the file holds of the schema's keys; `None` where it is no mapping at all.
pub(crate) fn decode(root: Node<'_>, report: &mut Report) -> Option<Json> {
    read(root, Shape::root(), "", report)
}

fn read(node: Node<'_>, shape: Shape, key: &str, report: &mut Report) -> Option<Json> {
    if let Some(text) = foreign_tag(node.resolved()) {
        report.add(node.location(), key, text);
        return None;
    }
    match (shape.form(), node.resolved().kind()) {
        (Form::Any(branches), kind) => match branches.iter().find(|branch| fits(&kind, &branch.form())) {
            Some(branch) => read(node, *branch, key, report),
            None => refuse_type(node, key, "a text or a mapping", report),
        },
        (Form::Mapping, Kind::Mapping(mapping)) => read_mapping(mapping, shape, key, report),
        (Form::List(items), Kind::Sequence(list)) => Some(read_list(list, items, key, report)),
        (Form::Mapping, _) => refuse_type(node, key, "a mapping", report),
        (Form::List(_), _) => refuse_type(node, key, "a list", report),
        (form, Kind::Scalar(scalar)) => match read_scalar(scalar, &form, key) {
            Ok(value) => Some(value),
            Err(text) => {
                report.add(node.location(), key, text);
                None
            }
        },
        (Form::Bool, _) => refuse_type(node, key, "`true` or `false`", report),
        (Form::BoolOr(words), _) => refuse_type(node, key, &list_of(&with_bools(&words)), report),
        (Form::Integer { .. }, _) => refuse_type(node, key, "a whole number", report),
        (Form::Text { .. } | Form::OneOf(_), _) => refuse_type(node, key, "a text", report),
    }
}

/// Whether a value looks like what is wanted, so that its problems are worth telling.
fn fits(kind: &Kind<'_>, form: &Form) -> bool {
    match form {
        Form::Mapping => matches!(kind, Kind::Mapping(_)),
        Form::List(_) => matches!(kind, Kind::Sequence(_)),
        _ => matches!(kind, Kind::Scalar(_)),
    }
}

/// An item that does not fit leaves a hole, so that the others keep their numbers.
fn read_list(list: Sequence<'_>, items: Shape, key: &str, report: &mut Report) -> Json {
    if list.items().nth(MOST_ITEMS).is_some() {
        report.add(
            list.node().location(),
            key,
            format!("a list has at most {MOST_ITEMS} items"),
        );
        return Json::Array(Vec::new());
    }
    let read = list.items().enumerate().map(|(number, item)| {
        let item = read(item, items, &format!("{key}[{number}]"), report);
        item.unwrap_or(Json::Null)
    });
    let mut read: Vec<Json> = read.collect();
    if !matches!(items.form(), Form::Mapping | Form::Any(_)) {
        // A single value cannot be a hole; what comes before the first keeps its numbers.
        read.truncate(read.iter().position(Json::is_null).unwrap_or(read.len()));
    }
    Json::Array(read)
}

fn read_mapping(mapping: Mapping<'_>, shape: Shape, key: &str, report: &mut Report) -> Option<Json> {
    for duplicate in mapping.duplicate_keys() {
        report.add(
            duplicate.location(),
            &inner(key, name_of(duplicate)),
            "this key is given twice",
        );
    }
    refuse_unknown(mapping, shape, key, report);
    let mut fields = Map::new();
    // A policy is read by the one parser of policies, which says itself what is wrong with its values.
    let is_read_here = |name: &str| !shape.is_policy() || !is_known(name);
    for (name, value) in shape.keys().filter(|(name, _)| is_read_here(name)) {
        let Some(node) = mapping.get(name) else { continue };
        if let Some(value) = read_field(node, value, &inner(key, name), is_required(shape, name), report) {
            fields.insert(name.to_owned(), value);
        }
    }
    let mut whole = true;
    for name in shape.required() {
        whole &= fields.contains_key(name);
        if mapping.get(name).is_none() {
            report.add(mapping.node().location(), &inner(key, name), "this key is missing");
        }
    }
    whole.then_some(Json::Object(fields))
}

/// A key with nothing behind it is as one that is not there, where it may be left out.
fn read_field(node: Node<'_>, shape: Shape, key: &str, required: bool, report: &mut Report) -> Option<Json> {
    let empty = node.as_scalar().is_some_and(|scalar| scalar.value() == Value::Null);
    if empty && !required {
        return None;
    }
    read(node, shape, key, report)
}

fn is_required(shape: Shape, name: &str) -> bool {
    shape.required().any(|required| required == name)
}

fn refuse_unknown(mapping: Mapping<'_>, shape: Shape, key: &str, report: &mut Report) {
    for entry in mapping.entries() {
        let name = name_of(entry.key);
        if entry
            .key
            .as_text()
            .is_some_and(|text| shape.keys().any(|(known, _)| known == text))
        {
            continue;
        }
        let key = inner(key, name);
        let text = later_key(&key).unwrap_or_else(|| match name {
            "<<" => "merge keys are not read; repeat the keys, or give the whole value an anchor".to_owned(),
            name => match closest(name, shape.keys().map(|(known, _)| known)) {
                Some(known) => format!("unknown key; did you mean `{known}`?"),
                None => "unknown key".to_owned(),
            },
        });
        report.add(entry.key.location(), &key, text);
    }
}

/// A key as it is shown; one that is no text has no name.
fn name_of(key: Node<'_>) -> &str {
    key.as_text().unwrap_or("?")
}

/// The place of a key within another.
fn inner(outer: &str, name: &str) -> String {
    let name = one_line(name, SHOWN);
    if outer.is_empty() {
        name
    } else {
        format!("{outer}.{name}")
    }
}

fn refuse_type(node: Node<'_>, key: &str, wanted: &str, report: &mut Report) -> Option<Json> {
    let found = match node.resolved().kind() {
        Kind::Mapping(_) => "a mapping",
        Kind::Sequence(_) => "a list",
        Kind::Scalar(scalar) => type_of(scalar),
        Kind::Alias(_) => "an alias",
    };
    report.add(node.location(), key, format!("{wanted} is wanted here, not {found}"));
    None
}

fn type_of(scalar: Scalar<'_>) -> &'static str {
    match scalar.value() {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Int(_) | Value::Float(_) => "a number",
        Value::Text(_) => "a text",
    }
}

fn read_scalar(scalar: Scalar<'_>, form: &Form, key: &str) -> Result<Json, String> {
    match (form, scalar.value()) {
        (Form::Text { format }, value) => read_text(scalar, value, *format),
        (Form::OneOf(known), Value::Text(text)) => read_word(text, known, key),
        (Form::OneOf(known), _) => Err(format!("{} is wanted here, not {}", list_of(known), type_of(scalar))),
        (Form::Bool | Form::BoolOr(_), Value::Bool(value)) => Ok(Json::Bool(value)),
        (Form::BoolOr(words), Value::Text(text)) if words.contains(&text) => Ok(Json::String(text.to_owned())),
        (Form::BoolOr(words), _) => Err(instead_of(scalar, &list_of(&with_bools(words)))),
        (Form::Bool, _) => Err(instead_of(scalar, "`true` or `false`")),
        (Form::Integer { least, most }, Value::Int(number)) => match u64::try_from(number) {
            Ok(small) if (*least..=*most).contains(&number) => Ok(Json::from(small)),
            _ => Err(format!(
                "a whole number from {least} to {most} is wanted here, not {number}"
            )),
        },
        (Form::Integer { .. }, _) => Err(instead_of(scalar, "a whole number")),
        (Form::Mapping | Form::List(_) | Form::Any(_), _) => Err("no single value is wanted here".to_owned()),
    }
}

/// Quotes make a text of what looks like a number or a boolean; that is said, for it is hard to see.
fn instead_of(scalar: Scalar<'_>, wanted: &str) -> String {
    let text = one_line(scalar.text(), SHOWN);
    match (scalar.value(), plain_value(scalar.text())) {
        (Value::Text(_), Value::Bool(_) | Value::Int(_)) => {
            format!("{wanted} is wanted here, not a text; write it without quotes: {text}")
        }
        (Value::Null, _) => format!("{wanted} is wanted here, not nothing"),
        _ => format!("{wanted} is wanted here, not `{text}`"),
    }
}

fn read_text(scalar: Scalar<'_>, value: Value<'_>, format: Option<&str>) -> Result<Json, String> {
    let text = scalar.text();
    let wrong = format.and_then(check_of).and_then(|check| check(text));
    match (value, wrong) {
        (Value::Null, _) => Err("a text is wanted here, not nothing".to_owned()),
        // The advice to quote a number is of no use where the quoted text would be refused as well.
        (_, Some(wrong)) => Err(wrong),
        (Value::Text(text), None) => Ok(Json::String(text.to_owned())),
        // Twelve digits are as good without quotes: they are read as they stand here.
        (Value::Int(_), None) if format == Some(ACCOUNT_FORMAT) => Ok(Json::String(text.to_owned())),
        (_, None) => {
            let (found, text) = (type_of(scalar), one_line(text, SHOWN));
            Err(format!(
                "a text is wanted here, not {found}; write it in quotes: \"{text}\""
            ))
        }
    }
}

fn read_word(text: &str, known: &[&str], key: &str) -> Result<Json, String> {
    if known.contains(&text) {
        return Ok(Json::String(text.to_owned()));
    }
    Err(later_value(key, text).unwrap_or_else(|| {
        let hint =
            closest(text, known.iter().copied()).map_or_else(String::new, |word| format!("; did you mean `{word}`?"));
        format!(
            "{} is wanted here, not `{}`{hint}",
            list_of(known),
            one_line(text, SHOWN)
        )
    }))
}

fn with_bools<'w>(words: &[&'w str]) -> Vec<&'w str> {
    words.iter().copied().chain(["true", "false"]).collect()
}

/// `a`, or `a` or `b`, or `a`, `b` or `c`.
fn list_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
