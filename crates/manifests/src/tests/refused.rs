//! Files that must not be edited.

use expect_test::expect;

use super::{check, check_places, deployment};
use crate::Manifest;

#[test]
fn what_is_no_yaml_is_refused() {
    check(
        "a: [\n",
        "2",
        &expect![[r#"
        1:4: notYaml: not valid YAML: unclosed bracket '['
    "#]],
    );
    check(
        &format!("{}---\na: [\n", deployment("image: nginx:1")),
        "2",
        &expect![[r#"
            10:4: notYaml: not valid YAML: unclosed bracket '['
        "#]],
    );
}

#[test]
fn what_is_not_utf_8_is_refused() {
    let outcome = |bytes: &[u8]| Manifest::read_bytes(bytes).map_err(|refusal| refusal.code());
    assert_eq!(outcome(b"a: 1\nb: \xff\n").unwrap_err(), "notUtf8");
    assert_eq!(outcome(b"\xff\xfea\0:\0 \x001\0").unwrap_err(), "notUtf8");
    assert_eq!(outcome(b"\xfe\xff\0a\0:\0 \x001").unwrap_err(), "notUtf8");
    assert_eq!(outcome(b"a\0:\0 \x001\0").unwrap_err(), "notYaml");
    assert_eq!(Manifest::read_bytes(b"a: 1\nb: \xff").unwrap_err().location().line, 2);
}

#[test]
fn duplicate_keys_on_the_way_to_an_image_are_refused() {
    check(
        &deployment("image: nginx:1\nname: a\nimage: nginx:2"),
        "3",
        &expect![[r#"
            10:11: duplicateKey: duplicate key `image` on the way to an image; remove one of the two
        "#]],
    );
    check(
        &deployment("image: nginx:1\nname: a\n\"name\": b"),
        "3",
        &expect![[r#"
            10:11: duplicateKey: duplicate key `name` on the way to an image; remove one of the two
        "#]],
    );
    check(
        &deployment("image: busybox\nname: a\nname: b"),
        "3",
        &expect![[r#"
        10:11: duplicateKey: duplicate key `name` on the way to an image; remove one of the two
    "#]],
    );
    check(
        &format!("{}kind: Deployment\n", deployment("image: nginx:1")),
        "3",
        &expect![[r#"
            9:1: duplicateKey: duplicate key `kind` on the way to an image; remove one of the two
        "#]],
    );
    check(
        &format!("{}spec: {{}}\n", deployment("image: nginx:1")),
        "3",
        &expect![[r#"
            9:1: duplicateKey: duplicate key `spec` on the way to an image; remove one of the two
        "#]],
    );
    let twice = "apiVersion: v1\nkind: ConfigMap\nkind: Pod\nspec: {containers: [{image: nginx:1}]}\n";
    check(
        twice,
        "3",
        &expect![[r#"
        3:1: duplicateKey: duplicate key `kind` on the way to an image; remove one of the two
    "#]],
    );
    check(
        &twice.replace("kind: ConfigMap\nkind: Pod", "kind: Pod\nkind: ConfigMap"),
        "3",
        &expect![[r#"
            3:1: duplicateKey: duplicate key `kind` on the way to an image; remove one of the two
        "#]],
    );
}

#[test]
fn duplicate_keys_elsewhere_are_left_alone() {
    check(
        &deployment("image: nginx:1\nenv: [{name: a, name: b}]\nresources: {limits: {}, limits: {}}"),
        "3",
        &expect![[r#"
            -         - image: nginx:1
            +         - image: nginx:3
        "#]],
    );
    let text = deployment("image: nginx:1").replace("{name: web}", "{name: web, name: other}");
    check_places(
        &text,
        &expect![[r#"
        8:18 default/Deployment/other: spec.template.spec.containers[0].image "nginx:1"
    "#]],
    );
    check("a: 1\na: 2\n", "3", &expect![""]);
}

#[test]
fn helm_templates_are_refused() {
    let all = [
        "{{- if .Values.enabled }}\na: 1\n{{- end }}\n".to_owned(),
        "a: {{ .Values.a }}\n".to_owned(),
        "a: 1\nb: {{ include \"x\" . | quote }}\n".to_owned(),
        deployment("image: \"{{ .Values.image }}\""),
        deployment("image: '{{ .Values.image }}:{{ .Values.tag }}'"),
        deployment("image: nginx:1\nname: app-{{ .Release.Name }}"),
        deployment("image: nginx:1\nresources:\n  {{- toYaml .Values.resources | nindent 10 }}"),
        deployment("image: nginx:{{ .Chart.AppVersion }}"),
        deployment("image: \"nginx:{{ version }}\""),
    ];
    for text in all {
        let refusal = Manifest::read(text.as_str()).unwrap_err();
        assert_eq!(refusal.code(), "helmTemplate", "{text}");
        let line = text.lines().nth(refusal.location().line - 1).unwrap();
        assert!(line.contains("{{"), "{text}");
    }
}

#[test]
fn templates_of_others_are_text() {
    let rules = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  a: \"on {{ $labels.instance }}\"\n  b: Value {{ $value }}\n---\n";
    let config =
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: \"{{ .Values.x }}\"\n  b: |\n    {{ .Release.Name }}\n---\n";
    let web = deployment("image: nginx:1 # {{ .Values.x }}\ncommand:\n- |\n  echo {{ .Values.x }}");
    check(
        &format!("{rules}{config}{web}"),
        "3",
        &expect![[r#"
        -         - image: nginx:1 # {{ .Values.x }}
        +         - image: nginx:3 # {{ .Values.x }}
    "#]],
    );
}
