use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn check(template: &str, expected: &Expect) {
    let values = MessageValues {
        summary: "Update ghcr.io/acme/api to 1.9.2",
        changes: "- api: 1.4.0 -> 1.9.2\n- {count}: 1 -> 2",
        count: 2,
        repository: "fleet",
        branch: "main",
    };
    match MessageTemplate::parse(template) {
        Ok(template) => expected.assert_eq(&template.render(&values)),
        Err(problem) => expected.assert_eq(&problem),
    }
}

#[test]
fn placeholders_are_filled_in_once() {
    check(
        "chore({repository}/{branch}): {summary}\n\n{{{count}}} changes:\n{changes}\n\n\n",
        &expect![[r#"
            chore(fleet/main): Update ghcr.io/acme/api to 1.9.2

            {2} changes:
            - api: 1.4.0 -> 1.9.2
            - {count}: 1 -> 2
        "#]],
    );
    check(
        MessageTemplate::DEFAULT,
        &expect![[r#"
            Update ghcr.io/acme/api to 1.9.2

            - api: 1.4.0 -> 1.9.2
            - {count}: 1 -> 2
        "#]],
    );
}

#[test]
fn a_bad_template_says_what_is_wrong() {
    check(
        "{title}",
        &expect![
            "`{title}` is no placeholder; there are `{summary}`, `{changes}`, `{count}`, `{repository}`, `{branch}`"
        ],
    );
    check(
        "{summary",
        &expect!["a `{` is not closed; write `{{` for the brace itself"],
    );
    check(
        "summary}",
        &expect!["a `}` closes nothing; write `}}` for the brace itself"],
    );
    check(" \n", &expect!["a commit needs a message"]);
    check(
        "a\u{1b}[31m",
        &expect!["a template holds no control characters but line ends"],
    );
    check(&"a".repeat(5000), &expect!["a template is at most 4096 bytes long"]);
}

proptest! {
    #[test]
    fn no_template_panics(template in "[{}a-z\\n]{0,30}") {
        let _ = MessageTemplate::parse(&template);
    }
}
