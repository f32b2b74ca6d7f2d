//! A repository as a platform team keeps it: most of its files have no image.

use super::fleet;

/// How many of [`TURN`] files have images: six Deployments, a CronJob, two releases of charts, a kustomization.
pub const WITH_IMAGES: usize = 10;

/// After so many files the kinds come around again.
pub const TURN: usize = 30;

/// What the images of the files are called, and where they come from.
const IMAGE: &str = "registry.example.com/shop";

/// How many folders a team has: one for each of its services, with five files.
const SERVICES: usize = 6;

/// The path and the text of each file: `count` files of 1.7 kB on average, in a folder for each service of a team.
///
/// A third has images, one each. Beside those: settings, services, permissions, routes, kustomizations that only list
/// files, scaling, secrets that are kept elsewhere, and definitions of resources, which speak of images and have none.
pub fn files(count: usize) -> Vec<(String, String)> {
    (0..count)
        .map(|number| {
            let (team, turn) = (number / TURN, number % TURN);
            let name = format!("app-{team:03}-{turn:02}");
            let (file, text) = file(&name, number, turn);
            let service = turn % SERVICES;
            (format!("teams/team-{team:03}/service-{service}/{file}"), text)
        })
        .collect()
}

/// The name and the text of a file.
fn file(name: &str, number: usize, turn: usize) -> (&'static str, String) {
    match turn {
        0..6 => (
            "deployment.yaml",
            fleet::service(number, &format!("{IMAGE}/{name}:1.4.0")),
        ),
        6 => ("cronjob.yaml", cron_job(name)),
        7 | 8 => ("release.yaml", release(name)),
        9 => ("kustomization.yaml", overlay(name)),
        10..14 => ("kustomization.yaml", kustomization(name)),
        14..18 => ("service.yaml", service(name)),
        18..21 => ("settings.yaml", settings(name)),
        21..24 => ("permissions.yaml", permissions(name)),
        24 | 25 => ("route.yaml", route(name)),
        26 => ("scaling.yaml", scaling(name)),
        27 => ("network.yaml", network(name)),
        28 => ("secrets.yaml", secrets(name)),
        _ => ("definition.yaml", definition(name)),
    }
}

fn cron_job(name: &str) -> String {
    format!(
        "\
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {name}
  annotations:
    tidemark.dev/policy: \"semver:*\"
spec:
  schedule: \"17 3 * * *\"
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      backoffLimit: 2
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: report
              image: {IMAGE}/{name}:1.4.0
              imagePullPolicy: IfNotPresent
              command: [/bin/report, --since=24h]
              resources:
                requests: {{cpu: 50m, memory: 64Mi}}
"
    )
}

fn release(name: &str) -> String {
    format!(
        "\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: {name}
  namespace: flux-system
spec:
  interval: 10m
  targetNamespace: {name}
  chart:
    spec:
      chart: web
      version: \"3.1.x\"
      sourceRef:
        kind: HelmRepository
        name: charts
  install:
    remediation:
      retries: 3
  values:
    replicaCount: 3
    image:
      repository: {IMAGE}/{name}
      tag: 1.4.0
    ingress:
      enabled: true
      className: nginx
      hosts:
        - host: {name}.example.com
          paths:
            - path: /
              pathType: Prefix
    podDisruptionBudget:
      minAvailable: 1
    resources:
      requests:
        cpu: 100m
        memory: 128Mi
"
    )
}

fn overlay(name: &str) -> String {
    format!(
        "\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: {name}
resources:
  - ../../base
patches:
  - path: replicas.yaml
images:
  - name: web
    newName: {IMAGE}/{name}
    newTag: 1.4.0
"
    )
}

fn kustomization(name: &str) -> String {
    format!(
        "\
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: {name}
resources:
  - deployment.yaml
  - service.yaml
  - permissions.yaml
  - route.yaml
labels:
  - pairs:
      app.kubernetes.io/part-of: shop
    includeSelectors: false
configMapGenerator:
  - name: {name}-dashboards
    files:
      - dashboards/requests.json
"
    )
}

fn service(name: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: Service
metadata:
  name: {name}
  labels:
    app.kubernetes.io/name: {name}
    app.kubernetes.io/part-of: shop
  annotations:
    prometheus.io/scrape: \"true\"
    prometheus.io/port: \"9090\"
spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: {name}
  ports:
    - name: http
      port: 80
      targetPort: http
    - name: metrics
      port: 9090
      targetPort: metrics
"
    )
}

fn settings(name: &str) -> String {
    let mut text = format!(
        "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  application.yaml: |
    server: {{port: 8080, shutdown: graceful}}
    logging:
      format: json
"
    );
    for section in 0..48 {
        text.push_str(&format!(
            "    feature-{section:02}:\n      enabled: {}\n      rollout: {section}%\n      owner: {name}@example.com\n",
            section % 3 == 0
        ));
    }
    text
}

fn permissions(name: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
imagePullSecrets:
  - name: registry
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {name}
rules:
  - apiGroups: [\"\"]
    resources: [configmaps, secrets]
    verbs: [get, list, watch]
  - apiGroups: [coordination.k8s.io]
    resources: [leases]
    verbs: [get, create, update, patch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {name}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {name}
subjects:
  - kind: ServiceAccount
    name: {name}
"
    )
}

fn route(name: &str) -> String {
    format!(
        "\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {name}
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
    nginx.ingress.kubernetes.io/proxy-body-size: 8m
    nginx.ingress.kubernetes.io/configuration-snippet: |
      more_set_headers \"X-Frame-Options: DENY\";
      more_set_headers \"X-Content-Type-Options: nosniff\";
spec:
  ingressClassName: nginx
  tls:
    - hosts: [{name}.example.com]
      secretName: {name}-tls
  rules:
    - host: {name}.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {{service: {{name: {name}, port: {{name: http}}}}}}
"
    )
}

fn scaling(name: &str) -> String {
    format!(
        "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {name}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: {name}}}
  minReplicas: 2
  maxReplicas: 12
  metrics:
    - type: Resource
      resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 70}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {name}
spec:
  maxUnavailable: 1
  selector: {{matchLabels: {{app.kubernetes.io/name: {name}}}}}
"
    )
}

fn network(name: &str) -> String {
    format!(
        "\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {name}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: {name}
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: ingress-nginx
      ports:
        - {{protocol: TCP, port: http}}
"
    )
}

fn secrets(name: &str) -> String {
    format!(
        "\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: {name}
spec:
  refreshInterval: 1h
  secretStoreRef: {{kind: ClusterSecretStore, name: vault}}
  target:
    name: {name}
    creationPolicy: Owner
  data:
    - secretKey: database-url
      remoteRef: {{key: shop/{name}, property: database-url}}
    - secretKey: signing-key
      remoteRef: {{key: shop/{name}, property: signing-key}}
"
    )
}

/// A custom resource of an operator, which runs images that its users name.
fn definition(name: &str) -> String {
    let mut text = format!(
        "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: {name}s.example.com
spec:
  group: example.com
  names: {{kind: Thing, plural: {name}s}}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            image:
              description: What to run, from any registry that the cluster may pull from.
              type: string
"
    );
    for field in 0..44 {
        text.push_str(&format!(
            "            field{field:02}:
              description: |-
                The {field}th of the things that can be said. More info: https://example.com/docs/{field}
                Cannot be updated once set; defaults to what the cluster itself is told.
              properties:
                name: {{type: string}}
                optional: {{default: false, type: boolean}}
              required: [name]
              type: object
"
        ));
    }
    text
}
