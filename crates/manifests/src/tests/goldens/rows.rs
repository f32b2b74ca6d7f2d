//! The rows: a file of each, in blocks and in brackets. What is to change stands between `<` and `>`.

/// A row of the table of places.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) file: &'static str,
    /// What `nginx` is set to.
    pub(super) value: &'static str,
    /// Only the daemon looks for it.
    pub(super) is_of_the_daemon: bool,
    pub(super) block: &'static str,
    pub(super) flow: &'static str,
}

pub(super) fn row(name: &str) -> Row {
    let found = ROWS.into_iter().find(|row| row.name == name);
    found.unwrap_or_else(|| panic!("there is no row {name}"))
}

pub(super) const ROWS: [Row; 15] = [
    Row {
        name: "pod",
        about: "Containers of all three kinds, and image volumes",
        file: "pod.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
apiVersion: v1
kind: Pod
metadata:
  annotations: {image: nginx:1.25}
spec:
  containers:
  - name: web
    image: <nginx:1.25>
    args: [nginx:1.25]
  - image: redis:7
  initContainers:
  - image: <docker.io/library/nginx>
  ephemeralContainers:
  - image: <nginx:1.25@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef>
  volumes:
  - image:
      reference: <nginx:1.25>
",
        flow: "\
{apiVersion: v1, kind: Pod, spec: {
  containers: [{name: web, image: <nginx:1.25>}, {image: redis:7}],
  initContainers: [{image: <docker.io/library/nginx>}],
  volumes: [{image: {reference: <nginx:1.25>}}]}}
",
    },
    Row {
        name: "cron-job",
        about: "Workloads, retired API versions and patches",
        file: "job.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
apiVersion: batch/v1beta1
kind: CronJob
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers:
          - name: a
            image: <nginx:1.25>
---
apiVersion: extensions/v1beta1
kind: Deployment
spec:
  template:
    spec:
      containers:
      - name: a
        image: <nginx:1.25>
",
        flow: "\
{apiVersion: batch/v1beta1, kind: CronJob, spec: {jobTemplate: {spec: {template: {spec:
  {containers: [{name: a, image: <nginx:1.25>}]}}}}}}
---
{\"apiVersion\": \"extensions/v1beta1\", \"kind\": \"Deployment\",
  \"spec\": {\"template\": {\"spec\": {\"containers\": [{\"image\": <nginx:1.25>}]}}}}
",
    },
    Row {
        name: "list",
        about: "Lists, typed and not, and lists in lists",
        file: "list.json",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  spec:
    containers:
    - image: <nginx:1.25>
- apiVersion: apps/v1
  kind: DeploymentList
  items:
  - spec:
      template:
        spec:
          containers:
          - image: <nginx:1.25>
",
        flow: "\
{
  \"apiVersion\": \"v1\", \"kind\": \"List\",
  \"items\": [
    {\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"containers\": [{\"image\": \"<nginx:1.25>\"}]}},
    {\"apiVersion\": \"apps/v1\", \"kind\": \"DeploymentList\", \"items\": [
      {\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"image\": \"<nginx:1.25>\"}]}}}}]}
  ]
}
",
    },
    Row {
        name: "kustomization",
        about: "A kustomization by the name of its file; `newName` decides whose image it is",
        file: "kustomization.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
resources: [web.yaml]
images:
- name: nginx
  newTag: <v1.25>
- name: web
  newName: nginx
  newTag: <1.25>
- name: nginx
  newName: redis
  newTag: v1.25
- name: nginx
",
        flow: "\
{resources: [web.yaml], images: [{name: nginx, newTag: <v1.25>}, {name: web, newName: nginx, newTag: <1.25>}]}
",
    },
    Row {
        name: "component",
        about: "A component by its kind; a digest goes where a digest is",
        file: "base.yaml",
        value: "1.26@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210",
        is_of_the_daemon: false,
        block: "\
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
images:
- name: nginx
  digest: <sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef>
- name: nginx
  newTag: <v1.25>
  digest: <sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef>
- name: nginx
  newTag: <v1.25>
",
        flow: "\
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
images: [{name: nginx, newTag: <v1.25>, digest: <sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef>}]
",
    },
    Row {
        name: "flux-kustomization",
        about: "Flux's Kustomization",
        file: "apps.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
spec:
  images:
  - name: nginx
    newTag: <1.25.0>
",
        flow: "\
{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, spec: {images: [{name: nginx, newTag: <1.25.0>}]}}
",
    },
    Row {
        name: "values",
        about: "Helm values in all shapes, at any depth",
        file: "values-prod.yaml",
        value: "1.10",
        is_of_the_daemon: false,
        block: "\
image: <nginx:1.25>
sidecarImage: <docker.io/nginx>
web:
  image: nginx
  tag: <1.25>
deep:
  list:
  - image:
      registry: docker.io
      repository: library/nginx
      tag: <v1.25>
      digest: \"\"
  - proxyImage:
      name: nginx
      tag: <no>
env:
  image: nginx:1.25
chart:
  tag: v1.25
",
        flow: "\
{image: <nginx:1.25>, web: {image: nginx, tag: <1.25>}, deep: {list: [{proxyImage: {name: nginx, tag: <no>}}]}}
",
    },
    Row {
        name: "helm-release",
        about: "Flux's HelmRelease: values, and images of post-renderers",
        file: "release.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
spec:
  chart:
    spec:
      version: 1.25.0
  values:
    image:
      repository: nginx
      tag: <1.25.0>
  postRenderers:
  - kustomize:
      images:
      - name: nginx
        newTag: <1.25.0>
",
        flow: "\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
spec: {values: {image: {repository: nginx, tag: <1.25.0>}},
  postRenderers: [{kustomize: {images: [{name: nginx, newTag: <1.25.0>}]}}]}
",
    },
    Row {
        name: "helm-release-v1",
        about: "Flux v1's HelmRelease, with an image that only annotations name",
        file: "release.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata:
  annotations:
    repository.fluxcd.io/web: server.from
    tag.fluxcd.io/web: server.version
spec:
  values:
    server:
      from: nginx
      version: <1.25.0>
    image: nginx
    tag: <1.25.0>
",
        flow: "\
apiVersion: helm.fluxcd.io/v1
kind: HelmRelease
metadata: {annotations: {repository.fluxcd.io/web: server.from, tag.fluxcd.io/web: server.version}}
spec: {values: {server: {from: nginx, version: <1.25.0>}, image: nginx, tag: <1.25.0>}}
",
    },
    Row {
        name: "application",
        about: "Argo CD's Application: parameters, values as an object, and images of kustomizations",
        file: "app.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
spec:
  source:
    helm:
      parameters:
      - name: web.repository
        value: nginx
      - name: web.tag
        value: <1.25.0>
      - name: image
        value: <nginx:1.25>
      valuesObject:
        image:
          repository: nginx
          tag: <1.25.0>
    kustomize:
      images:
      - <nginx:1.25>
      - <web=nginx:1.25>
",
        flow: "\
{apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {source: {
  helm: {parameters: [{name: web.repository, value: nginx}, {name: web.tag, value: <1.25.0>}],
    valuesObject: {image: {repository: nginx, tag: <1.25.0>}}},
  kustomize: {images: [<nginx:1.25>, <web=nginx:1.25>]}}}}
",
    },
    Row {
        name: "application-values",
        about: "Argo CD's Application: values as a text, which is edited by the same rules",
        file: "app.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  sources:
  - helm:
      values: |
        # The server.
        image:
          repository: nginx
          tag: <1.25.0>

        sideImage: <nginx:1.25>
",
        flow: "\
apiVersion: argoproj.io/v1alpha1
kind: Application
spec:
  sources:
  - helm:
      values: |-
        {image: {repository: nginx, tag: <1.25.0>}, sideImage: <nginx:1.25>}
",
    },
    Row {
        name: "application-set",
        about: "The template of Argo CD's ApplicationSet",
        file: "apps.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
spec:
  template:
    spec:
      sources:
      - kustomize:
          images:
          - <nginx:1.25>
      - helm:
          valuesObject:
            image: <nginx:1.25>
",
        flow: "\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
spec: {template: {spec: {source: {kustomize: {images: [<nginx:1.25>]}}}}}
",
    },
    Row {
        name: "argocd-source",
        about: "A file that overrides a source, as Argo CD's image updater writes it",
        file: ".argocd-source-web.yaml",
        value: "1.26",
        is_of_the_daemon: false,
        block: "\
helm:
  parameters:
  - name: image.name
    value: nginx
    forcestring: true
  - name: image.tag
    value: <1.25.0>
    forcestring: true
kustomize:
  images:
  - <web=nginx:1.25>
",
        flow: "\
helm: {parameters: [{name: image.name, value: nginx}, {name: image.tag, value: <1.25.0>}]}
kustomize: {images: [<web=nginx:1.25>]}
",
    },
    Row {
        name: "markers",
        about: "Markers of Flux beside what no other row knows; only for the daemon",
        file: "settings.yaml",
        value: "1.26",
        is_of_the_daemon: true,
        block: "\
apiVersion: v1
kind: ConfigMap
data:
  whole: <nginx:1.25> # {\"$imagepolicy\": \"apps:web\"}
  name: nginx # {\"$imagepolicy\": \"apps:web:name\"}
  tag: <v1.25> # {\"$imagepolicy\": \"apps:web:tag\"}
  other: nginx:1.25
",
        flow: "\
apiVersion: v1
kind: ConfigMap
data: {
  whole: <nginx:1.25>, # {\"$imagepolicy\": \"apps:web\"}
  other: nginx:1.25}
",
    },
    Row {
        name: "fields",
        about: "A field that a rule names, `spec.jobs[name=build].image`; only for the daemon",
        file: "pipeline.yaml",
        value: "1.26",
        is_of_the_daemon: true,
        block: "\
apiVersion: example.com/v1
kind: Pipeline
spec:
  jobs:
  - name: build
    image: <nginx:1.25>
  - name: test
    image: nginx:1.25
",
        flow: "\
{apiVersion: example.com/v1, kind: Pipeline, spec: {jobs: [{name: build, image: <nginx:1.25>}, {name: test, image: nginx:1.25}]}}
",
    },
];
