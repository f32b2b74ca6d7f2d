//! No secret of a file is ever shown.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use domain::reference::Repository;
use registry_scanner::fuzzing::docker_config;
use serde_json::{Map, Value};

use crate::headers;

/// Stands for every secret.
const CANARY: &str = "cAnArYwHiChSiNgS";

/// As much of a secret is as bad as all of it.
const BEGINNING: usize = 7;

/// The same file, with the canary for every text in it that may be a secret, is looked at in every way there is.
pub(super) fn stays_inside(file: &Value, images: &[Repository]) {
    let begins = &CANARY[..BEGINNING];
    // What is no secret may be shown, whatever it says.
    if file.to_string().contains(begins) {
        return;
    }
    for auth in WAYS {
        let planted = plant(file, auth);
        let text = serde_json::to_string(&planted).expect("a value prints");
        for cut in [text.len(), text.len() * 3 / 4, text.len() / 2] {
            let bytes = &text.as_bytes()[..cut];
            match docker_config(bytes) {
                Err(message) => is_silent(&message),
                Ok(config) => {
                    is_silent(&format!("{config:?} {config:#?}"));
                    for image in images {
                        let found = config.find(image);
                        is_silent(&format!("{found:?} {found:#?}"));
                        for skipped in &found.skipped {
                            headers::shows(&skipped.reason);
                        }
                    }
                }
            }
        }
    }
}

fn is_silent(shown: &str) {
    let encoded = STANDARD_NO_PAD.encode(CANARY);
    let encoded_pair = STANDARD_NO_PAD.encode(format!("u:{CANARY}"));
    for secret in [&CANARY[..BEGINNING], &encoded[..16], &encoded_pair[4..20]] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// How the canary is written where `auth` stands.
const WAYS: [fn() -> String; 3] = [
    || STANDARD.encode(format!("u:{CANARY}")),
    || STANDARD.encode(CANARY),
    || CANARY.to_owned(),
];

fn plant(file: &Value, auth: fn() -> String) -> Value {
    let Value::Object(top) = file else {
        return file.clone();
    };
    let modern = ["auths", "credHelpers", "credsStore", "credStore"];
    let legacy = !modern.iter().any(|key| top.contains_key(*key)) && top.values().all(Value::is_object);
    if legacy {
        return Value::Object(entries(top, auth));
    }
    let planted = top.iter().map(|(key, value)| {
        let value = match value {
            Value::Object(pairs) if key == "auths" => Value::Object(entries(pairs, auth)),
            other => other.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(planted.collect())
}

fn entries(pairs: &Map<String, Value>, auth: fn() -> String) -> Map<String, Value> {
    let planted = pairs.iter().flat_map(|(key, value)| {
        let entry = secret(value, "", auth);
        // A user in a key is a secret too.
        let in_key = match key.split_once("://") {
            Some((scheme, rest)) => format!("{scheme}://u:{CANARY}@{rest}"),
            None => format!("{CANARY}@{key}"),
        };
        [(key.clone(), entry.clone()), (in_key, entry)]
    });
    planted.collect()
}

/// The same value with the canary in all its texts but the user's name.
fn secret(value: &Value, key: &str, auth: fn() -> String) -> Value {
    match value {
        Value::String(text) if text.is_empty() || key == "username" => value.clone(),
        Value::String(_) if key == "auth" => Value::String(auth()),
        Value::String(_) => Value::String(CANARY.to_owned()),
        Value::Array(items) => items.iter().map(|item| secret(item, "", auth)).collect(),
        Value::Object(pairs) => {
            let planted = pairs.iter().map(|(key, value)| (key.clone(), secret(value, key, auth)));
            Value::Object(planted.collect())
        }
        other => other.clone(),
    }
}
