//! One entry of a Docker config, read from the contract.

use serde_json::Value;

/// What an entry holds.
#[derive(Debug, PartialEq)]
pub(super) struct Secrets {
    pub(super) kind: &'static str,
    pub(super) username: Option<String>,
    pub(super) secret: String,
}

/// `None` if the entry cannot be used.
pub(super) fn read(entry: &Value) -> Option<Secrets> {
    entry.as_object()?;
    let [auth, username, password, identity, registry] =
        ["auth", "username", "password", "identitytoken", "registrytoken"].map(|name| text(&entry[name]));
    let (auth, username, password, identity, registry) = (auth?, username?, password?, identity?, registry?);
    let auth = match auth {
        Some(auth) => Some(user_and_password(&auth)?),
        None => None,
    };
    let secrets = |kind, username, secret| Some(Secrets { kind, username, secret });
    match (registry, identity, auth, username, password) {
        (Some(token), ..) => secrets("registryToken", None, token),
        (None, Some(token), auth, username, _) => secrets("identityToken", auth.map(|auth| auth.0).or(username), token),
        (None, None, Some((user, password)), ..) => secrets("basic", Some(user), password),
        (None, None, None, Some(user), Some(password)) => secrets("basic", Some(user), password),
        _ => None,
    }
}

/// `None` for a wrong type, `Some(None)` for nothing.
fn text(value: &Value) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        Value::String(text) => Some((!text.is_empty()).then(|| text.clone())),
        _ => None,
    }
}

fn user_and_password(auth: &str) -> Option<(String, String)> {
    let text = String::from_utf8(decode(auth)?).ok()?;
    let (user, password) = text.split_once(':')?;
    (!user.is_empty()).then(|| (user.to_owned(), password.to_owned()))
}

/// Base64, with padding or without, or with a part of it; bits that are left over do not matter.
fn decode(text: &str) -> Option<Vec<u8>> {
    let plain = text.trim_end_matches('=');
    let padding = text.len() - plain.len();
    let complete = plain.len().next_multiple_of(4) - plain.len();
    if padding > complete || plain.len() % 4 == 1 {
        return None;
    }
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for byte in plain.bytes() {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(six)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Some(bytes)
}
