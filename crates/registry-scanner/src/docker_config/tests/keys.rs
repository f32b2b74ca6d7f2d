//! Which keys apply to an image, and in which order.

use super::*;

#[test]
fn scheme_slash_and_api_version_of_a_key_are_ignored() {
    for key in [
        "reg.example.com",
        "https://reg.example.com",
        "http://reg.example.com",
        "HTTPS://reg.example.com/",
        "reg.example.com/v1",
        "reg.example.com/v1/",
        "https://reg.example.com/v2/",
        "https://reg.example.com/v2",
    ] {
        applies(key, "reg.example.com/team/app:1");
    }
    applies_not("reg.example.com/v3", "reg.example.com/team/app");
    applies_not("reg.example.com/v1/team", "reg.example.com/team/app");
}

#[test]
fn hosts_are_compared_without_case_and_whole() {
    applies("REG.Example.COM", "reg.example.com/app");
    applies("reg.example.com", "REG.EXAMPLE.COM/app");
    applies_not("reg.example.com", "reg.example.com.evil.com/app");
    applies_not("reg.example.com", "evil-reg.example.com/app");
    applies_not("example.com", "reg.example.com/app");
    applies("localhost", "localhost/app");
    applies("[::1]:5000", "[::1]:5000/app");
    applies_not("[::1]", "[::1]:5000/app");
}

#[test]
fn ports_are_equal_or_absent_on_both_sides() {
    applies("reg.example.com:5000", "reg.example.com:5000/app");
    applies("http://reg.example.com:5000/v2/", "reg.example.com:5000/app");
    applies_not("reg.example.com", "reg.example.com:5000/app");
    applies_not("reg.example.com:5000", "reg.example.com/app");
    applies_not("reg.example.com:443", "reg.example.com/app");
    applies_not("reg.example.com:5000", "reg.example.com:5001/app");
}

#[test]
fn paths_are_prefixes_by_whole_components() {
    applies("reg.example.com/team", "reg.example.com/team/app");
    applies("reg.example.com/team/", "reg.example.com/team/app");
    applies("reg.example.com/team/app", "reg.example.com/team/app");
    applies("https://reg.example.com/team", "reg.example.com/team/app");
    applies_not("reg.example.com/team", "reg.example.com/team2/app");
    applies_not("reg.example.com/team", "reg.example.com/team-evil/app");
    applies_not("reg.example.com/team/app/sub", "reg.example.com/team/app");
    applies_not("reg.example.com/Team", "reg.example.com/team/app");
}

#[test]
fn globs_stand_for_one_label_and_never_for_paths() {
    applies("*.example.com", "a.example.com/app");
    applies("A?.example.com", "ab.example.com/app");
    applies("reg*.e*e.com", "registry.example.com/app");
    applies("*.io", "quay.io/app");
    applies_not("*.example.com", "a.b.example.com/app");
    applies_not("*.example.com", "example.com/app");
    applies_not("*.example.com", "a.example.com:5000/app");
    applies("*.example.com:5000", "a.example.com:5000/app");
    applies_not("?.example.com", "ab.example.com/app");
    applies_not("*", "reg.example.com/app");
    applies_not("reg.example.com/*", "reg.example.com/team/app");
    applies_not("reg.example.com/t?am", "reg.example.com/team/app");
}

#[test]
fn every_spelling_of_docker_hub_means_it() {
    for key in [
        "https://index.docker.io/v1/",
        "index.docker.io",
        "docker.io",
        "registry-1.docker.io",
        "registry.hub.docker.com",
        "https://registry-1.docker.io/v2/",
        "http://docker.io",
        "Docker.IO",
    ] {
        for image in [
            "nginx",
            "docker.io/library/nginx",
            "index.docker.io/acme/app",
            "registry-1.docker.io/nginx:1",
        ] {
            applies(key, image);
        }
        applies_not(key, "docker.io:443/library/nginx");
        applies_not(key, "hub.docker.com/nginx");
    }
    applies("docker.io/acme", "acme/app");
    applies("https://index.docker.io/acme/", "acme/app");
    applies_not("docker.io/acme", "nginx");
    applies("docker.io/library", "nginx");
    applies("docker.io:443", "docker.io:443/library/nginx");
    applies_not("docker.io:443", "nginx");
}

#[test]
fn the_longest_path_comes_first_then_hosts_without_globs_then_more_letters() {
    assert_eq!(
        order(
            &[
                "*.example.com",
                "reg.example.com",
                "r*.example.com",
                "*.example.com/team/app",
                "reg.example.com/team",
                "re*.example.com/team",
            ],
            "reg.example.com/team/app"
        ),
        [
            "*.example.com/team/app",
            "reg.example.com/team",
            "re*.example.com/team",
            "reg.example.com",
            "r*.example.com",
            "*.example.com",
        ]
    );
}

#[test]
fn equal_ranks_go_by_normalised_key_and_then_by_the_file() {
    assert_eq!(
        order(&["re*.example.com", "r*g.example.com"], "reg.example.com/app"),
        ["r*g.example.com", "re*.example.com"]
    );
    let doubles = [
        "https://reg.example.com/v2/",
        "reg.example.com",
        "REG.example.com/",
        "reg.example.com",
    ];
    assert_eq!(order(&doubles, "reg.example.com/app"), doubles);
    // By components, not by bytes: one long component does not beat two short ones.
    assert_eq!(
        order(&["r.io/averyveryverylongname", "r.io"], "r.io/averyveryverylongname/b"),
        ["r.io/averyveryverylongname", "r.io"]
    );
}
