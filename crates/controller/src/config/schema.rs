//! The JSON Schema of the configuration file, made from [`ConfigFile`].

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::file::ConfigFile;
use super::policy_file::ARGUMENT_FORMAT;

/// The schema that files are read along.
static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(ConfigFile).to_value());

/// The JSON Schema (draft 2020-12) of the configuration file, for editors: `config/schema.json`.
pub fn schema_text() -> String {
    let text = serde_json::to_string_pretty(&*SCHEMA).expect("a schema is JSON");
    text + "\n"
}

/// A part of the schema, with the ways to read it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape(&'static Map<String, Value>);

/// What a value has to be.
#[derive(Debug, Clone)]
pub(crate) enum Form {
    Mapping,
    List(Shape),
    Text {
        format: Option<&'static str>,
    },
    OneOf(Vec<&'static str>),
    Bool,
    /// `true`, `false`, or one of these.
    BoolOr(Vec<&'static str>),
    Integer {
        least: i128,
        most: i128,
    },
    /// Whatever of these the value looks like.
    Any(Vec<Shape>),
}

impl Shape {
    /// The whole file.
    pub(crate) fn root() -> Self {
        Self::of(&SCHEMA)
    }

    /// References are followed, and "or null" is left away: what may be null may be left out.
    fn of(value: &'static Value) -> Self {
        let object = value.as_object().expect("a schema is an object");
        if let Some(target) = object.get("$ref") {
            let name = target.as_str().and_then(|target| target.strip_prefix("#/$defs/"));
            let name = name.expect("references are to the definitions of the schema");
            return Self::of(&SCHEMA["$defs"][name]);
        }
        let branches = Self(object).branches();
        match branches.as_slice() {
            [branch] => *branch,
            _ => Self(object),
        }
    }

    /// The alternatives of an `anyOf`, null left away.
    fn branches(self) -> Vec<Self> {
        let all = self.0.get("anyOf").and_then(Value::as_array).into_iter().flatten();
        all.filter(|branch| branch["type"] != "null").map(Self::of).collect()
    }

    /// What a value has to be.
    pub(crate) fn form(self) -> Form {
        let branches = self.branches();
        if !branches.is_empty() {
            return Form::Any(branches);
        }
        if let Some(values) = self.values() {
            return if self.has_bools() {
                Form::BoolOr(values)
            } else {
                Form::OneOf(values)
            };
        }
        match self.type_name() {
            "array" => Form::List(Self::of(&self.0["items"])),
            "boolean" => Form::Bool,
            "integer" => Form::Integer {
                least: self.bound("minimum", 0),
                most: self.bound("maximum", u64::MAX.into()),
            },
            "string" => Form::Text {
                format: self.0.get("format").and_then(Value::as_str),
            },
            _ => Form::Mapping,
        }
    }

    /// Whether `true` and `false` are among the values of an enumeration.
    fn has_bools(self) -> bool {
        let values = self.0.get("enum").and_then(Value::as_array).into_iter().flatten();
        values.filter(|value| value.is_boolean()).count() > 0
    }

    /// The values of an enumeration, as far as they are texts.
    fn values(self) -> Option<Vec<&'static str>> {
        if let Some(values) = self.0.get("enum") {
            return Some(values.as_array()?.iter().filter_map(Value::as_str).collect());
        }
        let branches = self.0.get("oneOf")?.as_array()?.iter();
        Some(branches.filter_map(|branch| branch.get("const")?.as_str()).collect())
    }

    fn type_name(self) -> &'static str {
        match self.0.get("type") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).find(|name| *name != "null"),
            name => name.and_then(Value::as_str),
        }
        .unwrap_or("object")
    }

    fn bound(self, name: &str, default: i128) -> i128 {
        self.0.get(name).and_then(Value::as_i64).map_or(default, i128::from)
    }

    /// The keys of a mapping, with what their values have to be.
    pub(crate) fn keys(self) -> impl Iterator<Item = (&'static str, Self)> {
        let keys = self
            .0
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        keys.map(|(key, value)| (key.as_str(), Self::of(value)))
    }

    /// Whether it is a policy in long form, perhaps with a name.
    pub(crate) fn is_policy(self) -> bool {
        let is_kind = |form: Form| {
            matches!(
                form,
                Form::Text {
                    format: Some(ARGUMENT_FORMAT)
                }
            )
        };
        self.keys().any(|(_, shape)| is_kind(shape.form()))
    }

    /// The keys that a mapping must have.
    pub(crate) fn required(self) -> impl Iterator<Item = &'static str> {
        self.0
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
    }
}
