//! What is said of files that are wrong.

mod sections;

use expect_test::{Expect, expect};

use super::read;

fn check(text: &str, expected: &Expect) {
    match read(text) {
        Ok(_) => expected.assert_eq("fine\n"),
        Err(problems) => expected.assert_eq(&format!("{problems}\n")),
    }
}

#[test]
fn what_yaml_takes_for_a_tag_needs_quotes() {
    check(
        "policies:\n  - {name: a, semver: !=1.2}\n  - {name: b, semver: \"*\", deny: [!a x]}\n",
        &expect![[r#"
            daemon.yaml:2:28: policies[0].semver: `!=1.2` is a tag in YAML; write the whole text in quotes
            daemon.yaml:3:38: policies[1].deny: `!a` is a tag in YAML; write the whole text in quotes
        "#]],
    );
}

#[test]
fn an_item_that_is_no_text_does_not_hide_other_problems() {
    check(
        "policies:\n  - {name: a, semver: \"*\", deny: [\"(\", [x], b]}\n  - {name: b, digest: a b}\n",
        &expect![[r#"
            daemon.yaml:2:36: policies[0].deny[0]: `(` is not a regular expression: this group is not closed; add `)`, or write `\(` for the bracket itself
            daemon.yaml:2:40: policies[0].deny[1]: a text is wanted here, not a list
            daemon.yaml:3:24: policies[1].digest: `a b` is not a tag: white space is not allowed (byte 1)
        "#]],
    );
}

#[test]
fn a_file_without_content_is_no_configuration() {
    check(
        "",
        &expect![[r#"
        daemon.yaml:1:1: the file is empty; write `{}` for a daemon that does nothing
    "#]],
    );
    check(
        "# only words\n",
        &expect![[r#"
        daemon.yaml:1:1: the file is empty; write `{}` for a daemon that does nothing
    "#]],
    );
    check(
        "---\n",
        &expect![[r#"
        daemon.yaml:1:1: the file is empty; write `{}` for a daemon that does nothing
    "#]],
    );
    check(
        "~",
        &expect![[r#"
        daemon.yaml:1:1: the file is empty; write `{}` for a daemon that does nothing
    "#]],
    );
    check(
        "{}",
        &expect![[r#"
        fine
    "#]],
    );
}

#[test]
fn a_file_is_one_mapping() {
    check(
        "- a\n",
        &expect![[r#"
        daemon.yaml:1:1: a mapping is wanted here, not a list
    "#]],
    );
    check(
        "text",
        &expect![[r#"
        daemon.yaml:1:1: a mapping is wanted here, not a text
    "#]],
    );
    check(
        "log: {}\n---\nlog: {}\n",
        &expect![[r#"
        daemon.yaml:2:1: a configuration is one document, and here a second one begins
    "#]],
    );
}

#[test]
fn what_is_no_yaml_has_its_place() {
    check(
        "http: {listen: \"a}\n",
        &expect![[r#"
        daemon.yaml:1:16: not valid YAML: unclosed quote
    "#]],
    );
    check(
        "http:\n\tlisten: x\n",
        &expect![[r#"
        daemon.yaml:2:2: not valid YAML: tabs disallowed within this context (block indentation)
    "#]],
    );
    check(
        "a: b: c\n",
        &expect![[r#"
            daemon.yaml:1:5: not valid YAML: mapping values are not allowed in this context; write the value in quotes: `a: "b: c"`
        "#]],
    );
    check(
        "http: *nowhere\n",
        &expect![[r#"
            daemon.yaml:1:7: not valid YAML: while parsing node, found unknown anchor; write the value in quotes: `http: "*nowhere"`
        "#]],
    );
}

/// Something wrong in every section.
const MANY: &str = r#"
http: {listen: localhost:3030, auth: {mode: token}}
log: {level: loud, format: jsn}
cluster: {enabled: true}
cache:
  memcached: {servers: ["memcached:11211"]}
  embedded: {maxSize: 64MB}
state: /var/lib/state
proxy: {noProxy: [".svc", 5]}
registries:
  defaults: {requestsPerSecond: 0, interval: 30, timeout: 1.5h, concurency: 8}
  hosts:
    - host: https://registry.example.com
      plainHttp: yes
    - host: registry.example.com:5000
      plainHttp: true
      tokenHosts: auth.example.com
      credentials: {username: ci, password: secret}
  ecr: {require: false}
policies:
  - {name: stable, semver: ">=1.0.0 <2.0.0", cooldown: 24h, verify: release-key}
  - {name: semver, semver: 1.10}
  - semver: "*"
rules:
  - match: {image: ""}
    policy: stabel
  - policy: {}
repositories:
  - name: fleet
    url: git@git.example.com:fleet.git
    push: {mode: pullRequest}
    commit: {author: Tidemark, signing: {format: ssh}}
webhooks: []
"#;

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    check(
        MANY,
        &expect![[r#"
            daemon.yaml:2:16: http.listen: an address to listen on is `IP:PORT`: `127.0.0.1:3030`, `0.0.0.0:3030`, `[::]:3030`
            daemon.yaml:2:38: http.auth.tokenFile: `mode: token` needs the file that holds the token
            daemon.yaml:3:14: log.level: `error`, `warn`, `info`, `debug` or `trace` is wanted here, not `loud`
            daemon.yaml:3:28: log.format: `text` or `json` is wanted here, not `jsn`; did you mean `json`?
            daemon.yaml:4:1: cluster: `cluster` is not supported by this release
            daemon.yaml:6:3: cache.memcached: `memcached` is not supported by this release
            daemon.yaml:7:23: cache.embedded.maxSize: a size is a whole number with one of the units `GiB`, `MiB`, `KiB`, `B`: `64MiB`
            daemon.yaml:8:8: state: a mapping is wanted here, not a text
            daemon.yaml:9:8: proxy.url: this key is missing
            daemon.yaml:9:27: proxy.noProxy[1]: a text is wanted here, not a number; write it in quotes: "5"
            daemon.yaml:11:33: registries.defaults.requestsPerSecond: a whole number from 1 to 10000 is wanted here, not 0
            daemon.yaml:11:46: registries.defaults.interval: a duration needs a unit: write `30s`, `30m` or `30h`
            daemon.yaml:11:59: registries.defaults.timeout: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
            daemon.yaml:11:65: registries.defaults.concurency: unknown key; did you mean `concurrency`?
            daemon.yaml:13:13: registries.hosts[0].host: a host is written without `https://`, and with `plainHttp: true` instead of `http://`
            daemon.yaml:14:18: registries.hosts[0].plainHttp: `true` or `false` is wanted here, not `yes`
            daemon.yaml:17:19: registries.hosts[1].tokenHosts: a list is wanted here, not a text
            daemon.yaml:18:20: registries.hosts[1].credentials.passwordFile: this key is missing
            daemon.yaml:18:35: registries.hosts[1].credentials.password: unknown key
            daemon.yaml:21:46: policies[0].cooldown: `cooldown` is not supported by this release
            daemon.yaml:21:61: policies[0].verify: `verify` is not supported by this release
            daemon.yaml:22:12: policies[1].name: `semver` is a kind of policy, so it cannot be the name of one
            daemon.yaml:22:28: policies[1].semver: a text is wanted here, not a number; write it in quotes: "1.10"
            daemon.yaml:23:5: policies[2].name: this key is missing
            daemon.yaml:25:20: rules[0].match.image: a pattern must not be empty; `*` fits everything
            daemon.yaml:26:13: rules[0].policy: there is no policy named `stabel`; did you mean `stable`?
            daemon.yaml:27:5: rules[1].match: this key is missing
            daemon.yaml:27:13: rules[1].policy: the policy names no kind (it is empty); add one, as in `semver: "*"`
            daemon.yaml:30:10: repositories[0].url: scp-like addresses are not read: write `ssh://git@git.example.com/fleet.git`
            daemon.yaml:31:18: repositories[0].push.mode: `pullRequest` is not supported by this release
            daemon.yaml:32:22: repositories[0].commit.author: an author is written `NAME <EMAIL>`
            daemon.yaml:32:32: repositories[0].commit.signing: `signing` is not supported by this release
            daemon.yaml:33:1: webhooks: `webhooks` is not supported by this release
        "#]],
    );
}

#[test]
fn an_unknown_key_is_a_slip_that_is_understood() {
    check(
        "htpp: {}",
        &expect![[r#"
        daemon.yaml:1:1: htpp: unknown key; did you mean `http`?
    "#]],
    );
    check(
        "registries: {defaults: {min_interval: 1s}}",
        &expect![[r#"
        daemon.yaml:1:25: registries.defaults.min_interval: unknown key; did you mean `minInterval`?
    "#]],
    );
    check(
        "somethingElse: 1",
        &expect![[r#"
        daemon.yaml:1:1: somethingElse: unknown key
    "#]],
    );
    check(
        "[1]: 2",
        &expect![[r#"
        daemon.yaml:1:1: ?: unknown key
    "#]],
    );
    check(
        "5: 2",
        &expect![[r#"
        daemon.yaml:1:1: 5: unknown key
    "#]],
    );
    check(
        "base: &base {level: info}\nlog: {<<: *base}",
        &expect![[r#"
        daemon.yaml:1:1: base: unknown key
        daemon.yaml:2:7: log.<<: merge keys are not read; repeat the keys, or give the whole value an anchor
    "#]],
    );
}

#[test]
fn an_anchor_may_be_used_twice() {
    check(
        "policies: [{name: a, semver: &range \"1.x\"}, {name: b, semver: *range}]",
        &expect![[r#"
            fine
        "#]],
    );
}

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

#[test]
fn a_key_stands_once() {
    check(
        "log: {level: info}\nlog: {level: debug}\n",
        &expect![[r#"
        daemon.yaml:2:1: log: this key is given twice
    "#]],
    );
    check(
        "log:\n  level: info\n  \"level\": debug\n",
        &expect![[r#"
        daemon.yaml:3:3: log.level: this key is given twice
    "#]],
    );
}

#[test]
fn a_type_is_what_it_is() {
    check(
        "http: []",
        &expect![[r#"
        daemon.yaml:1:7: http: a mapping is wanted here, not a list
    "#]],
    );
    check(
        "http: 5",
        &expect![[r#"
        daemon.yaml:1:7: http: a mapping is wanted here, not a number
    "#]],
    );
    check(
        "http:\nlog:\n",
        &expect![[r#"
        fine
    "#]],
    );
    check(
        "http: {listen: []}",
        &expect![[r#"
        daemon.yaml:1:16: http.listen: a text is wanted here, not a list
    "#]],
    );
    check(
        "registries: {exclude: \"*\"}",
        &expect![[r#"
        daemon.yaml:1:23: registries.exclude: a list is wanted here, not a text
    "#]],
    );
    check(
        "registries: {exclude: [5, true, ~, {}, \"ok\"]}",
        &expect![[r#"
        daemon.yaml:1:24: registries.exclude[0]: a text is wanted here, not a number; write it in quotes: "5"
        daemon.yaml:1:27: registries.exclude[1]: a text is wanted here, not a boolean; write it in quotes: "true"
        daemon.yaml:1:33: registries.exclude[2]: a text is wanted here, not nothing
        daemon.yaml:1:36: registries.exclude[3]: a text is wanted here, not a mapping
    "#]],
    );
    check(
        "registries: {hosts: [~, 5]}",
        &expect![[r#"
        daemon.yaml:1:22: registries.hosts[0]: a mapping is wanted here, not nothing
        daemon.yaml:1:25: registries.hosts[1]: a mapping is wanted here, not a number
    "#]],
    );
    check(
        "registries: {defaults: {burst: many, concurrency: 1.5, requestsPerSecond: -1}}",
        &expect![[r#"
            daemon.yaml:1:32: registries.defaults.burst: a whole number is wanted here, not `many`
            daemon.yaml:1:51: registries.defaults.concurrency: a whole number is wanted here, not `1.5`
            daemon.yaml:1:75: registries.defaults.requestsPerSecond: a whole number from 1 to 10000 is wanted here, not -1
        "#]],
    );
    check(
        "registries: {defaults: {burst: 99999999999999999999999999, concurrency: \"8\"}}",
        &expect![[r#"
            daemon.yaml:1:32: registries.defaults.burst: a whole number from 1 to 10000 is wanted here, not 99999999999999999999999999
            daemon.yaml:1:73: registries.defaults.concurrency: a whole number is wanted here, not a text; write it without quotes: 8
        "#]],
    );
}

#[test]
fn quotes_and_lists_are_seen() {
    check(
        "registries: {hosts: [{host: a.example, plainHttp: \"true\"}]}",
        &expect![[r#"
            daemon.yaml:1:51: registries.hosts[0].plainHttp: `true` or `false` is wanted here, not a text; write it without quotes: true
        "#]],
    );
    check(
        "rules: [{match: {}, policy: []}]",
        &expect![[r#"
        daemon.yaml:1:29: rules[0].policy: a text or a mapping is wanted here, not a list
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

#[test]
fn very_many_problems_are_cut_short() {
    let text = format!("rules: [{}]", "5, ".repeat(2000));
    let said = read(&text).unwrap_err().to_string();
    assert_eq!(said.lines().count(), 501);
    expect!["daemon.yaml: and more; these are the first 500 that were found"].assert_eq(said.lines().last().unwrap());
    check(
        &format!("rules: [{}]", "5, ".repeat(20_000)),
        &expect![[r#"
        daemon.yaml:1:8: rules: a list has at most 10000 items
    "#]],
    );
}

#[test]
fn many_aliases_of_one_slip_take_no_time() {
    let item = "{name: a, url: nothing, branch: a..b}";
    let text = format!("repositories: [&a {item}, {}]", "*a, ".repeat(9000));
    assert!(read(&text).is_err());
}

#[test]
fn a_hostile_file_is_only_a_bad_one() {
    check(
        "\u{1b}[31m: 1\n",
        &expect![[r#"
        daemon.yaml:1:1: not valid YAML: unexpected character: `\u{1b}'
    "#]],
    );
    check(
        &format!("{}: 1\n", "k".repeat(300)),
        &expect![[r#"
        daemon.yaml:1:1: kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…: unknown key
    "#]],
    );
    check(
        &format!("http: {}", "[".repeat(300)),
        &expect![[r#"
        daemon.yaml:1:306: not valid YAML: unclosed bracket '['
    "#]],
    );
    check(
        &"#".repeat(2 << 20),
        &expect![[r#"
        daemon.yaml:1:1: the file is larger than 1 MiB
    "#]],
    );
}

#[test]
fn what_is_no_utf_8_has_a_line() {
    let problems = super::parse(
        "f",
        b"log: {}\nhttp: \xff",
        super::Path::new("/"),
        &super::environment(),
    )
    .unwrap_err();
    expect!["f:2:1: the file is not UTF-8"].assert_eq(&problems.to_string());
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    check(
        "\u{feff}log:\r\n  level: warn\r\n",
        &expect![[r#"
        fine
    "#]],
    );
    check(
        "\u{feff}log:\r\n  level: loud\r\n",
        &expect![[r#"
        daemon.yaml:2:10: log.level: `error`, `warn`, `info`, `debug` or `trace` is wanted here, not `loud`
    "#]],
    );
}
