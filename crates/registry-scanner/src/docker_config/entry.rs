//! One entry of `auths`: up to five fields, of which one counts.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use transport::Secret;
use zeroize::Zeroizing;

use crate::credential::Credential;
use crate::json::Json;

/// Padding may be missing, and unused bits may be set: Docker reads both.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Reads an entry, or says why it cannot be used.
pub(super) fn read(entry: &Json) -> Result<Credential, String> {
    match entry {
        Json::Map(_) => {}
        Json::Null => return Err("the entry is empty".to_owned()),
        other => return Err(format!("the entry is {}, where an object is wanted", other.kind())),
    }
    let auth = field(entry, "auth")?;
    let username = field(entry, "username")?;
    let password = field(entry, "password")?;
    let identity_token = field(entry, "identitytoken")?;
    let registry_token = field(entry, "registrytoken")?;
    // Before anything else, for an `auth` that is bad makes the whole entry bad.
    let auth = auth.map(user_and_password).transpose()?;
    if let Some(token) = registry_token {
        return Ok(Credential::RegistryToken {
            token: Secret::new(token),
        });
    }
    if let Some(token) = identity_token {
        let user_of_auth = auth.map(|(user, _)| user);
        return Ok(Credential::IdentityToken {
            username: user_of_auth.or_else(|| username.map(str::to_owned)),
            token: Secret::new(token),
        });
    }
    if let Some((username, password)) = auth {
        return Ok(Credential::Basic { username, password });
    }
    match (username, password) {
        (Some(username), Some(password)) => Ok(Credential::Basic {
            username: username.to_owned(),
            password: Secret::new(password),
        }),
        (Some(_), None) => Err("there is a `username` but no `password`".to_owned()),
        (None, Some(_)) => Err("there is a `password` but no `username`".to_owned()),
        (None, None) => Err("the entry holds no credential".to_owned()),
    }
}

/// A text; an empty one and `null` are as absent.
fn field<'a>(entry: &'a Json, name: &str) -> Result<Option<&'a str>, String> {
    match entry.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Text(text)) if text.is_empty() => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(other) => Err(format!("`{name}` is {}, where a text is wanted", other.kind())),
    }
}

fn user_and_password(auth: &str) -> Result<(String, Secret), String> {
    let decoded = BASE64.decode(auth).map_err(|_| "`auth` is not base64".to_owned())?;
    let decoded = Zeroizing::new(decoded);
    let decoded = std::str::from_utf8(&decoded).map_err(|_| "`auth` is no UTF-8 text within".to_owned())?;
    let (user, password) = decoded
        .split_once(':')
        .ok_or_else(|| "`auth` has no colon between user and password".to_owned())?;
    if user.is_empty() {
        return Err("`auth` has no user before the colon".to_owned());
    }
    Ok((user.to_owned(), Secret::new(password)))
}
