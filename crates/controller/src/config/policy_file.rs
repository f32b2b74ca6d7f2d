//! The long form of a policy in the configuration file.

use std::borrow::Cow;

use domain::policy::{FieldValue, Policy, PolicyError, PolicyFields};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::policy_text::{is_kind, is_long, long_form};

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

/// By this `format` the reader knows a policy.
pub(crate) const ARGUMENT_FORMAT: &str = "policy-argument";

impl JsonSchema for Argument {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        ARGUMENT_FORMAT.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": ARGUMENT_FORMAT })
    }
}

impl PolicyFile {
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

/// The policy of a long form, or everything that is wrong with it.
///
/// # Errors
///
/// Each part that is wrong.
pub(crate) fn policy_of(mut fields: PolicyFields) -> Result<Policy, Vec<PolicyError>> {
    let mut errors = Vec::new();
    // The domain names the first part that is wrong; without it, the next one comes to light.
    loop {
        match Policy::from_fields(&fields) {
            Ok(policy) if errors.is_empty() => return Ok(policy),
            Ok(_) => return Err(errors),
            Err(error) => {
                let more = without(&mut fields.entries, error.part());
                errors.push(error);
                if !more {
                    return Err(errors);
                }
            }
        }
    }
}

/// Takes a part that is wrong out of a policy, so that the rest can be looked at; `false` if nothing is left to look at.
fn without(entries: &mut Vec<(String, FieldValue)>, part: &str) -> bool {
    let key = part.split(['.', '[']).next().unwrap_or(part);
    let Some(place) = entries.iter().position(|(name, _)| name == key) else {
        return false;
    };
    if let (FieldValue::List(items), Some(item)) = (&mut entries[place].1, item_of(part)) {
        // An item that says nothing, so that the others keep their numbers.
        let nothing = if key == "platforms" { "linux/amd64" } else { "^$" };
        return items
            .get_mut(item)
            .map(|item| *item = FieldValue::Text(nothing.to_owned()))
            .is_some();
    }
    let (name, _) = entries.remove(place);
    // A kind is needed for the options to be looked at; every option may stand beside this one.
    if is_kind(&name) && !entries.iter().any(|(name, _)| is_kind(name)) {
        entries.insert(place, ("semver".to_owned(), FieldValue::Text("*".to_owned())));
        return name != "digest";
    }
    true
}

/// The number in `deny[2]`.
fn item_of(part: &str) -> Option<usize> {
    let (_, number) = part.split_once('[')?;
    number.strip_suffix(']')?.parse().ok()
}

/// As deep as a policy in text may be.
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
