use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::reference::Repository;
use serde_json::json;
use testkit::{Answer, AzureMetadata, Ca, EntraId, ScriptedRegistry};

use super::*;
use crate::config::{HostConfig, Limits, ScannerConfig};
use crate::scanner::Scanner;

/// A registry that exchanges tokens, as the client of a Tidemark knows it.
struct Stage {
    registry: ScriptedRegistry,
    client: Arc<RegistryClient>,
    _folder: tempfile::TempDir,
}

/// A client of the registry that this entry is of.
fn client_of(entry: HostConfig) -> Arc<RegistryClient> {
    let repository = Repository::parse(&format!("{}/app", entry.host)).expect("a repository");
    let config = ScannerConfig {
        hosts: vec![entry],
        ..ScannerConfig::default()
    };
    Scanner::new(config).client(&repository).expect("a client")
}

const EXCHANGE: &str = "POST /oauth2/exchange";

impl Stage {
    fn new(ca: &Ca, answer: Answer) -> Self {
        let registry = ScriptedRegistry::start_tls(ca).expect("a registry");
        registry.always(EXCHANGE, answer);
        let folder = tempfile::tempdir().expect("a folder");
        let ca_file = folder.path().join("ca.crt");
        ca.write_certificate(&ca_file).expect("a file");
        let host = Registry::parse(&registry.host()).expect("a registry");
        let entry = HostConfig {
            ca_file: Some(ca_file),
            ..HostConfig::new(host, Limits::default())
        };
        Self {
            registry,
            client: client_of(entry),
            _folder: folder,
        }
    }

    fn exchanges(&self) -> Vec<String> {
        let seen = self.registry.seen();
        seen.iter()
            .map(|seen| String::from_utf8_lossy(&seen.body).replace(&self.registry.host().replace(':', "%3A"), "HOST"))
            .collect()
    }
}

fn refresh_token(life: Option<u64>) -> (String, Answer) {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let claims = life.map_or_else(|| json!({}), |life| json!({"iat": 1_000_000, "exp": 1_000_000 + life}));
    let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let answer = Answer::json(json!({"refresh_token": token}).to_string());
    (token, answer)
}

fn metadata_server() -> AzureMetadata {
    AzureMetadata::start(("127.0.0.1", 0)).expect("a metadata server")
}

fn on(server: &AzureMetadata, enabled: Enabled) -> Azure {
    let config = AzureConfig {
        enabled,
        ..AzureConfig::default()
    };
    Azure {
        metadata: Metadata::at(&server.url()),
        ..Azure::new(&config, None)
    }
}

/// The token and its seconds of life, or why there is none.
fn shown(fetched: Result<Fresh, Trouble>) -> String {
    match fetched {
        Ok(Fresh {
            credential: Credential::IdentityToken { username, token },
            life,
        }) => format!(
            "{} {} for {} s",
            username.unwrap_or_default(),
            token.expose(),
            life.as_secs()
        ),
        Ok(_) => "an odd credential".to_owned(),
        Err(trouble) => trouble.reason,
    }
}

#[tokio::test]
async fn the_token_of_the_machine_is_exchanged_at_the_registry() {
    let ca = Ca::new().expect("a CA");
    let (token, answer) = refresh_token(Some(10_800));
    let (server, stage) = (metadata_server(), Stage::new(&ca, answer));
    server.gives("eyJ.aad");
    let azure = on(&server, Enabled::Always);
    assert_eq!(
        shown(azure.fetch(&stage.client, "").await),
        format!("00000000-0000-0000-0000-000000000000 {token} for 10800 s")
    );
    assert_eq!(
        stage.exchanges(),
        ["grant_type=access_token&service=HOST&access_token=eyJ.aad"]
    );
    let asked = server.seen();
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].target(),
        "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fcontainerregistry.azure.net"
    );
}

#[tokio::test]
async fn one_of_several_identities_is_named_by_its_client() {
    let ca = Ca::new().expect("a CA");
    let (server, stage) = (metadata_server(), Stage::new(&ca, refresh_token(None).1));
    server.gives("eyJ.aad");
    let mut azure = on(&server, Enabled::Always);
    azure.config.client_id = Some("0a-1b".to_owned());
    assert!(shown(azure.fetch(&stage.client, "").await).ends_with(" for 3600 s"));
    assert!(server.seen()[0].query.ends_with("&client_id=0a-1b"));
}

#[tokio::test]
async fn a_life_beyond_reason_is_cut() {
    let ca = Ca::new().expect("a CA");
    let (server, stage) = (metadata_server(), Stage::new(&ca, refresh_token(Some(1 << 40)).1));
    server.gives("eyJ.aad");
    let azure = on(&server, Enabled::Always);
    assert!(shown(azure.fetch(&stage.client, "").await).ends_with(" for 10800 s"));
}

#[tokio::test]
async fn the_word_of_kubernetes_is_shown_to_the_login_server_alone() {
    let ca = Ca::new().expect("a CA");
    let (token, answer) = refresh_token(Some(10_800));
    let stage = Stage::new(&ca, answer);
    let entra = EntraId::start(&ca, "72f9-tenant", "0a-client", "eyJ.pod").expect("a login server");
    entra.gives("eyJ.aad");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    std::fs::write(&file, "eyJ.pod\n").expect("a file");
    let config = AzureConfig {
        client_id: Some("0a-client".to_owned()),
        tenant_id: Some("72f9-tenant".to_owned()),
        federated_token_file: Some(file),
        authority_host: Some(entra.url()),
        ..AzureConfig::default()
    };
    let azure = Azure {
        wires: Wires::trusting(ca.certificate_pem()),
        ..Azure::new(&config, None)
    };
    assert!(shown(azure.fetch(&stage.client, "").await).contains(&token));
    assert_eq!(
        stage.exchanges(),
        ["grant_type=access_token&service=HOST&tenant=72f9-tenant&access_token=eyJ.aad"]
    );
    assert_eq!(entra.seen().len(), 1);
}

/// Why a workload identity has no token, with this changed in its configuration.
async fn workload_trouble(change: impl FnOnce(&mut AzureConfig)) -> String {
    let ca = Ca::new().expect("a CA");
    let stage = Stage::new(&ca, Answer::status(500));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    std::fs::write(&file, "eyJ.pod").expect("a file");
    let mut config = AzureConfig {
        client_id: Some("client".to_owned()),
        tenant_id: Some("tenant".to_owned()),
        federated_token_file: Some(file),
        authority_host: Some("https://127.0.0.1:1/".to_owned()),
        ..AzureConfig::default()
    };
    change(&mut config);
    let trouble = shown(Azure::new(&config, None).fetch(&stage.client, "").await);
    assert_eq!(stage.exchanges().len(), 0);
    trouble.replace(&folder.path().display().to_string(), "FOLDER")
}

#[tokio::test]
async fn half_a_workload_identity_is_told() {
    assert_eq!(
        workload_trouble(|config| config.client_id = None).await,
        "AZURE_FEDERATED_TOKEN_FILE is set, and AZURE_CLIENT_ID is not"
    );
    assert_eq!(
        workload_trouble(|config| config.tenant_id = None).await,
        "AZURE_FEDERATED_TOKEN_FILE is set, and AZURE_TENANT_ID is not"
    );
    assert_eq!(
        workload_trouble(|config| config.tenant_id = Some("../evil".to_owned())).await,
        "AZURE_TENANT_ID is no id of a tenant"
    );
    assert_eq!(
        workload_trouble(|config| config.authority_host = Some("http://login.example/".to_owned())).await,
        "AZURE_AUTHORITY_HOST does not begin with `https://`"
    );
    assert_eq!(
        workload_trouble(|config| config.federated_token_file = Some("/nowhere/token".into())).await,
        "the file of the pod's token, /nowhere/token: No such file or directory (os error 2)"
    );
}

#[tokio::test]
async fn a_registry_that_refuses_is_told_without_the_token() {
    let ca = Ca::new().expect("a CA");
    let words = r#"{"errors": [{"message": "eyJ.aad may not"}]}"#;
    let (server, stage) = (metadata_server(), Stage::new(&ca, Answer::status(401).body(words)));
    server.gives("eyJ.aad");
    assert_eq!(
        shown(on(&server, Enabled::Always).fetch(&stage.client, "").await),
        "the registry gave no token for that of Entra ID: it answered 401 Unauthorized: [secret] may not"
    );
}

#[tokio::test]
async fn the_token_goes_nowhere_else_whatever_the_registry_says() {
    let ca = Ca::new().expect("a CA");
    let elsewhere = testkit::Recorder::start("127.0.0.2").expect("a port");
    let redirect = Answer::redirect(307, &format!("{}/oauth2/exchange", elsewhere.url()));
    let (server, stage) = (metadata_server(), Stage::new(&ca, redirect));
    server.gives("eyJ.aad");
    let told = shown(on(&server, Enabled::Always).fetch(&stage.client, "").await);
    assert!(!told.contains(" for "), "{told}");
    assert_eq!(elsewhere.connections(), 0);
}

/// What is said of a registry's name; the registry itself is not there.
async fn said(azure: &Azure, host: &str, plain_http: bool) -> String {
    let entry = HostConfig {
        plain_http,
        ..HostConfig::new(Registry::parse(host).expect("a registry"), Limits::default())
    };
    let client = client_of(entry);
    match azure.identity(&client).await {
        None => "nobody".to_owned(),
        Some(Ok(identity)) => identity.source.to_string(),
        Some(Err(error)) => error.reason,
    }
}

#[tokio::test]
async fn off_the_cloud_auto_means_nobody_and_is_looked_up_once() {
    // What answers at this address elsewhere: AWS, Google, and nobody at all.
    for answer in [
        Answer::status(404),
        Answer::status(403).header("metadata-flavor", "Google"),
        Answer::hang(),
    ] {
        let server = metadata_server();
        server.instead(Some(answer));
        let azure = on(&server, Enabled::Auto);
        let began = Instant::now();
        for _ in 0..3 {
            assert_eq!(said(&azure, "acme.azurecr.io", false).await, "nobody");
        }
        let took = began.elapsed();
        assert!(took < Duration::from_millis(1800), "{took:?}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_machine_without_an_identity_is_nobody_unless_it_must_have_one() {
    let server = metadata_server();
    let auto = on(&server, Enabled::Auto);
    assert_eq!(said(&auto, "acme.azurecr.io", false).await, "nobody");
    assert_eq!(said(&auto, "other.azurecr.io", false).await, "nobody");
    assert_eq!(server.tokens(), 1, "it is remembered");
    assert_eq!(
        said(&on(&server, Enabled::Always), "acme.azurecr.io", false).await,
        "Azure's metadata server answered 400 Bad Request: Identity not found"
    );
}

#[tokio::test]
async fn nobody_is_asked_for_other_registries_or_without_tls_or_when_it_is_off() {
    let server = metadata_server();
    server.gives("eyJ.aad");
    let always = on(&server, Enabled::Always);
    assert_eq!(said(&always, "notazurecr.io", false).await, "nobody");
    assert_eq!(said(&always, "acme.azurecr.io", true).await, "nobody");
    assert_eq!(
        said(&on(&server, Enabled::Never), "acme.azurecr.io", false).await,
        "nobody"
    );
    assert_eq!(server.seen().len(), 0);
}
