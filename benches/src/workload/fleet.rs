//! A repository of services, a file each.

/// The path and the text of each file: `count` Deployments of 1.6 kB in folders of a hundred.
///
/// `image` says what a service runs, `REGISTRY/REPOSITORY:TAG`.
pub fn files(count: usize, image: impl Fn(usize) -> String) -> Vec<(String, String)> {
    (0..count)
        .map(|number| {
            let path = format!("clusters/production/team-{:03}/service-{number:05}.yaml", number / 100);
            (path, service(number, &image(number)))
        })
        .collect()
}

/// One service, as its team keeps it.
pub(super) fn service(number: usize, image: &str) -> String {
    let team = number / 100;
    format!(
        "\
# service-{number:05} of team {team}. The runbook is in the wiki under the same name; ask the team before you scale it.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: service-{number:05}
  namespace: team-{team:03}
  labels:
    app.kubernetes.io/name: service-{number:05}
    app.kubernetes.io/part-of: shop
    app.kubernetes.io/managed-by: git
  annotations:
    tidemark.dev/policy: \"semver:*\"
    example.com/owner: team-{team:03}@example.com
spec:
  replicas: {replicas}
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: service-{number:05}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: service-{number:05}
    spec:
      serviceAccountName: service-{number:05}
      securityContext: {{runAsNonRoot: true, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
        - name: service
          image: {image}  # moved by the robot
          args:
            - --listen=:8080
            - --log-format=json
          env:
            - name: GOMAXPROCS
              value: \"2\"
            - name: DATABASE_URL
              valueFrom: {{secretKeyRef: {{name: service-{number:05}, key: database-url}}}}
          ports:
            - {{name: http, containerPort: 8080}}
          livenessProbe:
            httpGet: {{path: /livez, port: http}}
            periodSeconds: 20
            failureThreshold: 6
          readinessProbe:
            httpGet: {{path: /healthz, port: http}}
            periodSeconds: 5
          resources:
            requests: {{cpu: 100m, memory: 128Mi}}
            limits: {{memory: 256Mi}}
      topologySpreadConstraints:
        - {{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway}}
",
        replicas = number % 5 + 1,
    )
}
