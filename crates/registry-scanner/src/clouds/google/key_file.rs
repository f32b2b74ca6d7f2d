//! The key of a service account: a signed assertion is exchanged for a token (RFC 7523).

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gcp_auth::CustomServiceAccount;
use serde_json::json;
use transport::{Origin, Scheme, Secret, chain};
use url::Url;

use super::Token;
use crate::clouds::ask::Question;
use crate::clouds::keep::Trouble;
use crate::clouds::secret_file;
use crate::clouds::wires::Wires;
use crate::json::Json;

/// What the token is good for: reading. The first opens Artifact Registry, the second is what Container Registry knew.
const SCOPES: &str =
    "https://www.googleapis.com/auth/cloud-platform.read-only https://www.googleapis.com/auth/devstorage.read_only";

const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The longest that Google takes assertions and gives tokens for.
const LIFE: Duration = Duration::from_secs(60 * 60);

/// How long the exchange may take, further attempts included.
const PATIENCE: Duration = Duration::from_secs(15);

const WHO: &str = "Google's token server";

/// A signed assertion, and who takes it.
struct Assertion {
    jwt: Secret,
    token_server: Url,
}

/// A token for the service account whose key is in the file.
pub(super) async fn token(path: &Path, wires: &Wires) -> Result<Token, Trouble> {
    let trouble = |reason: String| {
        Trouble {
        reason: format!("the key file {}: {reason}", path.display()),
        next_step: "compare `registries.google.keyFile`, or GOOGLE_APPLICATION_CREDENTIALS, with the keys of the service account"
            .to_owned(),
    }
    };
    let file = path.to_owned();
    // It reads a file, and `gcp_auth` the system's certificates.
    let signing = tokio::task::spawn_blocking(move || sign(&file, SystemTime::now()));
    let assertion = signing.await.expect("signing does not panic").map_err(trouble)?;
    let http = wires.far().map_err(|error| trouble(chain(&error).to_string()))?;
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", GRANT)
        .append_pair("assertion", assertion.jwt.expose())
        .finish();
    let question = Question::post(WHO, assertion.token_server, form, vec![assertion.jwt], PATIENCE);
    let said = question.patiently(&http).await.map_err(trouble)?;
    said.token(WHO, "access_token").map_err(trouble)
}

fn sign(path: &Path, now: SystemTime) -> Result<Assertion, String> {
    let text = secret_file::read(path)?;
    let json = Json::parse(text.expose().as_bytes()).map_err(|error| error.to_string())?;
    let field = |key| json.get(key).and_then(Json::text).filter(|text| !text.is_empty());
    let needed = |key| field(key).ok_or_else(|| format!("it has no `{key}`"));
    of_service_account(needed("type")?)?;
    let token_uri = needed("token_uri")?;
    let token_server = token_server(token_uri)?;
    let account = CustomServiceAccount::from_json(text.expose()).map_err(|error| unusable(&error))?;
    let issued = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let mut header = json!({"alg": "RS256", "typ": "JWT"});
    if let Some(id) = field("private_key_id") {
        header["kid"] = id.into();
    }
    let claims = json!({
        "iss": needed("client_email")?, "scope": SCOPES, "aud": token_uri, "iat": issued, "exp": issued + LIFE.as_secs(),
    });
    let encoded = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encoded(&header), encoded(&claims));
    let signature = account
        .signer()
        .sign(signed.as_bytes())
        .map_err(|error| unusable(&error))?;
    Ok(Assertion {
        jwt: Secret::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))),
        token_server,
    })
}

/// Only such a key signs for itself; all others want somebody else to be asked first, whom the file names.
fn of_service_account(kind: &str) -> Result<(), String> {
    const FEDERATION: [&str; 2] = ["external_account", "external_account_authorized_user"];
    const OTHERS: [&str; 3] = [
        "authorized_user",
        "impersonated_service_account",
        "gdch_service_account",
    ];
    if kind == "service_account" {
        return Ok(());
    }
    if FEDERATION.contains(&kind) {
        return Err(format!(
            "its `type` is `{kind}` (workload identity federation), which Tidemark cannot use: on GKE leave the file out, elsewhere \
             name the key of a service account"
        ));
    }
    let shown = if OTHERS.contains(&kind) {
        format!("`{kind}`, not")
    } else {
        "not".to_owned()
    };
    Err(format!("its `type` is {shown} `service_account`"))
}

/// What `gcp_auth` says, without its causes: they may show what stands in the file.
fn unusable(error: &gcp_auth::Error) -> String {
    match error {
        gcp_auth::Error::Json(..) => "a key is missing in it, or of the wrong kind".to_owned(),
        gcp_auth::Error::Io(what, _) | gcp_auth::Error::Other(what, _) | gcp_auth::Error::Str(what) => {
            (*what).to_owned()
        }
        _ => "its key cannot be used".to_owned(),
    }
}

/// The file names its own token server. The assertion opens the account for an hour, so it travels over TLS only.
fn token_server(uri: &str) -> Result<Url, String> {
    let origin = Origin::of_text(uri).map_err(|error| format!("its `token_uri`: {error}"))?;
    if origin.scheme() != Scheme::Https {
        return Err("its `token_uri` does not begin with `https://`".to_owned());
    }
    Url::parse(uri).map_err(|_| "its `token_uri` does not parse".to_owned())
}
