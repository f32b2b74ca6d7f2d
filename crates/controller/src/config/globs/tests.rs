use proptest::prelude::*;

use super::*;

fn check_name(pattern: &str, matching: &[&str], others: &[&str]) {
    let glob = Glob::parse(pattern).unwrap();
    for text in matching {
        assert!(glob.matches(text), "`{pattern}` must match `{text}`");
    }
    for text in others {
        assert!(!glob.matches(text), "`{pattern}` must not match `{text}`");
    }
}

fn check_path(pattern: &str, matching: &[&str], others: &[&str]) {
    let glob = PathGlob::parse(pattern).unwrap();
    for text in matching {
        assert!(glob.matches(text), "`{pattern}` must match `{text}`");
    }
    for text in others {
        assert!(!glob.matches(text), "`{pattern}` must not match `{text}`");
    }
}

#[test]
fn a_star_in_a_name_runs_over_slashes() {
    check_name(
        "ghcr.io/acme/*",
        &["ghcr.io/acme/api", "ghcr.io/acme/team/api", "ghcr.io/acme/"],
        &["ghcr.io/acme", "ghcr.io/acm/api"],
    );
    check_name("*", &["", "a", "a/b"], &[]);
    check_name("a?c", &["abc", "a/c", "aéc"], &["ac", "abbc"]);
    check_name(
        "*.example.com/*",
        &["a.example.com/x", "a.b.example.com/x"],
        &["example.com/x"],
    );
    check_name("[a]", &["[a]"], &["a"]);
}

#[test]
fn case_counts_unless_it_is_told_not_to() {
    check_name("Deployment", &["Deployment"], &["deployment"]);
    assert!(Glob::parse("deploy*").unwrap().matches_ignoring_case("Deployment"));
}

#[test]
fn a_star_in_a_path_stops_at_a_slash() {
    check_path(
        "clusters/*",
        &["clusters/a.yaml"],
        &["clusters/prod/a.yaml", "clusters"],
    );
    check_path(
        "clusters/*/app.yaml",
        &["clusters/prod/app.yaml"],
        &["clusters/a/b/app.yaml", "clusters/app.yaml"],
    );
    check_path("a?.yaml", &["ab.yaml"], &["a/.yaml", "a.yaml"]);
}

#[test]
fn two_stars_in_a_path_do_not_stop() {
    check_path(
        "clusters/**",
        &["clusters/a.yaml", "clusters/prod/a.yaml"],
        &["clusters", "other/clusters/a"],
    );
    check_path(
        "**/app.yaml",
        &["app.yaml", "a/app.yaml", "a/b/app.yaml"],
        &["myapp.yaml", "a/myapp.yaml"],
    );
    check_path("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["ab", "a/xb"]);
    check_path("**", &["a", "a/b"], &[]);
    check_path("a**", &["ab", "a/b"], &["b"]);
}

#[test]
fn a_pattern_that_leads_out_of_the_repository_is_refused() {
    for text in ["/etc/*", "../x", "a/../b", "./a", "", "a\nb"] {
        assert!(PathGlob::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn a_hostile_pattern_costs_little() {
    let glob = Glob::parse(&"*a".repeat(200)).unwrap();
    assert!(!glob.matches(&"a".repeat(5000).replace('a', "b")));
}

proptest! {
    #[test]
    fn a_text_without_wildcards_matches_itself_alone(text in "[a-z./]{1,20}", other in "[a-z./]{1,20}") {
        let glob = Glob::parse(&text).unwrap();
        prop_assert!(glob.matches(&text));
        prop_assert_eq!(glob.matches(&other), text == other);
    }

    #[test]
    fn the_path_glob_agrees_with_its_definition(pattern in "[ab/*?]{1,8}", path in "[ab/]{0,8}") {
        if let Ok(glob) = PathGlob::parse(&pattern) {
            prop_assert_eq!(glob.matches(&path), by_definition(&path_tokens(&pattern), &path, true));
        }
    }
}

/// The plainest reading of a pattern: tries every way.
fn by_definition(tokens: &[Token], text: &str, folder_begins: bool) -> bool {
    let Some((token, rest)) = tokens.split_first() else {
        return text.is_empty();
    };
    let after = |length: usize| {
        let begins = if length == 0 {
            folder_begins
        } else {
            text[..length].ends_with('/')
        };
        by_definition(rest, &text[length..], begins)
    };
    let run = |fits: &dyn Fn(&str) -> bool| (0..=text.len()).any(|length| fits(&text[..length]) && after(length));
    match token {
        Token::Literal(c) => text.starts_with(*c) && after(1),
        Token::One => !text.is_empty() && after(1),
        Token::OneInFolder => !text.is_empty() && !text.starts_with('/') && after(1),
        Token::Run => run(&|_| true),
        Token::RunInFolder => run(&|part| !part.contains('/')),
        Token::Folders => run(&|part| part.is_empty() && folder_begins || part.ends_with('/')),
    }
}
