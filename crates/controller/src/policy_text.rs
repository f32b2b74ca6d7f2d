//! Policies as people write them: in short form, or in long form as YAML or JSON.

use domain::policy::{FieldValue, KindName, Policy, PolicyError, PolicyFields};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use yaml_spans::{Kind, Location, Mapping, Node, Stream, Value};

/// Longest text of a policy, in bytes.
pub(crate) const LONGEST_POLICY: usize = 64 * 1024;

/// How deep the values of a policy nest at most: an item of a list within an option, and one to spare.
const DEEPEST: usize = 4;

/// A text is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyTextError {
    /// It is too long to be looked at.
    #[error("a policy is at most {LONGEST_POLICY} bytes long")]
    TooLong,
    /// It is read as the long form, and cannot be read.
    #[error("line {}, column {}: {reason}", .location.line, .location.column)]
    LongForm {
        /// Where in the text.
        location: Location,
        /// What is wrong there.
        reason: String,
    },
    /// It can be read, and is no valid policy.
    #[error(transparent)]
    Invalid(#[from] PolicyError),
}

/// Reads a policy. A text that begins with `{` or holds a line end is the long form, every other one is the short form.
///
/// # Errors
///
/// What is wrong, and in which part. An invalid policy matches nothing.
pub fn parse_policy(text: &str) -> Result<Policy, PolicyTextError> {
    if text.len() > LONGEST_POLICY {
        return Err(PolicyTextError::TooLong);
    }
    if is_long(text) {
        Ok(Policy::from_fields(&long_form(text)?)?)
    } else {
        Ok(Policy::parse_short(text)?)
    }
}

/// Whether a text is read as the long form.
pub(crate) fn is_long(text: &str) -> bool {
    text.starts_with('{') || text.contains('\n')
}

/// Whether a word is the name of a kind of policy, exactly as policies spell it.
pub(crate) fn is_kind(word: &str) -> bool {
    KindName::parse(word).is_some()
}

fn long_form(text: &str) -> Result<PolicyFields, PolicyTextError> {
    let stream = Stream::parse(text).map_err(|error| PolicyTextError::LongForm {
        location: error.location(),
        reason: error.to_string(),
    })?;
    let mut documents = stream.documents();
    let root = match (documents.next(), documents.next()) {
        (Some(document), None) => document.root(),
        (_, second) => {
            let location = second.map_or(Location { line: 1, column: 1 }, |document| document.root().location());
            return Err(PolicyTextError::LongForm {
                location,
                reason: "a policy is one document".to_owned(),
            });
        }
    };
    let mapping = root.as_mapping().ok_or_else(|| {
        failure(
            root,
            "a policy that begins with `{` or has several lines is a mapping, such as `{semver: \"~1.4\"}`",
        )
    })?;
    Ok(PolicyFields {
        entries: entries(mapping, DEEPEST)?,
    })
}

fn entries(mapping: Mapping<'_>, depth: usize) -> Result<Vec<(String, FieldValue)>, PolicyTextError> {
    if let Some(key) = mapping.duplicate_keys().next() {
        let name = transport::one_line(key.as_text().unwrap_or_default(), 80);
        return Err(failure(key, &format!("`{name}` is given twice")));
    }
    mapping
        .entries()
        .map(|entry| {
            let key = entry
                .key
                .as_text()
                .ok_or_else(|| failure(entry.key, "a key must be a text"))?;
            Ok((key.to_owned(), field(entry.value, depth)?))
        })
        .collect()
}

/// The value as the domain takes it. It says itself where a type is wrong, so that all who make policies say it alike.
fn field(node: Node<'_>, depth: usize) -> Result<FieldValue, PolicyTextError> {
    let depth = depth
        .checked_sub(1)
        .ok_or_else(|| failure(node, "nothing in a policy is nested this deep"))?;
    Ok(match node.resolved().kind() {
        Kind::Mapping(mapping) => FieldValue::Map(entries(mapping, depth)?),
        Kind::Sequence(items) => {
            FieldValue::List(items.items().map(|item| field(item, depth)).collect::<Result<_, _>>()?)
        }
        Kind::Scalar(scalar) => match scalar.value() {
            Value::Null => FieldValue::Null,
            Value::Bool(value) => FieldValue::Bool(value),
            Value::Int(_) | Value::Float(_) => FieldValue::Number(scalar.text().to_owned()),
            Value::Text(text) => FieldValue::Text(text.to_owned()),
        },
        Kind::Alias(_) => return Err(failure(node, "an alias that stands for nothing")),
    })
}

fn failure(node: Node<'_>, reason: &str) -> PolicyTextError {
    PolicyTextError::LongForm {
        location: node.location(),
        reason: reason.to_owned(),
    }
}

/// A policy in long form as the configuration file has it: exactly one kind, and any options.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub(crate) struct PolicyFile {
    /// Kind: semantic versions inside a range such as `~1.4` or `>=1.0.0 <2.0.0`. Without a range: every release.
    semver: Option<Argument>,
    /// Kind: versions of one to eight numbers, inside a range.
    version: Option<Argument>,
    /// Kind: calendar versions of a layout such as `YYYY.0M.0D`.
    calver: Option<Argument>,
    /// Kind: decimal numbers, `asc` or `desc`.
    numeric: Option<Argument>,
    /// Kind: any tags in the order of their bytes, `asc` or `desc`.
    alphabetical: Option<Argument>,
    /// Kind: the tag that was built last, of those that match a glob.
    newest: Option<Argument>,
    /// Kind: the same as `newest`.
    glob: Option<Argument>,
    /// Kind: the tag that was built last, of those that match a regular expression.
    regexp: Option<Argument>,
    /// Kind: the same as `regexp`.
    regex: Option<Argument>,
    /// Kind: follows one tag that moves, such as `latest`, by its digest.
    digest: Option<Argument>,
    /// Option: only tags that match, and the part of them that is read.
    filter: Option<FilterFile>,
    /// Option: tags that any of these regular expressions matches are out.
    deny: Option<Vec<String>>,
    /// Option: what may stand after the first `-` of a tag: `any`, `keep`, `none`, or exactly this text.
    #[schemars(extend("default" = "any"))]
    suffix: Option<String>,
    /// Option: `keep` for only tags with as many numbers as the current one has.
    #[schemars(extend("default" = "any"))]
    precision: Option<String>,
    /// Option: pre-releases are candidates too.
    #[schemars(extend("default" = false))]
    prerelease: Option<bool>,
    /// Option: platforms that an image must have, as `OS/ARCHITECTURE[/VARIANT]`.
    platforms: Option<Vec<String>>,
    /// Option: whether the digest is written beside the tag: `digest`, `never`, or `ifPresent`.
    #[schemars(extend("default" = "ifPresent"))]
    pin: Option<String>,
    /// Option: the best candidate wins even if it is older than what is there.
    #[schemars(extend("default" = false))]
    allow_downgrade: Option<bool>,
}

/// Which tags, and which part of them.
#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FilterFile {
    /// A regular expression that a tag must match.
    pattern: String,
    /// The text that the kind reads and orders by, with `$1` or `$name` for groups of the pattern. Default: the whole tag.
    extract: Option<String>,
}

/// The argument of a kind; nothing is the kind's default.
#[derive(Debug, Deserialize, Serialize)]
#[serde(transparent)]
struct Argument(String);

/// By this `format` the reader knows that `semver:` with nothing behind it is a kind without an argument.
pub(crate) const ARGUMENT_FORMAT: &str = "policy-argument";

impl JsonSchema for Argument {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        ARGUMENT_FORMAT.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": ARGUMENT_FORMAT })
    }
}

impl PolicyFile {
    /// The policy, if it is one.
    ///
    /// # Errors
    ///
    /// The part that is wrong.
    pub(crate) fn policy(&self) -> Result<Policy, PolicyError> {
        let fields = serde_json::to_value(self).expect("a structure of texts is JSON");
        let serde_json::Value::Object(fields) = fields else {
            unreachable!("a structure is an object")
        };
        let given = fields.into_iter().filter(|(_, value)| !value.is_null());
        Policy::from_fields(&PolicyFields {
            entries: given.map(|(key, value)| (key, from_json(value))).collect(),
        })
    }

    /// The long form of a policy.
    pub(crate) fn of(policy: &Policy) -> Self {
        let text = policy.to_string();
        let fields = if is_long(&text) {
            long_form(&text).expect("the domain prints what reads again").entries
        } else {
            let (kind, argument) = text.split_once(':').unwrap_or((&text, ""));
            vec![(kind.to_owned(), FieldValue::Text(argument.to_owned()))]
        };
        let fields = fields.into_iter().map(|(key, value)| (key, to_json(value))).collect();
        serde_json::from_value(serde_json::Value::Object(fields)).expect("a valid policy has these keys alone")
    }
}

/// As deep as [`PolicyFile`] is.
fn from_json(value: serde_json::Value) -> FieldValue {
    use serde_json::Value as Json;
    match value {
        Json::Null => FieldValue::Null,
        Json::Bool(value) => FieldValue::Bool(value),
        Json::Number(number) => FieldValue::Number(number.to_string()),
        Json::String(text) => FieldValue::Text(text),
        Json::Array(items) => FieldValue::List(items.into_iter().map(from_json).collect()),
        Json::Object(fields) => {
            let given = fields.into_iter().filter(|(_, value)| !value.is_null());
            FieldValue::Map(given.map(|(key, value)| (key, from_json(value))).collect())
        }
    }
}

/// As deep as [`DEEPEST`] allows.
fn to_json(value: FieldValue) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        FieldValue::Null => Json::Null,
        FieldValue::Bool(value) => Json::Bool(value),
        FieldValue::Number(text) | FieldValue::Text(text) => Json::String(text),
        FieldValue::List(items) => Json::Array(items.into_iter().map(to_json).collect()),
        FieldValue::Map(fields) => Json::Object(fields.into_iter().map(|(key, value)| (key, to_json(value))).collect()),
    }
}

#[cfg(test)]
mod tests;
