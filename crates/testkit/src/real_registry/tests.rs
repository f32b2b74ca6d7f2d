use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use memory_registry::{Rights, Users};
use serde_json::Value;

use super::*;

const ACCEPT: &str = "accept: application/vnd.oci.image.manifest.v1+json";

fn get(registry: &RealRegistry, path: &str, headers: &[&str]) -> String {
    ask::get(registry.address(), registry.ca.as_ref(), path, headers).unwrap()
}

fn status(registry: &RealRegistry, path: &str, headers: &[&str]) -> u16 {
    ask::status(&get(registry, path, headers))
}

fn tags(answer: &str) -> Vec<String> {
    let start = answer.find("{\"name\"").unwrap_or_else(|| panic!("no list: {answer}"));
    let text = &answer[start..=answer.rfind('}').unwrap()];
    let body: Value = serde_json::from_str(text).unwrap();
    body["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.as_str().map(str::to_owned))
        .collect()
}

fn basic(user: &str, password: &str) -> String {
    format!("authorization: Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// Both of them.
fn both(settings: &RegistrySettings) -> [RealRegistry; 2] {
    [
        RealRegistry::docker_registry(settings).unwrap(),
        RealRegistry::distribution(settings).unwrap(),
    ]
}

#[test]
fn what_is_put_into_their_storage_is_served() {
    for registry in both(&RegistrySettings::new()) {
        let digest = registry.push_tag("acme/api", "1.9.2").unwrap();
        registry.push_tag("acme/api", "1.9.3").unwrap();
        let mut listed = tags(&get(&registry, "/v2/acme/api/tags/list", &[]));
        listed.sort();
        assert_eq!(listed, ["1.9.2", "1.9.3"]);
        let manifest = get(&registry, "/v2/acme/api/manifests/1.9.2", &[ACCEPT]);
        assert!(
            manifest
                .to_lowercase()
                .contains(&format!("docker-content-digest: {digest}")),
            "{manifest}"
        );
        registry.delete_tag("acme/api", "1.9.2").unwrap();
        assert_eq!(tags(&get(&registry, "/v2/acme/api/tags/list", &[])), ["1.9.3"]);
        let asked: Vec<String> = registry
            .requests()
            .unwrap()
            .into_iter()
            .map(|r| format!("{} {} {} {}", r.method, r.target, r.version, r.status))
            .collect();
        let expected =
            ["tags/list", "manifests/1.9.2", "tags/list"].map(|rest| format!("GET /v2/acme/api/{rest} HTTP/1.1 200"));
        assert_eq!(asked, expected);
    }
}

#[test]
fn two_names_share_a_repository() {
    for registry in both(&RegistrySettings::new()) {
        registry.push_tag("acme/api", "1.0").unwrap();
        registry.share("acme/api", "other/copy").unwrap();
        registry.push_tag("acme/api", "1.1").unwrap();
        let mut listed = tags(&get(&registry, "/v2/other/copy/tags/list", &[]));
        listed.sort();
        assert_eq!(listed, ["1.0", "1.1"]);
        assert_eq!(status(&registry, "/v2/other/copy/manifests/1.1", &[ACCEPT]), 200);
    }
}

#[test]
fn passwords_are_asked_for_over_tls() {
    let ca = Ca::new().unwrap();
    for registry in both(&RegistrySettings::new().tls(&ca).user("alice", "s3cret")) {
        registry.push_tag("acme/api", "1.0").unwrap();
        for (headers, expected) in [
            (vec![], 401),
            (vec![basic("alice", "guess")], 401),
            (vec![basic("alice", "s3cret")], 200),
        ] {
            let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
            assert_eq!(status(&registry, "/v2/acme/api/tags/list", &headers), expected);
        }
    }
}

#[test]
fn they_believe_the_token_server() {
    let users = Users::new().with("alice", "s3cret", Rights::pull("priv/*"));
    let server = TokenServer::start(users, Duration::from_secs(60)).unwrap();
    for registry in both(&RegistrySettings::new().token(&server)) {
        registry.push_tag("priv/app", "1.0").unwrap();
        let refused = get(&registry, "/v2/priv/app/tags/list", &[]);
        let challenge = format!(
            "Bearer realm=\"{}\",service=\"registry.test\",scope=\"repository:priv/app:pull\"",
            server.realm()
        );
        assert!(refused.contains(&challenge), "{refused}");
        let address = server.host().parse().unwrap();
        let path = "/token?service=registry.test&scope=repository:priv/app:pull";
        let given = ask::get(address, None, path, &[&basic("alice", "s3cret")]).unwrap();
        let body: Value = serde_json::from_str(given.split_once("\r\n\r\n").unwrap().1).unwrap();
        let bearer = format!("authorization: Bearer {}", body["token"].as_str().unwrap());
        assert_eq!(status(&registry, "/v2/priv/app/tags/list", &[&bearer]), 200);
    }
}

#[test]
fn distribution_pages_thousands_of_tags_over_tls() {
    let ca = Ca::new().unwrap();
    let registry = RealRegistry::distribution(&RegistrySettings::new().tls(&ca)).unwrap();
    let all: Vec<String> = (0..2_500).map(|n| format!("1.{n}.0")).collect();
    registry.push_tags("acme/many", &all).unwrap();
    let page = get(&registry, "/v2/acme/many/tags/list?n=5000", &[]);
    assert!(page.contains("rel=\"next\""));
    assert!(!page.contains("1.999.0"));
    assert_eq!(
        get(&registry, "/v2/acme/many/tags/list", &[]).matches("\"1.").count(),
        2_500
    );
}

#[test]
fn one_that_hangs_goes_on_when_told_to() {
    let registry = RealRegistry::docker_registry(&RegistrySettings::new()).unwrap();
    registry.hang();
    let asking = std::thread::spawn({
        let address = registry.address();
        move || ask::get(address, None, "/v2/", &[]).map(|answer| ask::status(&answer))
    });
    registry.go_on();
    assert_eq!(asking.join().unwrap().unwrap(), 200);
}
