use super::*;

#[test]
fn a_prefix_holds_whole_folders_only() {
    let prefix = PathPrefix::parse("clusters/prod/").unwrap();
    assert_eq!(prefix.as_str(), "clusters/prod");
    for path in ["clusters/prod", "clusters/prod/a.yaml", "clusters/prod/x/y"] {
        assert!(prefix.holds(path), "{path}");
    }
    for path in [
        "clusters/production/a.yaml",
        "clusters",
        "x/clusters/prod",
        "clusters/prod.yaml",
    ] {
        assert!(!prefix.holds(path), "{path}");
    }
}

#[test]
fn what_is_no_path_within_a_repository_is_refused() {
    for text in [
        "", ".", "/", "/etc", "..", "a/../b", "a//b", "./a", "a/*", "a\\b", "a\nb", "a/./b", "//",
    ] {
        assert!(PathPrefix::parse(text).is_err(), "{text:?}");
    }
    assert!(PathPrefix::parse(&"a".repeat(1025)).is_err());
}
