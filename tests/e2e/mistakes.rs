//! What people get wrong when they write policies, tried on the real binary: `tidemark select` with a policy as it is typed in a shell,
//! and `tidemark config check` with one as it is typed in YAML without a thought of quotes.
//!
//! Each does what was meant, or says how to say it.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use expect_test::{Expect, expect};

use crate::world::World;

/// What `select` chooses from.
const TAGS: &str = "1.3.9\n1.4.0\n1.4.2\n1.4.2-alpine\nv1.5.0-rc.1\n2.0.0\nlatest\nmain-4f2\n";

/// One paragraph for each policy, between which `; ` stands: the policy, and the tag or the message.
fn typed(policies: &str, expected: &Expect) {
    let paragraphs = policies.split("; ").map(|policy| {
        let ran = select(policy);
        let said = [ran.stdout, ran.stderr].concat();
        format!("{policy:?} {}\n{}", ran.status.code().unwrap(), indented(&said))
    });
    expected.assert_eq(&paragraphs.collect::<String>());
}

fn select(policy: &str) -> Output {
    let mut child = Command::new(World::binary())
        .args(["select", "--policy", policy])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A policy that is none is refused before the tags are read.
    let _ = child.stdin.take().unwrap().write_all(TAGS.as_bytes());
    child.wait_with_output().unwrap()
}

/// One paragraph for each line of a policy, between which ` ; ` stands: the line, and what is wrong with it where it stands in a configuration.
fn written(lines: &str, expected: &Expect) {
    let paragraphs = lines
        .split(" ; ")
        .map(|line| format!("{line}\n{}", indented(config_check(line))));
    expected.assert_eq(&paragraphs.collect::<String>());
}

fn config_check(line: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("policies:\n  - name: mine\n    {}\n", line.replace('\n', "\n    "));
    std::fs::write(folder.path().join("t.yaml"), text).unwrap();
    let ran = Command::new(World::binary())
        .args(["config", "check", "t.yaml"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    String::from_utf8(ran.stdout).unwrap()
}

fn indented(said: impl AsRef<[u8]>) -> String {
    let said = String::from_utf8(said.as_ref().to_vec()).unwrap();
    said.lines().map(|line| format!("    {line}\n")).collect()
}

#[test]
fn what_is_typed_in_a_shell_and_is_meant_is_done() {
    typed(
        "semver:v1.4; semver:>1.3; semver:>= 1.4,<2; semver: ~1.4; semver:~>1.4; regex:^1[.]4; numeric; semver:1.4.2-alpine",
        &expect![[r#"
            "semver:v1.4" 0
                1.4.2
            "semver:>1.3" 0
                2.0.0
            "semver:>= 1.4,<2" 0
                1.4.2
            "semver: ~1.4" 0
                1.4.2
            "semver:~>1.4" 0
                1.4.2
            "regex:^1[.]4" 3
            "numeric" 3
            "semver:1.4.2-alpine" 0
                1.4.2-alpine
        "#]],
    );
}

#[test]
fn a_kind_that_is_missing_or_misspelt_is_told() {
    typed(
        "~1.4; 1.x; latest; main-*; ^v[0-9]+$; Semver:~1.4; semvr:~1.4; semver ~1.4; range:~1.4",
        &expect![[r#"
            "~1.4" 2
                error: --policy: it names no kind; did you mean `semver:~1.4`?
                  ~1.4
                  ^^^^
            "1.x" 2
                error: --policy: it names no kind; did you mean `semver:1.x`?
                  1.x
                  ^^^
            "latest" 2
                error: --policy: it names no kind; did you mean `digest:latest`?
                  latest
                  ^^^^^^
            "main-*" 2
                error: --policy: it names no kind; did you mean `glob:main-*`?
                  main-*
                  ^^^^^^
            "^v[0-9]+$" 2
                error: --policy: it names no kind; did you mean `regexp:^v[0-9]+$`?
                  ^v[0-9]+$
                  ^^^^^^^^^
            "Semver:~1.4" 2
                error: --policy: Semver: there is no such kind of policy; did you mean `semver:~1.4`?
                  Semver:~1.4
                  ^^^^^^
            "semvr:~1.4" 2
                error: --policy: semvr: there is no such kind of policy; did you mean `semver:~1.4`?
                  semvr:~1.4
                  ^^^^^
            "semver ~1.4" 2
                error: --policy: it names no kind; did you mean `semver:~1.4`?
                  semver ~1.4
                  ^^^^^^^^^^^
            "range:~1.4" 2
                error: --policy: range: there is no such kind of policy; did you mean `semver:~1.4`?
                  range:~1.4
                  ^^^^^
        "#]],
    );
}

#[test]
fn a_range_of_another_language_is_told_in_ours() {
    typed(
        "semver:==1.4; semver:>=1.4 && <2; semver:[1.4,2.0); semver:\"~1.4\"; semver:1.x-alpine; semver:1.4+build; \
         semver:>=1.2.3.4; semver:release-1.4; version:~9.9",
        &expect![[r#"
            "semver:==1.4" 2
                error: --policy: semver: `==` is no operator; did you mean `=`?
                  semver:==1.4
                         ^^
            "semver:>=1.4 && <2" 2
                error: --policy: semver: `&&` is no version; leave it out: comparators joined by a space must all hold
                  semver:>=1.4 && <2
                               ^^
            "semver:[1.4,2.0)" 2
                error: --policy: semver: `[1.4` is no version; write both ends with operators, as in `>=1.0 <2.0`
                  semver:[1.4,2.0)
                         ^^^^
            "semver:\"~1.4\"" 2
                error: --policy: semver: `"` is no version; the quotes are a part of this text; leave them out
                  semver:"~1.4"
                         ^^^^^^
            "semver:1.x-alpine" 2
                error: --policy: semver: a wildcard has no pre-release; write `suffix: "-alpine"` beside the range for tags that end so
                  semver:1.x-alpine
                         ^^^^^^^^^^
            "semver:1.4+build" 2
                error: --policy: semver: build metadata (`+…`) cannot occur in a tag; leave it out
                  semver:1.4+build
                            ^^^^^^
            "semver:>=1.2.3.4" 2
                error: --policy: semver: a version of `semver` has at most three numbers; the kind `version` reads up to eight
                  semver:>=1.2.3.4
                           ^^^^^^^
            "semver:release-1.4" 2
                error: --policy: semver: `release-1.4` is no version; for tags with a prefix add `filter: {pattern: "^release-(.*)$", extract: "$1"}`
                  semver:release-1.4
                         ^^^^^^^^^^^
            "version:~9.9" 2
                error: --policy: version: `~` is no operator of `version`; write both ends, as in `>=9.9 <10`
                  version:~9.9
                          ^
        "#]],
    );
}

#[test]
fn arguments_of_other_kinds_are_told_how_to_be_written() {
    typed(
        "semver:main-*; regexp:*-rc; regexp:^v(?!.*rc); glob:; calver:%Y%m%d; calver:YYYYMMDD; numeric:ascending; \
         digest:nginx:latest; semver:~1.4\n",
        &expect![[r#"
            "semver:main-*" 2
                error: --policy: semver: `main-*` is no version; it looks like a glob, as in `glob:main-*`
                  semver:main-*
                         ^^^^^^
            "regexp:*-rc" 2
                error: --policy: regexp: nothing stands before it to repeat; `.*` is any text, and a glob would be for `glob`
                  regexp:*-rc
                         ^
            "regexp:^v(?!.*rc)" 2
                error: --policy: regexp: it cannot look ahead or back; leave tags out with `deny` instead
                  regexp:^v(?!.*rc)
                           ^^^
            "glob:" 2
                error: --policy: glob: the glob is missing, as in `glob:main-*`
                  glob:
                       ^
            "calver:%Y%m%d" 2
                error: --policy: calver: it has no token; did you mean `YYYY0M0D`?
                  calver:%Y%m%d
                         ^^^^^^
            "calver:YYYYMMDD" 2
                error: --policy: calver: `MM` has no fixed width, so that something else than a token must follow it; `0M` has two digits
                  calver:YYYYMMDD
                             ^^
            "numeric:ascending" 2
                error: --policy: numeric: write `asc` or `desc`; did you mean `asc`?
                  numeric:ascending
                          ^^^^^^^^^
            "digest:nginx:latest" 2
                error: --policy: digest: write the tag alone: `digest:latest`
                  digest:nginx:latest
                         ^^^^^^^^^^^^
            "semver:~1.4\n" 2
                error: --policy: line 1, column 1: a text with a line end is read as a mapping; write `semver:~1.4` without one (YAML: `|-`, not `|`)
                  semver:~1.4
                  ^
        "#]],
    );
}

#[test]
fn long_forms_of_a_shell_are_told_how_to_be_written() {
    typed(
        "{semver: 1.10}; {semver: >=1.2}; {semver: *}; {semver: !=1.2}; {semver: 1.x, deny: rc}; {semver: 1.x, pin: true}; \
         {semver: {range: ~1.4}}; {~1.4}",
        &expect![[r#"
            "{semver: 1.10}" 2
                error: --policy: semver: a text is wanted here, not a number; write it in quotes: "1.10"
                  {semver: 1.10}
                           ^^^^
            "{semver: >=1.2}" 2
                error: --policy: line 1, column 10: not valid YAML: unexpected character: `>'; write the value in quotes: `semver: ">=1.2"`
                  {semver: >=1.2}
                           ^
            "{semver: *}" 2
                error: --policy: line 1, column 10: not valid YAML: while scanning an anchor or alias, did not find expected alphabetic or numeric character; write the value in quotes: `semver: "*"`
                  {semver: *}
                           ^
            "{semver: !=1.2}" 2
                error: --policy: line 1, column 15: `!=1.2` is a tag in YAML; write the whole text in quotes
                  {semver: !=1.2}
                                ^
            "{semver: 1.x, deny: rc}" 2
                error: --policy: deny: a list is wanted here; write `deny: ["rc"]`
                  {semver: 1.x, deny: rc}
                                      ^^
            "{semver: 1.x, pin: true}" 2
                error: --policy: pin: a text is wanted here, not a boolean (quotes make it a text); write `ifPresent`, `digest` or `never`; did you mean `digest`?
                  {semver: 1.x, pin: true}
                                     ^^^^
            "{semver: {range: ~1.4}}" 2
                error: --policy: semver: a text is wanted here; write `semver: "~1.4"`
                  {semver: {range: ~1.4}}
                           ^^^^^^^^^^^^^
            "{~1.4}" 2
                error: --policy: ~1.4: there is no such kind or option; did you mean `semver:~1.4`?
                  {~1.4}
                   ^^^^
        "#]],
    );
}

#[test]
fn what_is_written_in_yaml_and_is_meant_is_fine() {
    written(
        "semver: ~1.4 ; semver: ^1 ; semver: ~ ; semver: 1.x ; glob: main-* ; regexp: ^main-.*$ ; newest:",
        &expect![[r#"
            semver: ~1.4
                t.yaml: fine (0 repositories, 1 policy, 0 rules)
            semver: ^1
                t.yaml: fine (0 repositories, 1 policy, 0 rules)
            semver: ~
                t.yaml: fine (0 repositories, 1 policy, 0 rules)
            semver: 1.x
                t.yaml: fine (0 repositories, 1 policy, 0 rules)
            glob: main-*
                t.yaml: fine (0 repositories, 1 policy, 0 rules)
            regexp: ^main-.*$
                t.yaml: fine (0 repositories, 1 policy, 0 rules)
            newest:
                t.yaml: fine (0 repositories, 1 policy, 0 rules)
        "#]],
    );
}

#[test]
fn arguments_that_yaml_takes_for_something_else_are_told_their_quotes() {
    written(
        "semver: >=1.2 ; semver: 1.10 ; semver: * ; newest: * ; semver: !=1.2 ; semver:~1.4 ; policy: semver: ~1.4 ; regexp: [0-9]+",
        &expect![[r#"
            semver: >=1.2
                t.yaml:3:13: not valid YAML: while scanning a block scalar, did not find expected comment or line break; write the value in quotes: `semver: ">=1.2"`
            semver: 1.10
                t.yaml:3:13: policies[0].semver: a text is wanted here, not a number; write it in quotes: "1.10"
            semver: *
                t.yaml:3:13: not valid YAML: while scanning an anchor or alias, did not find expected alphabetic or numeric character; write the value in quotes: `semver: "*"`
            newest: *
                t.yaml:3:13: not valid YAML: while scanning an anchor or alias, did not find expected alphabetic or numeric character; write the value in quotes: `newest: "*"`
            semver: !=1.2
                t.yaml:3:18: policies[0].semver: `!=1.2` is a tag in YAML; write the whole text in quotes
            semver:~1.4
                t.yaml:3:5: not valid YAML: simple key expected ':'; a space stands behind `semver:` in a mapping
            policy: semver: ~1.4
                t.yaml:3:19: not valid YAML: mapping values are not allowed in this context; write the value in quotes: `policy: "semver: ~1.4"`
            regexp: [0-9]+
                t.yaml:3:18: not valid YAML: while parsing a block mapping, did not find expected key; write the value in quotes: `regexp: "[0-9]+"`
        "#]],
    );
}

#[test]
fn options_that_are_written_as_elsewhere_are_told_how_to_be_written() {
    written(
        "semver: 1.x\n\
         suffix: alpine ; \
         semver: 1.x\n\
         pin: true ; \
         semver: 1.x\n\
         deny: rc ; \
         semver: 1.x\n\
         deny: [*-rc] ; \
         semver: 1.x\n\
         filter: ^v ; \
         semver: 1.x\n\
         prerelease: yes ; \
         semver: 1.x\n\
         platforms: linux/amd64 ; \
         semver: 1.x\n\
         sufix: keep ; \
         semver: \">=1 <\"",
        &expect![[r#"
            semver: 1.x
            suffix: alpine
                t.yaml:4:13: policies[0].suffix: `alpine` is not a suffix: write `any`, `keep`, `none`, or a text that begins with `-`; did you mean `-alpine`?
            semver: 1.x
            pin: true
                t.yaml:4:10: policies[0].pin: a text is wanted here, not a boolean (quotes make it a text); write `ifPresent`, `digest` or `never`; did you mean `digest`?
            semver: 1.x
            deny: rc
                t.yaml:4:11: policies[0].deny: a list is wanted here; write `deny: ["rc"]`
            semver: 1.x
            deny: [*-rc]
                t.yaml:4:12: not valid YAML: while parsing node, found unknown anchor; write what stands in the list of `deny` in quotes
            semver: 1.x
            filter: ^v
                t.yaml:4:13: policies[0].filter: a mapping is wanted here; write `filter: {pattern: "^v"}`
            semver: 1.x
            prerelease: yes
                t.yaml:4:17: policies[0].prerelease: `true` or `false` is wanted here; write `true`
            semver: 1.x
            platforms: linux/amd64
                t.yaml:4:16: policies[0].platforms: a list is wanted here; write `platforms: [linux/amd64]`
            semver: 1.x
            sufix: keep
                t.yaml:4:5: policies[0].sufix: unknown key; did you mean `suffix`?
            semver: ">=1 <"
                t.yaml:3:19: policies[0].semver: `>=1 <` is not a range: a version must follow the operator (byte 5)
        "#]],
    );
}
