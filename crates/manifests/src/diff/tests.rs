use domain::reference::Value;
use expect_test::{Expect, expect};

use super::unified_diff;
use crate::{Edit, Manifest};

/// Sets every image of a Pod with these containers to 2, and shows the diff.
fn check(containers: &str, expected: &Expect) {
    let text = format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n{containers}");
    let manifest = Manifest::read(text.as_str()).unwrap();
    let to = Value::parse("2").unwrap();
    let edit = |place| Edit {
        place,
        to: to.clone(),
        name: None,
    };
    let edits = (0..manifest.places().len()).map(edit).collect::<Vec<_>>();
    expected.assert_eq(&unified_diff("pod.yaml", &text, &manifest.edit(&edits).unwrap()));
}

#[test]
fn a_change_has_three_lines_around_it() {
    check(
        "  - name: a\n    tty: true\n    image: a:1\n    stdin: true\n    env: []\n    args: []\n    x: y\n",
        &expect![[r#"
            --- a/pod.yaml
            +++ b/pod.yaml
            @@ -4,7 +4,7 @@
               containers:
               - name: a
                 tty: true
            -    image: a:1
            +    image: a:2
                 stdin: true
                 env: []
                 args: []
        "#]],
    );
}

#[test]
fn changes_close_by_share_a_hunk() {
    let lines = |count: usize| "  # line\n".repeat(count);
    check(
        &format!("  - image: a:1\n{}  - image: b:1\n", lines(6)),
        &expect![[r#"
        --- a/pod.yaml
        +++ b/pod.yaml
        @@ -2,11 +2,11 @@
         kind: Pod
         spec:
           containers:
        -  - image: a:1
        +  - image: a:2
           # line
           # line
           # line
           # line
           # line
           # line
        -  - image: b:1
        +  - image: b:2
    "#]],
    );
    check(
        &format!("  - image: a:1\n{}  - image: b:1\n", lines(7)),
        &expect![[r#"
        --- a/pod.yaml
        +++ b/pod.yaml
        @@ -2,7 +2,7 @@
         kind: Pod
         spec:
           containers:
        -  - image: a:1
        +  - image: a:2
           # line
           # line
           # line
        @@ -10,4 +10,4 @@
           # line
           # line
           # line
        -  - image: b:1
        +  - image: b:2
    "#]],
    );
}

#[test]
fn changes_in_one_line_are_one() {
    check(
        "  - {image: a:1, name: b}\n  - {image: \"c:1\"}\n",
        &expect![[r#"
        --- a/pod.yaml
        +++ b/pod.yaml
        @@ -2,5 +2,5 @@
         kind: Pod
         spec:
           containers:
        -  - {image: a:1, name: b}
        -  - {image: "c:1"}
        +  - {image: a:2, name: b}
        +  - {image: "c:2"}
    "#]],
    );
    check(
        "    [{image: a:1}, {image: b:1}]",
        &expect![[r#"
        --- a/pod.yaml
        +++ b/pod.yaml
        @@ -2,4 +2,4 @@
         kind: Pod
         spec:
           containers:
        -    [{image: a:1}, {image: b:1}]
        \ No newline at end of file
        +    [{image: a:2}, {image: b:2}]
        \ No newline at end of file
    "#]],
    );
}

#[test]
fn a_missing_line_end_is_told() {
    check(
        "  - image: a:1",
        &expect![[r#"
        --- a/pod.yaml
        +++ b/pod.yaml
        @@ -2,4 +2,4 @@
         kind: Pod
         spec:
           containers:
        -  - image: a:1
        \ No newline at end of file
        +  - image: a:2
        \ No newline at end of file
    "#]],
    );
    check(
        "  - image: a:1\n    name: a",
        &expect![[r#"
        --- a/pod.yaml
        +++ b/pod.yaml
        @@ -2,5 +2,5 @@
         kind: Pod
         spec:
           containers:
        -  - image: a:1
        +  - image: a:2
             name: a
        \ No newline at end of file
    "#]],
    );
}

#[test]
fn lines_that_go_are_counted() {
    check(
        "  - image: \"a:\\\n      1\"\n    name: x\n",
        &expect![[r#"
        --- a/pod.yaml
        +++ b/pod.yaml
        @@ -2,6 +2,5 @@
         kind: Pod
         spec:
           containers:
        -  - image: "a:\
        -      1"
        +  - image: "a:2"
             name: x
    "#]],
    );
}

#[test]
fn nothing_changed_is_no_diff() {
    check("  - image: a:2\n", &expect![""]);
}
