//! Makes `docs/configuration.md` of the schema.

use std::fmt::Write;

use expect_test::expect_file;
use serde_json::Value;

use super::schema;

#[test]
fn the_reference_is_made_from_the_schema() {
    expect_file!["../../../../../docs/configuration.md"].assert_eq(&reference(&schema()));
}

/// The words before the keys.
const INTRODUCTION: &str = include_str!("introduction.md");

fn reference(schema: &Value) -> String {
    let mut text = INTRODUCTION.to_owned();
    let mut sections = vec![(String::new(), schema)];
    while let Some((path, section)) = sections.pop() {
        let keys = write_section(&mut text, schema, &path, section);
        sections.extend(keys.into_iter().rev());
    }
    text
}

/// Writes the keys of one mapping; gives back those that are mappings themselves, or lists of them.
fn write_section<'s>(text: &mut String, root: &'s Value, path: &str, section: &'s Value) -> Vec<(String, &'s Value)> {
    if path.is_empty() {
        writeln!(text, "\n## The file\n").unwrap();
    } else {
        writeln!(text, "\n## `{path}`\n").unwrap();
        writeln!(
            text,
            "{}\n",
            one_line(section["description"].as_str().unwrap_or_default())
        )
        .unwrap();
    }
    writeln!(text, "| key | value | default | meaning |\n|---|---|---|---|").unwrap();
    let mut inner = Vec::new();
    for (key, value) in section["properties"].as_object().unwrap() {
        let required = section["required"]
            .as_array()
            .is_some_and(|keys| keys.contains(&Value::from(key.as_str())));
        let shape = resolve(root, value);
        let meaning = one_line(value["description"].as_str().unwrap_or_default());
        let default = default(required, value);
        writeln!(text, "| `{key}` | {} | {default} | {meaning} |", kind(root, shape)).unwrap();
        let place = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        inner.extend(mapping_in(root, &place, shape));
    }
    inner
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

fn default(required: bool, value: &Value) -> String {
    match &value["default"] {
        Value::Null if required => "required".to_owned(),
        Value::Null => "–".to_owned(),
        Value::String(text) => format!("`{}`", text.replace('\n', "\\n")),
        other => format!("`{other}`"),
    }
}

/// Follows references, and leaves "or null" away.
fn resolve<'s>(root: &'s Value, value: &'s Value) -> &'s Value {
    if let Some(target) = value["$ref"].as_str() {
        return resolve(root, &root["$defs"][target.trim_start_matches("#/$defs/")]);
    }
    let branches: Vec<&Value> = value["anyOf"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|branch| branch["type"] != "null")
        .collect();
    match branches.as_slice() {
        [branch] => resolve(root, branch),
        _ => value,
    }
}

/// A mapping with keys of its own, which gets a section of its own. Policies in place have the keys of those with names.
fn mapping_in<'s>(root: &'s Value, place: &str, shape: &'s Value) -> Option<(String, &'s Value)> {
    if shape["properties"].is_object() {
        return Some((place.to_owned(), shape));
    }
    let items = shape.get("items").map(|items| resolve(root, items))?;
    items["properties"].is_object().then(|| (format!("{place}[]"), items))
}

/// What a value is, in a word.
fn kind(root: &Value, shape: &Value) -> String {
    if let Some(words) = words(shape) {
        return words.join(", ");
    }
    if let Some(branches) = shape["anyOf"].as_array() {
        return branches
            .iter()
            .map(|branch| kind(root, resolve(root, branch)))
            .collect::<Vec<_>>()
            .join(" or ");
    }
    let name = match &shape["type"] {
        Value::Array(names) => names[0].as_str(),
        name => name.as_str(),
    };
    match name.unwrap() {
        "object" => "mapping".to_owned(),
        "array" => format!("list: {}", kind(root, resolve(root, &shape["items"]))),
        "boolean" => "`true` or `false`".to_owned(),
        "integer" => format!("{} to {}", shape["minimum"], shape["maximum"]),
        _ => match shape["examples"][0].as_str() {
            Some(example) => format!("{}, such as `{}`", format_name(shape), example.replace('\n', "\\n")),
            None => "text".to_owned(),
        },
    }
}

fn words(shape: &Value) -> Option<Vec<String>> {
    if let Some(values) = shape["enum"].as_array() {
        let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        return Some(
            values
                .iter()
                .filter(|value| !value.is_null())
                .map(|value| format!("`{}`", plain(value)))
                .collect(),
        );
    }
    let words = shape["oneOf"].as_array()?.iter();
    Some(
        words
            .map(|word| format!("`{}`", word["const"].as_str().unwrap()))
            .collect(),
    )
}

fn format_name(shape: &Value) -> String {
    shape["format"].as_str().unwrap().replace('-', " ")
}
