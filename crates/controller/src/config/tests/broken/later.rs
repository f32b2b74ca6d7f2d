//! What is said of parts that later releases have.

use expect_test::expect;

use super::check;

#[test]
fn what_later_releases_know_is_refused_by_name() {
    check(
        r#"
http: {auth: {mode: kubernetes}}
cluster: {enabled: false}
registries: {ecr: {}, google: {enabled: auto}, azure: {enabled: auto}}
policies: [{name: a, semver: "*", cooldown: 24h}, {name: b, calver: YYYY.0M.0D}]
rules: [{match: {}, policy: {semver: "*", verify: key}}]
repositories: [{name: a, url: "file:///a.git", push: {pullRequest: {}}, commit: {signing: {}}}]
verification: []
webhooks: []
notifications: []
"#,
        &expect![[r#"
            daemon.yaml:2:21: http.auth.mode: `kubernetes` is not supported by this release
            daemon.yaml:3:1: cluster: `cluster` is not supported by this release
            daemon.yaml:5:35: policies[0].cooldown: `cooldown` is not supported by this release
            daemon.yaml:6:43: rules[0].policy.verify: `verify` is not supported by this release; it will stand in `policies` only
            daemon.yaml:7:55: repositories[0].push.pullRequest: `pullRequest` is not supported by this release
            daemon.yaml:7:82: repositories[0].commit.signing: `signing` is not supported by this release
            daemon.yaml:8:1: verification: `verification` is not supported by this release
            daemon.yaml:9:1: webhooks: `webhooks` is not supported by this release
            daemon.yaml:10:1: notifications: `notifications` is not supported by this release
        "#]],
    );
    check(
        "http: {auth: {mode: none}}\nrepositories: [{name: a, url: \"file:///a.git\", push: {mode: commit}}]",
        &expect![[r#"
            fine
        "#]],
    );
}

/// The example of the design, whose later parts this release does not have.
const DESIGN: &str = r#"
http: {listen: "127.0.0.1:3030", auth: {mode: none}}
log: {level: info, format: text}
cluster: {enabled: true, namespaces: []}
cache:
  memcached: {servers: ["memcached:11211"], srv: null, timeout: 1s}
state: {file: /var/lib/tidemark/state}
mirrors: /var/lib/tidemark/mirrors
proxy: {url: "http://proxy:3128", noProxy: [".svc"]}
registries:
  defaults: {requestsPerSecond: 20, burst: 10, concurrency: 8, timeout: 30s, interval: 5m, minInterval: 30s, suspect: {scans: 3, span: 10m}}
  hosts:
    - host: registry.example.com:5000
      plainHttp: true
      plainHttpCredentials: true
      caFile: /etc/tidemark/ca.pem
      tokenHosts: [auth.example.com]
      credentials: {username: ci, passwordFile: /etc/tidemark/password}
  exclude: ["registry.k8s.io/*"]
  dockerConfig: /etc/tidemark/docker/config.json
  ecr: {regions: [], includeAccounts: [], excludeAccounts: ["602401143452"], require: false}
  google: {enabled: auto}
  azure: {enabled: auto}
policies:
  - {name: stable, semver: ">=1.0.0 <2.0.0", cooldown: 24h, verify: release-key}
rules:
  - {match: {repository: fleet, path: "clusters/**", namespace: "apps", kind: Deployment, container: "*", image: "ghcr.io/acme/*"}, policy: stable}
repositories:
  - name: fleet
    url: ssh://git@git.example.com/fleet.git
    branch: main
    paths: [clusters/prod]
    interval: 1m
    auth: {sshKeyFile: /etc/tidemark/ssh/id_ed25519, knownHostsFile: /etc/tidemark/ssh/known_hosts}
    caFile: /etc/tidemark/git-ca.pem
    commit: {author: "Tidemark <tidemark@example.com>", signing: {format: ssh, keyFile: x}, message: "…template…"}
    push: {mode: commit}
verification: [{name: release-key, cosign: {keyFile: /etc/tidemark/cosign.pub}}]
webhooks: [{name: hub, kind: dockerhub, secretFile: x}]
notifications: [{name: ops, kind: slack, urlFile: x}]
"#;

#[test]
fn of_the_designs_example_only_the_later_parts_are_refused() {
    check(
        DESIGN,
        &expect![[r#"
            daemon.yaml:4:1: cluster: `cluster` is not supported by this release
            daemon.yaml:6:3: cache.memcached: `memcached` is not supported by this release
            daemon.yaml:25:46: policies[0].cooldown: `cooldown` is not supported by this release
            daemon.yaml:25:61: policies[0].verify: `verify` is not supported by this release
            daemon.yaml:36:57: repositories[0].commit.signing: `signing` is not supported by this release
            daemon.yaml:38:1: verification: `verification` is not supported by this release
            daemon.yaml:39:1: webhooks: `webhooks` is not supported by this release
            daemon.yaml:40:1: notifications: `notifications` is not supported by this release
        "#]],
    );
}
