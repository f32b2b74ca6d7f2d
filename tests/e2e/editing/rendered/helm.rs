//! Charts of three shapes, rendered by Helm.

use expect_test::{Expect, expect};

use super::super::generator::TAGS;
use super::{DIGEST, Files, OLD_DIGEST, chart, deployed, edited, files};

/// A chart: its template for an image, and its values.
struct Shape {
    image: &'static str,
    values: &'static str,
    /// How its image is called.
    name: &'static str,
}

/// Registry, repository, tag and digest, as most charts have them.
const MAP: Shape = Shape {
    image: "\"{{ with .Values.image.registry }}{{ . }}/{{ end }}{{ .Values.image.repository }}:{{ .Values.image.tag }}\
            {{ with .Values.image.digest }}@{{ . }}{{ end }}\"",
    values: "image:
  registry: ghcr.io
  repository: acme/api
  tag: 1.26.1
  digest: \"\"
  pullPolicy: Always
",
    name: "ghcr.io/acme/api",
};

/// The same without a key for a digest, some levels down.
const TAG: Shape = Shape {
    image: "\"{{ .Values.web.image.repository }}:{{ .Values.web.image.tag | default .Chart.AppVersion }}\"",
    values: "web:
  image:
    repository: ghcr.io/acme/api
    tag: 1.26.1
",
    name: "ghcr.io/acme/api",
};

/// The whole reference in one text.
const WHOLE: Shape = Shape {
    image: "{{ .Values.image | quote }}",
    values: "image: ghcr.io/acme/api:1.26.1\n",
    name: "ghcr.io/acme/api",
};

/// The name under `image` and the tag beside it, as the charts of Flux v1.
const BESIDE: Shape = Shape {
    image: "{{ .Values.image }}:{{ .Values.tag }}",
    values: "image: ghcr.io/acme/api\ntag: 1.26.1\n",
    name: "ghcr.io/acme/api",
};

impl Shape {
    fn files(&self) -> Files {
        let template = format!(
            "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{{{ .Release.Name }}}}
spec:
  template:
    spec:
      containers:
      - name: api
        image: {}
",
            self.image
        );
        files(&[
            (
                "Chart.yaml",
                "apiVersion: v2\nname: api\nversion: 1.2.3\nappVersion: 0.0.1\n",
            ),
            ("values.yaml", self.values),
            ("templates/api.yaml", &template),
        ])
    }
}

/// Edits the values of a chart, and shows what is deployed before and after.
fn check(shape: &Shape, options: &[&str], expected: &Expect) {
    let before = shape.files();
    let after = edited(&before, "values.yaml", &[&["--image", shape.name], options].concat());
    let shown = deployed(&[chart(&before, ""), chart(&after, "")]).concat();
    expected.assert_eq(&shown.replace(DIGEST, "NEW").replace(OLD_DIGEST, "OLD"));
}

#[test]
fn a_tag_of_a_map_is_deployed() {
    check(
        &MAP,
        &["--to", "1.27.3"],
        &expect![[r#"
            ghcr.io/acme/api:1.26.1
            ghcr.io/acme/api:1.27.3
        "#]],
    );
}

#[test]
fn a_digest_is_deployed_from_its_own_key() {
    check(
        &MAP,
        &["--to", &format!("1.27.3@{DIGEST}")],
        &expect![[r#"
            ghcr.io/acme/api:1.26.1
            ghcr.io/acme/api:1.27.3@NEW
        "#]],
    );
}

#[test]
fn a_digest_is_deployed_from_the_key_of_the_tag() {
    check(
        &TAG,
        &["--to", &format!("1.27.3@{DIGEST}")],
        &expect![[r#"
            ghcr.io/acme/api:1.26.1
            ghcr.io/acme/api:1.27.3@NEW
        "#]],
    );
    check(
        &BESIDE,
        &["--to", &format!("1.27.3@{DIGEST}")],
        &expect![[r#"
            ghcr.io/acme/api:1.26.1
            ghcr.io/acme/api:1.27.3@NEW
        "#]],
    );
}

#[test]
fn another_name_is_deployed() {
    let name = ["--name", "mirror.example.com:5000/hub/api", "--to", "1.27.3"];
    check(
        &MAP,
        &name,
        &expect![[r#"
            ghcr.io/acme/api:1.26.1
            mirror.example.com:5000/hub/api:1.27.3
        "#]],
    );
    check(
        &TAG,
        &name,
        &expect![[r#"
            ghcr.io/acme/api:1.26.1
            mirror.example.com:5000/hub/api:1.27.3
        "#]],
    );
    check(
        &WHOLE,
        &name,
        &expect![[r#"
            ghcr.io/acme/api:1.26.1
            mirror.example.com:5000/hub/api:1.27.3
        "#]],
    );
    check(
        &BESIDE,
        &name,
        &expect![[r#"
            ghcr.io/acme/api:1.26.1
            mirror.example.com:5000/hub/api:1.27.3
        "#]],
    );
}

#[test]
fn values_that_are_given_to_the_chart_are_deployed() {
    let shape = MAP.files();
    let given = files(&[("prod.yaml", "image:\n  repository: acme/api-prod\n  tag: '1.26'\n")]);
    let edited = edited(&given, "prod.yaml", &["--image", "acme/api-prod", "--to", "1.30"]);
    let shown = deployed(&[chart(&shape, &given["prod.yaml"]), chart(&shape, &edited["prod.yaml"])]);
    expect![[r#"
        ghcr.io/acme/api-prod:1.26
        ghcr.io/acme/api-prod:1.30
    "#]]
    .assert_eq(&shown.concat());
}

#[test]
fn what_nobody_puts_in_quotes_is_another_image() {
    let plain = |tag: &str| chart(&TAG.files(), &format!("web: {{image: {{tag: {tag}}}}}\n"));
    let shown = deployed(&["1.10", "1e3", "0x1F", "012", "1_000", "no", "null"].map(plain));
    expect![[r#"
        ghcr.io/acme/api:1.1
        ghcr.io/acme/api:1000
        ghcr.io/acme/api:31
        ghcr.io/acme/api:10
        ghcr.io/acme/api:1000
        ghcr.io/acme/api:0.0.1
        ghcr.io/acme/api:0.0.1
    "#]]
    .assert_eq(&shown.concat());
}

#[test]
fn every_tag_is_deployed_as_it_is_and_with_a_digest() {
    let mut wanted = Vec::new();
    let mut questions = Vec::new();
    for (tag, _) in TAGS {
        for value in [(*tag).to_owned(), format!("{tag}@{DIGEST}")] {
            for shape in [&MAP, &TAG, &WHOLE, &BESIDE] {
                let options = ["--image", shape.name, "--to", &value];
                questions.push(chart(&edited(&shape.files(), "values.yaml", &options), ""));
                wanted.push(format!("{}:{value}\n", shape.name));
            }
        }
    }
    assert_eq!(deployed(&questions), wanted);
}
