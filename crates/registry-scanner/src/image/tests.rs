use super::*;

#[test]
fn platform_label_and_time_are_read() {
    let text = r#"{"os": "linux", "architecture": "arm", "variant": "v6", "created": "2024-01-02T03:04:05Z",
        "config": {"Labels": {"org.opencontainers.image.created": "2023-01-01T00:00:00Z"}}}"#;
    let config = ImageConfig::parse(text.as_bytes()).expect("a configuration");
    assert_eq!(
        config.platform.map(|platform| platform.to_string()).as_deref(),
        Some("linux/arm/v6")
    );
    assert_eq!(config.created_label.as_deref(), Some("2023-01-01T00:00:00Z"));
    assert_eq!(config.created.as_deref(), Some("2024-01-02T03:04:05Z"));
}

#[test]
fn what_is_missing_or_odd_is_unknown() {
    for text in [
        "{}",
        r#"{"config": null, "os": 5}"#,
        r#"{"config": {"Labels": null}, "os": "linux"}"#,
        r#"{"created": 5}"#,
    ] {
        let config = ImageConfig::parse(text.as_bytes()).expect("a configuration");
        assert_eq!(
            config,
            ImageConfig {
                platform: None,
                created_label: None,
                created: None
            }
        );
    }
    assert!(ImageConfig::parse(b"[]").is_err());
    assert!(ImageConfig::parse(b"<html>").is_err());
}
