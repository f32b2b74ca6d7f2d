//! One file with many objects, as `kustomize build` prints a platform.

use std::fmt::Write;

/// How many documents the stream has.
pub const DOCUMENTS: usize = 282;

/// How many bytes each third document, the definition of a resource, has at least.
const DEFINITION_BYTES: usize = 24_800;

/// The stream: 2.7 MB in 282 documents, a third of them long definitions, a third workloads, a third settings.
#[must_use]
pub fn text() -> String {
    (0..DOCUMENTS)
        .map(|number| match number % 3 {
            0 => definition(number),
            1 => deployment(number),
            _ => settings(number),
        })
        .collect()
}

/// A custom resource: nested properties with long descriptions.
fn definition(number: usize) -> String {
    let mut text = format!(
        "\
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things{number}.example.com
spec:
  group: example.com
  names: {{kind: Thing{number}, plural: things{number}}}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
"
    );
    let mut field = 0;
    while text.len() < DEFINITION_BYTES {
        let written = write!(
            text,
            "            field{field}:
              description: |-
                The {field}th of the things that can be said about it. More info: https://example.com/docs/{field}
                Cannot be updated once set; defaults to the value of the cluster's own configuration.
              properties:
                image:
                  description: 'Where it comes from: \"host/name:tag\" (see above).'
                  type: string
                items:
                  items:
                    type: string
                  type: array
                  x-kubernetes-list-type: atomic
                optional:
                  default: false
                  type: boolean
              required: [image]
              type: object
"
        );
        written.expect("a text can always grow");
        field += 1;
    }
    text
}

/// A workload with two containers.
fn deployment(number: usize) -> String {
    format!(
        "\
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: workload-{number}
  namespace: platform
  annotations:
    tidemark.dev/policy: \"semver:^1\"
spec:
  replicas: 2
  selector: {{matchLabels: {{app: workload-{number}}}}}
  template:
    metadata:
      labels: {{app: workload-{number}}}
    spec:
      containers:
        - name: main
          image: registry.example.com/platform/workload-{number}:1.4.0  # main
          args: [\"--leader-elect\", '--metrics=:9090']
        - name: sidecar
          image: \"registry.example.com/platform/sidecar:2.0.1\"
          env:
            - name: MODE
              value: strict
"
    )
}

/// Settings in a block of text.
fn settings(number: usize) -> String {
    let mut text =
        format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings-{number}\ndata:\n  app.ini: |\n");
    for line in 0..60 {
        text.push_str(&format!(
            "    [section-{line}]\n    key = value of {number}, line {line}\n"
        ));
    }
    text
}
