use super::*;

#[test]
fn names_that_mean_git_or_another_folder_are_hostile() {
    let hostile = [
        "",
        ".",
        "..",
        ".git",
        ".GIT",
        ".Git",
        ".git.",
        ".git ",
        ".git. .",
        "git~1",
        "GIT~1",
        ".g\u{200c}it",
        "\u{feff}.git",
        ".git::$INDEX_ALLOCATION",
        "a/b",
        "a\\b",
        "a\nb",
        "a\u{1b}[31mb",
        "a\0b",
    ];
    for name in hostile {
        assert!(is_hostile(name), "{name:?}");
    }
    for name in [
        ".gitignore",
        ".gitattributes",
        "git",
        "git~2",
        "a.git",
        "...",
        "ünï",
        "a b",
    ] {
        assert!(!is_hostile(name), "{name:?}");
    }
}

#[test]
fn prefixes_end_at_slashes() {
    assert!(is_within("clusters/prod/a.yaml", "clusters/prod"));
    assert!(is_within("clusters/prod", "clusters/prod"));
    assert!(is_within("a", ""));
    assert!(!is_within("clusters/production/a.yaml", "clusters/prod"));
}
