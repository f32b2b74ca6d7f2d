//! Applications of Argo CD: parameters, values and images of their sources.

use expect_test::expect;

use super::{DIGEST, check, check_file, check_places};
use crate::FileKind;

/// An application whose source is the lines of `source`.
fn application(source: &str) -> String {
    let source = source.replace('\n', "\n    ");
    format!(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: web, namespace: argocd}}\nspec:\n  \
         source:\n    {source}\n"
    )
}

#[test]
fn parameters_are_read_together() {
    let text = application(
        "helm:\n  parameters:\n  - name: image.repository\n    value: nginx\n  - name: image.tag\n    value: '1.25.0'\n    \
         forceString: true\n  - name: sidecar.image\n    value: nginx:1\n  - {name: image, value: \"nginx:2\"}\n  \
         - name: exporter.repository\n    value: library/nginx\n  - name: exporter.registry\n    value: docker.io\n  \
         - name: exporter.tag\n    value: 1.10\n  - name: replicas\n    value: '3'\n  - name: nginx\n    value: nginx:1",
    );
    check_places(
        &text,
        &expect![[r#"
            9:16 argocd/Application/web: spec.source.helm.parameters[0].value "nginx:1.25.0"
            14:16 argocd/Application/web: spec.source.helm.parameters[2].value "nginx:1"
            15:30 argocd/Application/web: spec.source.helm.parameters[3].value "nginx:2"
            17:16 argocd/Application/web: spec.source.helm.parameters[4].value "docker.io/library/nginx:1.10"
        "#]],
    );
    check(
        &text,
        "1.20",
        &expect![[r#"
            -         value: \'1.25.0\'
            +         value: \'1.20\'
            -         value: nginx:1
            +         value: nginx:1.20
            -       - {name: image, value: \"nginx:2\"}
            +       - {name: image, value: \"nginx:1.20\"}
            -         value: 1.10
            +         value: \"1.20\"
        "#]],
    );
}

#[test]
fn a_digest_has_a_parameter_of_its_own_or_stands_behind_the_tag() {
    let text = application(
        "helm:\n  parameters:\n  - {name: a.repository, value: nginx}\n  - {name: a.tag, value: '1'}\n  \
         - {name: b.repository, value: nginx}\n  - {name: b.tag, value: '1'}\n  - {name: b.digest, value: ''}\n  \
         - {name: c.repository, value: nginx}\n  - {name: d.name, value: nginx}\n  - {name: d.tag, value: '1'}",
    );
    check(
        &text,
        &format!("2@{DIGEST}"),
        &expect![[r#"
            -       - {name: a.tag, value: \'1\'}
            +       - {name: a.tag, value: \'2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}
            -       - {name: b.tag, value: \'1\'}
            +       - {name: b.tag, value: \'2\'}
            -       - {name: b.digest, value: \'\'}
            +       - {name: b.digest, value: \'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}
            nothing to set: [2]
        "#]],
    );
}

#[test]
fn of_a_parameter_that_stands_twice_the_last_counts() {
    check(
        &application(
            "helm:\n  parameters:\n  - {name: a.repository, value: nginx}\n  - {name: a.tag, value: '1'}\n  \
             - {name: a.tag, value: '2'}",
        ),
        "3",
        &expect![[r#"
            -       - {name: a.tag, value: \'2\'}
            +       - {name: a.tag, value: \'3\'}
        "#]],
    );
}

#[test]
fn values_as_an_object_are_helm_values() {
    check(
        &application("helm:\n  valuesObject:\n    web:\n      image: {repository: nginx, tag: '1'}"),
        "2",
        &expect![[r#"
            -           image: {repository: nginx, tag: \'1\'}
            +           image: {repository: nginx, tag: \'2\'}
        "#]],
    );
}

#[test]
fn values_as_a_literal_block_are_edited_inside() {
    let text = application(
        "helm:\n  values: |  # why\n\n    # a comment\n    image:\n      repository: nginx\n      tag: 1.25.0 # old\n\n    \
         list:\n    - image: \"nginx:1\"\n    other: >-\n      image: nginx:1",
    );
    check_places(
        &text,
        &expect![[r#"
        11:23 argocd/Application/web: spec.source.helm.values.image "nginx:1.25.0"
        15:18 argocd/Application/web: spec.source.helm.values.list[0].image "nginx:1"
    "#]],
    );
    check(
        &text,
        "1.27.0",
        &expect![[r#"
        -           tag: 1.25.0 # old
        +           tag: 1.27.0 # old
        -         - image: \"nginx:1\"
        +         - image: \"nginx:1.27.0\"
    "#]],
    );
    check(
        &text.replace('\n', "\r\n"),
        "1.27",
        &expect![[r#"
        -           tag: 1.25.0 # old\r
        +           tag: \"1.27\" # old\r
        -         - image: \"nginx:1\"\r
        +         - image: \"nginx:1.27\"\r
    "#]],
    );
    check(
        &text.replace("values: |", "values: |2-"),
        "1e3",
        &expect![[r#"
        -           tag: 1.25.0 # old
        +           tag: \"1e3\" # old
        -         - image: \"nginx:1\"
        +         - image: \"nginx:1e3\"
    "#]],
    );
}

#[test]
fn values_as_another_text_are_told() {
    check(
        &application("helm:\n  values: \"image: nginx:1\\nreplicas: 1\\n\""),
        "2",
        &expect![[r#"
            notALiteralBlock: argocd/Application/web: spec.source.helm.values.image: the image is written in a text that is no literal block, so its bytes cannot be told; write that text behind `|`
        "#]],
    );
    check(
        &application("helm:\n  values: >\n    image: nginx:1"),
        "2",
        &expect![[r#"
            notALiteralBlock: argocd/Application/web: spec.source.helm.values.image: the image is written in a text that is no literal block, so its bytes cannot be told; write that text behind `|`
        "#]],
    );
    // There is nothing to be done.
    check(&application("helm:\n  values: 'image: nginx:1'"), "1", &expect![[""]]);
}

#[test]
fn a_scalar_of_several_lines_within_a_text_cannot_be_kept() {
    check(
        &application("helm:\n  values: |\n    image: \"nginx\\\n      :1\""),
        "2",
        &expect![[r#"
            unwritable: argocd/Application/web: spec.source.helm.values.image: the way the scalar is written cannot be kept
        "#]],
    );
}

#[test]
fn what_is_wrong_within_a_text_is_told_at_the_text() {
    check(
        &application("helm:\n  values: |\n    image: nginx:1\n    image: nginx:1"),
        "2",
        &expect![[r#"
            8:9: duplicateKey: duplicate key `image` on the way to an image; remove one of the two
        "#]],
    );
    check(
        &application("helm:\n  values: |\n    image: {{ .image }}"),
        "2",
        &expect![[""]],
    );
}

#[test]
fn a_text_that_two_sources_share_is_refused() {
    let text = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  sources:\n  - helm:\n      values: &v |\n        \
                image: nginx:1\n  - helm:\n      values: *v\n";
    check(
        text,
        "2",
        &expect![[r#"
        sharedAnchor: default/Application/: spec.sources[0].helm.values.image: the text that the image is written in is shared through an anchor or a merge key
    "#]],
    );
}

#[test]
fn images_for_kustomize_keep_the_name_that_they_stand_for() {
    let text = application(
        "kustomize:\n  images:\n  - nginx:1.25\n  - web=nginx:1.25\n  - 'web=docker.io/library/nginx'\n  - nginx=other:1\n  \
         - \"web=nginx\"",
    );
    check_places(
        &text,
        &expect![[r#"
        8:9 argocd/Application/web: spec.source.kustomize.images[0] "nginx:1.25"
        9:9 argocd/Application/web: spec.source.kustomize.images[1] "nginx:1.25"
        10:9 argocd/Application/web: spec.source.kustomize.images[2] "docker.io/library/nginx"
        11:9 argocd/Application/web: spec.source.kustomize.images[3] "other:1"
        12:9 argocd/Application/web: spec.source.kustomize.images[4] "nginx"
    "#]],
    );
    check(
        &text,
        &format!("2@{DIGEST}"),
        &expect![[r#"
        -       - nginx:1.25
        +       - nginx:2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        -       - web=nginx:1.25
        +       - web=nginx:2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        -       - \'web=docker.io/library/nginx\'
        +       - \'web=docker.io/library/nginx:2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'
        -       - \"web=nginx\"
        +       - \"web=nginx:2@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"
    "#]],
    );
    check_file(
        FileKind::Other,
        &text,
        "2",
        Some("example.com/nginx"),
        &expect![[r#"
            -       - nginx:1.25
            +       - nginx=example.com/nginx:2
            -       - web=nginx:1.25
            +       - web=example.com/nginx:2
            -       - \'web=docker.io/library/nginx\'
            +       - \'web=example.com/nginx:2\'
            -       - \"web=nginx\"
            +       - \"web=example.com/nginx:2\"
        "#]],
    );
}

#[test]
fn application_sets_have_the_same_places() {
    let text = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec:\n  generators: []\n  \
                template:\n    metadata: {name: '{{name}}'}\n    spec:\n      sources:\n      - {kustomize: {images: [nginx:1]}}\n      \
                - helm: {valuesObject: {image: nginx:1}}\n";
    check_places(
        text,
        &expect![[r#"
        10:31 default/ApplicationSet/all: spec.template.spec.sources[0].kustomize.images[0] "nginx:1"
        11:38 default/ApplicationSet/all: spec.template.spec.sources[1].helm.valuesObject.image "nginx:1"
    "#]],
    );
    check(
        text,
        "2",
        &expect![[r#"
        -       - {kustomize: {images: [nginx:1]}}
        +       - {kustomize: {images: [nginx:2]}}
        -       - helm: {valuesObject: {image: nginx:1}}
        +       - helm: {valuesObject: {image: nginx:2}}
    "#]],
    );
}

#[test]
fn overrides_of_a_source_are_known_by_the_name_of_their_file() {
    let text = "helm:\n  parameters:\n  - name: image.name\n    value: nginx\n    forcestring: true\n  - name: image.tag\n    \
                value: 1.25.0\n    forcestring: true\nkustomize:\n  images:\n  - nginx:1\n";
    assert_eq!(FileKind::of("apps/.argocd-source-web.yaml"), FileKind::ArgoSource);
    assert_eq!(FileKind::of(".argocd-source.yaml"), FileKind::ArgoSource);
    check_file(
        FileKind::ArgoSource,
        text,
        "1.27.0",
        None,
        &expect![[r#"
        -     value: 1.25.0
        +     value: 1.27.0
        -   - nginx:1
        +   - nginx:1.27.0
    "#]],
    );
    check_file(FileKind::Other, text, "1.27.0", None, &expect![[""]]);
}

#[test]
fn other_kinds_of_the_group_are_left_alone() {
    let text = application("kustomize:\n  images:\n  - nginx:1");
    check(
        &text.replace("kind: Application", "kind: AppProject"),
        "2",
        &expect![[""]],
    );
    check(&text.replace("argoproj.io", "example.com"), "2", &expect![[""]]);
}

#[test]
fn what_a_generator_fills_in_is_left_alone() {
    let text = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec:\n  template:\n    spec:\n      \
                source:\n        kustomize: {images: ['redis:{{tag}}', 'nginx:1', 'nginx:{{ .tag }}']}\n        helm:\n          \
                parameters:\n          - {name: image.repository, value: nginx}\n          - {name: image.tag, value: '{{tag}}'}\n          \
                valuesObject: {image: '{{ .Values.x }}', web: {image: nginx:1}}\n";
    check(
        text,
        "2",
        &expect![[r#"
        -         kustomize: {images: [\'redis:{{tag}}\', \'nginx:1\', \'nginx:{{ .tag }}\']}
        +         kustomize: {images: [\'redis:{{tag}}\', \'nginx:2\', \'nginx:{{ .tag }}\']}
        -           valuesObject: {image: \'{{ .Values.x }}\', web: {image: nginx:1}}
        +           valuesObject: {image: \'{{ .Values.x }}\', web: {image: nginx:2}}
    "#]],
    );
}
