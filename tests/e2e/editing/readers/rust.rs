//! Two readers in Rust: `saphyr`, of YAML 1.2, and `serde_yaml_ng`, on a translation of libyaml.

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde::Deserialize as _;
use serde_json::{Value, json};

use super::Answer;

/// The tag of a text, written in full.
const STRING: &str = "tag:yaml.org,2002:str";

/// What reads a file without a byte order mark, and finds what is at paths.
type Read = fn(&str, &[&[Value]]) -> Answer;

pub(super) const READERS: &[(&str, Read)] = &[("saphyr", saphyr), ("serde_yaml_ng", serde_yaml_ng)];

fn saphyr(text: &str, paths: &[&[Value]]) -> Answer {
    let documents = Yaml::load_from_str(text).map_err(|error| error.to_string())?;
    let found = paths.iter().map(|path| {
        let (document, path) = path.split_first().expect("a path has a document");
        let document = &documents[index(document)];
        saphyr_at(document, path)
    });
    found.collect()
}

fn saphyr_at(node: &Yaml, path: &[Value]) -> Result<Value, String> {
    let Some((step, rest)) = path.split_first() else {
        return Ok(match node {
            Yaml::Value(Scalar::String(text)) => json!(text),
            // A tag that is written in full is not looked up.
            Yaml::Tagged(tag, node) if tag.suffix == STRING => return saphyr_at(node, path),
            other => json!(["something else", format!("{other:?}")]),
        });
    };
    match step {
        Value::Null => {
            let text = node.as_str().ok_or("there is no text to read")?;
            let documents = Yaml::load_from_str(text).map_err(|error| error.to_string())?;
            saphyr_at(&documents[0], rest)
        }
        Value::String(key) => {
            let value = node.as_mapping_get(key).ok_or(format!("there is no `{key}`"))?;
            saphyr_at(value, rest)
        }
        number => {
            let items = node.as_sequence().ok_or("there are no items")?;
            saphyr_at(&items[index(number)], rest)
        }
    }
}

fn serde_yaml_ng(text: &str, paths: &[&[Value]]) -> Answer {
    let documents = serde_documents(text)?;
    let found = paths.iter().map(|path| {
        let (document, path) = path.split_first().expect("a path has a document");
        serde_at(&documents[index(document)], path)
    });
    found.collect()
}

fn serde_documents(text: &str) -> Result<Vec<serde_yaml_ng::Value>, String> {
    let documents = serde_yaml_ng::Deserializer::from_str(text).map(serde_yaml_ng::Value::deserialize);
    documents.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

fn serde_at(node: &serde_yaml_ng::Value, path: &[Value]) -> Result<Value, String> {
    let Some((step, rest)) = path.split_first() else {
        return Ok(match node {
            serde_yaml_ng::Value::String(text) => json!(text),
            other => json!(["something else", format!("{other:?}")]),
        });
    };
    match step {
        Value::Null => {
            let text = node.as_str().ok_or("there is no text to read")?;
            serde_at(&serde_documents(text)?[0], rest)
        }
        Value::String(key) => serde_at(node.get(key).ok_or(format!("there is no `{key}`"))?, rest),
        number => serde_at(node.get(index(number)).ok_or("there are no items")?, rest),
    }
}

/// A number of a document or an item.
fn index(step: &Value) -> usize {
    let number = step.as_u64().expect("it is a number");
    usize::try_from(number).expect("there are not so many")
}
