//! What is said of files that are wrong.

mod later;
mod sections;
mod types;
mod yaml;

use expect_test::{Expect, expect};

use super::read;

fn check(text: &str, expected: &Expect) {
    match read(text) {
        Ok(_) => expected.assert_eq("fine\n"),
        Err(problems) => expected.assert_eq(&format!("{problems}\n")),
    }
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
