//! The vectors of the systems that this one replaces, with the wanted result where theirs was wrong: C1 to C10 of Flux v1, the
//! formats of credential documents, and the keyring of Kubernetes as its libraries have it.

use super::*;

/// What of a document applies to `image`; the document is handed in as it stands in a secret.
#[track_caller]
fn check_secret(document: &str, image: &str, expected: &Expect) {
    let config = DockerConfig::parse(document.as_bytes(), "the secret `shop/pull`").expect("a document");
    let reference = Reference::parse(image).expect("a reference");
    let by_name = config.find(&reference.repository);
    assert_eq!(by_name, parse(document).find(&reference.repository));
    check(document, image, expected);
}

#[test]
fn c1_to_c5_hosts_are_found_under_all_their_spellings() {
    // C1: the host as it is. A name without a dot is no host in a reference, so it has a port here.
    applies("host:5000", "host:5000/app");
    // C2: any scheme, and the version of the API.
    for key in [
        "gcr.io",
        "gcr.io/v1",
        "https://gcr.io",
        "https://gcr.io/v1",
        "https://gcr.io/v1/",
        "telnet://gcr.io/v1",
    ] {
        applies(key, "gcr.io/project/app");
    }
    // C3 to C5: ports.
    applies("localhost:5000/v2/", "localhost:5000/app");
    applies("192.168.99.100:5000", "192.168.99.100:5000/app");
    applies("https://192.168.99.100:5000/v2", "192.168.99.100:5000/app");
    applies("https://my.domain.name:5000/v2", "my.domain.name:5000/app");
}

#[test]
fn c6_keys_that_name_no_host_are_skipped_and_spoil_nothing() {
    let keys = ["", "https://", "^#invalid.io/v1/", "/var/user", "gcr.io"];
    check(
        &file_of(&keys),
        "gcr.io/app",
        &expect![[r#"
        gcr.io: basic u4 p
        skipped : the key names no host
        skipped https://: the key names no host
        skipped ^#invalid.io/v1/: the host of the key is no host name
        skipped /var/user: the key names no host
    "#]],
    );
}

#[test]
fn c7_a_dockercfg_is_read() {
    check_secret(
        r#"{"localhost:5000": {"username": "testuser", "password": "testpassword", "email": "foo@bar.com",
            "auth": "dGVzdHVzZXI6dGVzdHBhc3N3b3Jk"}}"#,
        "localhost:5000/app",
        &expect![[r#"
            localhost:5000: basic testuser testpassword
        "#]],
    );
}

#[test]
fn c8_every_name_of_docker_hub_serves_it() {
    // Flux v1: only `https://index.docker.io/v1/` and the like did.
    applies("docker.io", "index.docker.io/library/nginx");
    applies("docker.io", "nginx");
}

#[test]
fn c9_and_c10_passwords_keep_their_colons_and_padding_may_be_missing() {
    let key = auth(r#"_json_key:{"a":"b:c"}"#);
    check(
        &format!(r#"{{"auths": {{"gcr.io": {{"auth": "{key}"}}}}}}"#),
        "gcr.io/app",
        &expect![[r#"
            gcr.io: basic _json_key {"a":"b:c"}
        "#]],
    );
    // Without its padding it was an error for the whole document.
    for auth in ["dXM6cGFzcw==", "dXM6cGFzcw"] {
        let document = format!(r#"{{"auths": {{"gcr.io": {{"auth": "{auth}"}}}}}}"#);
        assert_eq!(render(&document, "gcr.io/app"), "gcr.io: basic us pass\n");
    }
}

#[test]
fn documents_that_broke_flux_are_read() {
    // No credential, `auths` taken for a host, a helper's name taken for an entry.
    for document in ["{}", r#"{"auths": {}}"#, r#"{"credHelpers": {"other.io": "gcr"}}"#] {
        check_secret(document, "gcr.io/app", &expect![""]);
    }
    check_secret(
        r#"{"credsStore": "x"}"#,
        "gcr.io/app",
        &expect![[r#"
        credsStore: helper x
    "#]],
    );
    // What kubectl 1.13.0 wrote.
    check_secret(
        r#"{"auths": {"gcr.io": {"username": "u", "password": "p", "email": "e"}}}"#,
        "gcr.io/app",
        &expect![[r#"
            gcr.io: basic u p
        "#]],
    );
    // Two projects of one host were one key, and either won.
    check(
        &file_of(&["gcr.io/proj-a", "gcr.io/proj-b"]),
        "gcr.io/proj-b/app",
        &expect![[r#"
            gcr.io/proj-b: basic u1 p
        "#]],
    );
    // One entry without `auth` made the whole document an error.
    check_secret(
        r#"{"auths": {"gcr.io": {"email": "e"}, "gcr.io/team": {"auth": "dTpw"}}}"#,
        "gcr.io/team/app",
        &expect![[r#"
            gcr.io/team: basic u p
            skipped gcr.io: the entry holds no credential
        "#]],
    );
}

#[test]
fn every_field_of_an_entry_is_used_whatever_the_document_is() {
    for (entry, expected) in [
        (r#"{"auth": "dTpw"}"#, "gcr.io: basic u p\n"),
        (r#"{"username": "u", "password": "p"}"#, "gcr.io: basic u p\n"),
        (r#"{"identitytoken": "it"}"#, "gcr.io: identityToken - it\n"),
        (r#"{"registrytoken": "rt"}"#, "gcr.io: registryToken - rt\n"),
    ] {
        for document in [
            format!(r#"{{"auths": {{"gcr.io": {entry}}}}}"#),
            format!(r#"{{"gcr.io": {entry}}}"#),
        ] {
            assert_eq!(render(&document, "gcr.io/app"), expected, "{document}");
        }
    }
}

#[test]
fn podmans_auth_json_is_read() {
    check_secret(
        r#"{"auths": {"quay.io": {"auth": "dTpw"}, "quay.io/acme/app": {"auth": "djpw"}, "docker.io": {"auth": "dzpw"}},
            "credHelpers": {"123456789012.dkr.ecr.eu-west-1.amazonaws.com": "ecr-login", "quay.io": "secretservice"}}"#,
        "quay.io/acme/app",
        &expect![[r#"
            quay.io: helper secretservice
            quay.io/acme/app: basic v p
            quay.io: basic u p
        "#]],
    );
}

#[test]
fn a_document_that_is_none_says_whose_it_is() {
    for (document, reason) in [
        ("", "it is no JSON (line 1, column 0)"),
        ("[]", "its top level is a list, where an object is wanted"),
        (r#"{"auths": []}"#, "`auths` is a list, where an object is wanted"),
    ] {
        let error = DockerConfig::parse(document.as_bytes(), "the secret `shop/pull`").expect_err("none");
        assert_eq!(
            transport::chain(&error).to_string(),
            format!("failed to read the Docker config the secret `shop/pull`: {reason}")
        );
        assert!(!error.is_missing());
    }
}

#[test]
fn the_keyring_of_kubernetes() {
    // A port serves that port alone.
    applies("fake.registry.io:5000", "fake.registry.io:5000/app");
    applies_not("fake.registry.io:5000", "fake.registry.io/app");
    applies_not("fake.registry.io", "fake.registry.io:5000/app");
    // Other hosts of a domain are other hosts.
    applies_not("1.fake.registry.io", "2.fake.registry.io/app");
    // The deepest of nested paths.
    let nested = [
        "fake.registry.io",
        "fake.registry.io/more/specific",
        "fake.registry.io/more",
    ];
    assert_eq!(
        order(&nested, "fake.registry.io/more/specific/repo"),
        [nested[1], nested[2], nested[0]]
    );
    // The API's version is no path.
    applies("https://fake.registry.io/v1/", "fake.registry.io/foo/bar");
    applies("https://fake.registry.io/v2/", "fake.registry.io/foo/bar");
    for image in ["ubuntu", "knative/serving"] {
        applies("index.docker.io", image);
    }
    // Globs are for whole labels.
    applies("*.registry.io", "a.registry.io/app");
    applies_not("*.registry.io", "a.b.registry.io/app");
    applies_not("*.registry.io", "registry.io/app");
    // Of two credentials for one host the first is tried first, and the other after it.
    let twice = ["fake.registry.io", "https://fake.registry.io"];
    assert_eq!(order(&twice, "fake.registry.io/app"), twice);
    // Kubernetes compares paths by letters: `/par` would open `/partial`. Here a path is whole components.
    applies_not("fake.registry.io/par", "fake.registry.io/partial/app");
}
