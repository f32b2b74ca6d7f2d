use expect_test::expect;

use super::*;

#[test]
fn each_question_has_an_answer() {
    let answers = kustomize_helm(concat!(
        r#"{"files": {"a/kustomization.yaml": "namePrefix: x-\nresources: [b.yaml]", "a/b.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: b}"}, "build": "a"}"#,
        "\n",
        r#"{"files": {"Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0", "values.yaml": "a: 1", "templates/c.yaml": "{{ .Values.a }} {{ .Values.b }}"}, "values": "b: 2"}"#,
        "\n",
        r#"{"files": {"a/web.yaml": ""}, "build": "a"}"#,
        "\n",
    ));
    expect![[r#"
        {"rendered":"apiVersion: v1\nkind: Secret\nmetadata:\n  name: x-b\n"}
        {"rendered":"---\n1 2\n"}
        {"problem":"unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '/a'","rendered":""}
    "#]]
    .assert_eq(&answers.unwrap());
}

#[test]
fn what_is_no_question_is_an_error() {
    let error = kustomize_helm("{\"files\": 1}\n").unwrap_err().to_string();
    assert!(error.contains("kustomize-helm: json: cannot unmarshal"), "{error}");
}
