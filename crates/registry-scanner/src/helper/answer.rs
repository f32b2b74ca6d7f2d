//! What a credential helper says on its standard output.

use transport::Secret;

use crate::credential::Credential;
use crate::docker_config::same_server;
use crate::json::Json;

/// How a helper says that it has no credential (`docker-credential-helpers`, `credentials/error.go`).
const NOT_FOUND: &str = "credentials not found in native keychain";

/// The user name that says that the secret is an identity token.
const TOKEN_USER: &str = "<token>";

/// Whether a helper that failed only has no credential.
pub(super) fn is_not_found(output: &[u8]) -> bool {
    output.trim_ascii() == NOT_FOUND.as_bytes()
}

/// Reads `{"ServerURL": …, "Username": …, "Secret": …}`; an empty user and secret are none.
pub(super) fn read(output: &[u8], server: &str) -> Result<Option<Credential>, &'static str> {
    let mut json = Json::parse(output).map_err(|_| "it is no JSON")?;
    let answer = of_json(&json, server);
    json.wipe();
    answer
}

fn of_json(json: &Json, server: &str) -> Result<Option<Credential>, &'static str> {
    if !matches!(json, Json::Map(_)) {
        return Err("it is no JSON object");
    }
    let text = |key| match json.get(key) {
        None | Some(Json::Null) => Ok(""),
        Some(Json::Text(text)) => Ok(text.as_str()),
        Some(_) => Err("its fields are no texts"),
    };
    let (answered, username, secret) = (text("ServerURL")?, text("Username")?, text("Secret")?);
    // A helper that is mixed up must not give one host's password to another.
    if !answered.is_empty() && !same_server(answered, server) {
        return Err("it is for another server than the one that was asked for");
    }
    match (username, secret) {
        ("", "") => Ok(None),
        ("", _) => Err("it names no user"),
        (_, "") => Err("it holds no secret"),
        (TOKEN_USER, token) => Ok(Some(Credential::IdentityToken {
            username: None,
            token: Secret::new(token),
        })),
        (user, _) if user.contains(':') => Err("its user name holds a colon"),
        (user, password) => Ok(Some(Credential::Basic {
            username: user.to_owned(),
            password: Secret::new(password),
        })),
    }
}
