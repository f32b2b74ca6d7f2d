use super::*;

const D: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn parse(text: &str, content_type: Option<&str>) -> Result<Manifest, String> {
    Manifest::parse(text.replace('D', D).as_bytes(), content_type)
}

#[test]
fn the_four_media_types_are_read() {
    for kind in [OCI_INDEX, DOCKER_INDEX] {
        let text = format!(
            r#"{{"schemaVersion": 2, "mediaType": "{kind}", "manifests": [{{"digest": "D", "size": 5,
            "platform": {{"os": "linux", "architecture": "arm64", "variant": "v8"}}}}]}}"#
        );
        let manifest = parse(&text, Some(&format!("{kind}; charset=utf-8"))).expect("an index");
        let ManifestKind::Index(entries) = manifest.kind else {
            panic!("an index")
        };
        assert_eq!(
            entries[0].platform.as_ref().map(ToString::to_string).as_deref(),
            Some("linux/arm64/v8")
        );
    }
    for kind in [OCI_IMAGE, DOCKER_IMAGE] {
        let text = format!(
            r#"{{"mediaType": "{kind}", "config": {{"digest": "D", "size": 5}}, "layers": [],
            "annotations": {{"org.opencontainers.image.created": "2024-01-02T03:04:05Z"}}}}"#
        );
        let manifest = parse(&text, Some(kind)).expect("an image");
        assert_eq!(manifest.created.as_deref(), Some("2024-01-02T03:04:05Z"));
        assert!(matches!(manifest.kind, ManifestKind::Image { .. }));
    }
}

#[test]
fn types_that_nobody_names_are_no_contradiction() {
    for content_type in [
        None,
        Some("application/json"),
        Some("text/plain"),
        Some("application/octet-stream"),
    ] {
        assert!(parse(r#"{"manifests": []}"#, content_type).is_ok());
        assert!(
            parse(
                r#"{"mediaType": null, "manifests": null, "config": {"digest": "D", "size": 0}}"#,
                content_type
            )
            .is_ok()
        );
    }
}

#[test]
fn hostile_documents_are_refused() {
    let image = r#""config": {"digest": "D", "size": 1}, "layers": []"#;
    for (text, content_type) in [
        (format!(r#"{{"manifests": [], {image}}}"#), None),
        (r#"{"manifests": [], "layers": []}"#.to_owned(), None),
        (r#"{"manifests": [], "config": {}}"#.to_owned(), None),
        (r#"{"manifests": []}"#.to_owned(), Some(OCI_IMAGE)),
        (format!("{{{image}}}"), Some(DOCKER_INDEX)),
        (
            format!(r#"{{"mediaType": "{OCI_IMAGE}", {image}}}"#),
            Some(DOCKER_IMAGE),
        ),
        (format!(r#"{{"mediaType": "{OCI_INDEX}", {image}}}"#), None),
        (format!(r#"{{"mediaType": "{OCI_IMAGE}", "manifests": []}}"#), None),
        (format!(r#"{{"mediaType": 5, {image}}}"#), None),
        (r#"{"manifests": [], "manifests": []}"#.to_owned(), None),
        (
            r#"{"manifests": [{"digest": "D", "digest": "D", "size": 1}]}"#.to_owned(),
            None,
        ),
        (
            r#"{"manifests": [{"digest": "sha256:../../x", "size": 1}]}"#.to_owned(),
            None,
        ),
        (r#"{"manifests": [{"digest": "sha1:0", "size": 1}]}"#.to_owned(), None),
        (r#"{"manifests": [{"digest": "D"}]}"#.to_owned(), None),
        (r#"{"manifests": [{"digest": "D", "size": -1}]}"#.to_owned(), None),
        (r#"{"manifests": [{"digest": "D", "size": 1.5}]}"#.to_owned(), None),
        (r#"{"manifests": {}}"#.to_owned(), None),
        (r#"{"manifests": [5]}"#.to_owned(), None),
        (r#"{"layers": []}"#.to_owned(), None),
        (
            r#"{"config": {"digest": "D", "size": 1}, "layers": "x"}"#.to_owned(),
            None,
        ),
        (r#"{"schemaVersion": 1, "fsLayers": []}"#.to_owned(), None),
        ("{}".to_owned(), None),
        ("[]".to_owned(), None),
        ("<html>".to_owned(), None),
        (
            format!(r#"{{"manifests": [], "x": {}{}}}"#, "[".repeat(70), "]".repeat(70)),
            None,
        ),
        (
            format!(
                r#"{{"manifests": [{}]}}"#,
                vec![r#"{"digest": "D", "size": 1}"#; 2001].join(",")
            ),
            None,
        ),
    ] {
        let parsed = parse(&text, content_type);
        assert!(parsed.is_err(), "{text}: {parsed:?}");
    }
}

#[test]
fn attestations_are_told_from_images() {
    let text = r#"{"manifests": [
        {"digest": "D", "size": 1, "platform": {"os": "unknown", "architecture": "unknown"}},
        {"digest": "D", "size": 1, "annotations": {"vnd.docker.reference.type": "attestation-manifest"}},
        {"digest": "D", "size": 1}]}"#;
    let ManifestKind::Index(entries) = parse(text, None).expect("an index").kind else {
        panic!("an index")
    };
    let marks: Vec<bool> = entries.iter().map(|entry| entry.attestation).collect();
    assert_eq!(marks, [true, true, false]);
    assert!(entries.iter().all(|entry| entry.platform.is_none()));
}

#[test]
fn a_slash_makes_no_other_parts_of_a_platform() {
    for text in [
        r#"{"os": "linux/arm", "architecture": "v7"}"#,
        r#"{"os": "linux", "architecture": "arm/v7"}"#,
        r#"{"os": "linux", "architecture": "arm", "variant": "v7/"}"#,
    ] {
        assert_eq!(platform(&Json::parse(text.as_bytes()).expect("JSON")), None, "{text}");
    }
}
