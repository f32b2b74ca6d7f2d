use std::path::Path;

use super::*;
use crate::config::{Config, parse};

/// A pod with all that both clouds put into its environment.
fn environment() -> Environment {
    Environment {
        home: Some("/home/someone".into()),
        google_application_credentials: Some("/secrets/key.json".into()),
        azure_client_id: Some("of-the-environment".to_owned()),
        azure_tenant_id: Some("tenant".to_owned()),
        ..Environment::default()
    }
}

fn read(registries: &str) -> Result<Config, String> {
    let text = format!("registries: {{{registries}}}");
    let read = parse("f", text.as_bytes(), Path::new("/etc/tidemark"), &environment());
    read.map_err(|problems| problems.to_string())
}

#[test]
fn each_cloud_is_on_by_itself_off_or_on() {
    let enabled = |text: &str| {
        let clouds = read(text).unwrap().scanner.clouds;
        (clouds.google.enabled, clouds.azure.enabled)
    };
    assert_eq!(enabled(""), (Enabled::Auto, Enabled::Auto));
    assert_eq!(
        enabled("google: {enabled: auto}, azure: {}"),
        (Enabled::Auto, Enabled::Auto)
    );
    assert_eq!(
        enabled("google: {enabled: true}, azure: {enabled: false}"),
        (Enabled::Always, Enabled::Never)
    );
}

#[test]
fn other_words_are_refused() {
    for (text, problem) in [
        ("on", "`auto`, `true` or `false` is wanted here, not `on`"),
        ("5", "`auto`, `true` or `false` is wanted here, not `5`"),
        ("[auto]", "`auto`, `true` or `false` is wanted here, not a list"),
        (
            "\"true\"",
            "`auto`, `true` or `false` is wanted here, not a text; write it without quotes: true",
        ),
    ] {
        let told = read(&format!("google: {{enabled: {text}}}")).unwrap_err();
        assert!(
            told.contains(&format!("registries.google.enabled: {problem}")),
            "{told}"
        );
    }
    let told = read("azure: {clientId: acme}").unwrap_err();
    assert!(told.contains("a client id is written as in `"), "{told}");
}

#[test]
fn the_file_goes_before_the_environment() {
    let usual = read("").unwrap().scanner.clouds;
    assert_eq!(usual.google.key_file.as_deref(), Some(Path::new("/secrets/key.json")));
    assert_eq!(usual.azure.client_id.as_deref(), Some("of-the-environment"));
    let id = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";
    let said = read(&format!("google: {{keyFile: key.json}}, azure: {{clientId: {id}}}")).unwrap();
    let clouds = &said.scanner.clouds;
    assert_eq!(
        clouds.google.key_file.as_deref(),
        Some(Path::new("/etc/tidemark/key.json"))
    );
    assert_eq!(clouds.azure.client_id.as_deref(), Some(id));
    assert_eq!(clouds.azure.tenant_id.as_deref(), Some("tenant"));
    let again = parse("f", said.print().as_bytes(), Path::new("/"), &environment()).unwrap();
    assert_eq!(again.scanner.clouds, *clouds);
}
