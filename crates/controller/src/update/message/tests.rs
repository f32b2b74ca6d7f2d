//! Messages as people read them in the log.

use expect_test::{Expect, expect};

use super::*;

fn line(path: &str, image: &str, from: &str, to: &str) -> ChangeLine {
    let value = |text: &str| {
        if text.is_empty() {
            Value::default()
        } else {
            Value::parse(text).unwrap()
        }
    };
    ChangeLine {
        path: path.to_owned(),
        image: Repository::parse(image).unwrap(),
        from: value(from),
        to: value(to),
    }
}

fn message(changes: &[ChangeLine]) -> String {
    let config =
        crate::config::parse_for_tests("repositories: [{name: fleet, url: 'file:///srv/fleet.git', branch: main}]");
    commit_message(&config.repositories[0], changes, "0123")
}

fn check(changes: &[ChangeLine], expected: &Expect) {
    expected.assert_eq(&message(changes));
}

#[test]
fn one_change_is_named_in_the_subject() {
    check(
        &[line("apps/api.yaml", "ghcr.io/acme/api", "1.4.0", "1.9.2")],
        &expect![[r#"
            Update ghcr.io/acme/api to 1.9.2

            - ghcr.io/acme/api: 1.4.0 -> 1.9.2 in apps/api.yaml

            Update-Id: 0123
        "#]],
    );
}

#[test]
fn several_images_are_counted() {
    check(
        &[
            line("a.yaml", "nginx", "1.27.0", "1.27.3"),
            line("b.yaml", "redis", "", "7.4.1"),
        ],
        &expect![[r#"
            Update 2 images

            - docker.io/library/nginx: 1.27.0 -> 1.27.3 in a.yaml
            - docker.io/library/redis: (no tag) -> 7.4.1 in b.yaml

            Update-Id: 0123
        "#]],
    );
}

#[test]
fn a_path_cannot_forge_a_trailer() {
    let message = message(&[line("a\n\nSigned-off-by: someone <x@y>\n.yaml", "nginx", "1", "2")]);
    assert_eq!(
        message.lines().filter(|line| line.starts_with("Signed-off-by")).count(),
        0,
        "{message}"
    );
    assert_eq!(message.lines().last(), Some("Update-Id: 0123"));
}

#[test]
fn of_many_changes_the_first_two_hundred_are_named() {
    let changes: Vec<_> = (0..500)
        .map(|n| line(&format!("{n}.yaml"), &format!("acme/app{n}"), "1", "2"))
        .collect();
    let message = message(&changes);
    assert_eq!(message.lines().filter(|line| line.contains("->")).count(), 200);
    assert!(message.contains("\n- and 300 more\n"));
}
