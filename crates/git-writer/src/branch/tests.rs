use super::*;

#[test]
fn names_are_read_by_gits_rules() {
    for name in ["main", "release/1.4", "tidemark/update-api", "a@b", "ünïcode", "v1.x"] {
        assert_eq!(BranchName::parse(name).expect(name).as_str(), name);
        assert!(git2::Reference::is_valid_name(&format!("refs/heads/{name}")), "{name}");
    }
    for name in [
        "",
        "-x",
        "@",
        "HEAD",
        "refs/heads/main",
        "a b",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[b",
        "a\\b",
        "a..b",
        "a@{1}",
        "a.",
        "/a",
        "a/",
        "a//b",
        ".a",
        "a/.b",
        "a.lock",
        "a.lock/b",
        "a\nb",
        "a\0b",
        "a\u{7f}b",
    ] {
        BranchName::parse(name).expect_err(name);
    }
    BranchName::parse(&"a".repeat(300)).expect_err("too long");
}
