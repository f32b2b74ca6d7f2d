//! What is said of files that are wrong.

use expect_test::{Expect, expect};

use super::read;

fn check(text: &str, expected: &Expect) {
    match read(text) {
        Ok(_) => expected.assert_eq("fine\n"),
        Err(problems) => expected.assert_eq(&format!("{problems}\n")),
    }
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
        daemon.yaml:1:5: not valid YAML: mapping values are not allowed in this context
    "#]],
    );
    check(
        "http: *nowhere\n",
        &expect![[r#"
        daemon.yaml:1:7: not valid YAML: while parsing node, found unknown anchor
    "#]],
    );
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_file() {
    check(
        r#"
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
"#,
        &expect![[r#"
            daemon.yaml:2:16: http.listen: an address to listen on is `IP:PORT`: `127.0.0.1:3030`, `0.0.0.0:3030`, `[::]:3030`
            daemon.yaml:2:45: http.auth.mode: `token` is not supported by this release
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
            daemon.yaml:13:13: registries.hosts[0].host: `https://registry.example.com` is not a registry: the registry's port must be a number from 1 to 65535, without leading zeros (byte 6)
            daemon.yaml:14:18: registries.hosts[0].plainHttp: `true` or `false` is wanted here, not `yes`
            daemon.yaml:17:19: registries.hosts[1].tokenHosts: a list is wanted here, not a text
            daemon.yaml:18:20: registries.hosts[1].credentials.passwordFile: this key is missing
            daemon.yaml:18:35: registries.hosts[1].credentials.password: unknown key
            daemon.yaml:19:3: registries.ecr: `ecr` is not supported by this release
            daemon.yaml:21:46: policies[0].cooldown: `cooldown` is not supported by this release
            daemon.yaml:21:61: policies[0].verify: `verify` is not supported by this release
            daemon.yaml:22:12: policies[1].name: `semver` is a kind of policy, so it cannot be the name of one
            daemon.yaml:22:28: policies[1].semver: a text is wanted here, not a number; write it in quotes: "1.10"
            daemon.yaml:23:5: policies[2].name: this key is missing
            daemon.yaml:25:20: rules[0].match.image: a pattern must not be empty; `*` fits everything
            daemon.yaml:26:13: rules[0].policy: there is no policy named `stabel`; did you mean `stable`?
            daemon.yaml:27:5: rules[1].match: this key is missing
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
policies: [{name: a, semver: "*", cooldown: 24h}, {name: b, calver: YYYY.0M.0D}, {name: c, newest: }]
rules: [{match: {}, policy: {semver: "*", verify: key}}, {match: {}, policy: "glob:*"}]
repositories: [{name: a, url: "file:///a.git", push: {pullRequest: {}}, commit: {signing: {}}}]
verification: []
webhooks: []
notifications: []
"#,
        &expect![[r#"
            daemon.yaml:2:21: http.auth.mode: `kubernetes` is not supported by this release
            daemon.yaml:3:1: cluster: `cluster` is not supported by this release
            daemon.yaml:4:14: registries.ecr: `ecr` is not supported by this release
            daemon.yaml:4:23: registries.google: `google` is not supported by this release
            daemon.yaml:4:48: registries.azure: `azure` is not supported by this release
            daemon.yaml:5:35: policies[0].cooldown: `cooldown` is not supported by this release
            daemon.yaml:5:69: policies[1].calver: this kind of policy is not supported by this release; `semver` and `digest` are
            daemon.yaml:5:98: policies[2].newest: this kind of policy is not supported by this release; `semver` and `digest` are
            daemon.yaml:6:43: rules[0].policy.verify: `verify` is not supported by this release; it will stand in `policies` only
            daemon.yaml:6:78: rules[1].policy: glob: this kind of policy is not supported by this release; `semver` and `digest` are
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
            daemon.yaml:1:73: registries.defaults.concurrency: a whole number is wanted here, not `8`
        "#]],
    );
    check(
        "registries: {hosts: [{host: a.example, plainHttp: \"true\"}]}",
        &expect![[r#"
            daemon.yaml:1:51: registries.hosts[0].plainHttp: `true` or `false` is wanted here, not `true`
        "#]],
    );
    check(
        "rules: [{match: {}, policy: []}]",
        &expect![[r#"
        daemon.yaml:1:29: rules[0].policy: a text or a mapping is wanted here, not a list
    "#]],
    );
}

#[test]
fn durations_and_sizes_have_units() {
    check(
        "registries: {defaults: {interval: 5, timeout: \"5\", minInterval: 0s}}",
        &expect![[r#"
            daemon.yaml:1:35: registries.defaults.interval: a duration needs a unit: write `5s`, `5m` or `5h`
            daemon.yaml:1:47: registries.defaults.timeout: a duration needs a unit: write `5s`, `5m` or `5h`
            daemon.yaml:1:65: registries.defaults.minInterval: a duration here is longer than nothing
        "#]],
    );
    check(
        "cache: {embedded: {maxSize: 1024}}",
        &expect![[r#"
        daemon.yaml:1:29: cache.embedded.maxSize: a size needs a unit: write `1024MiB`, `1024KiB` or `1024B`
    "#]],
    );
    check(
        "registries: {defaults: {interval: 1h30m, timeout: 2d}}",
        &expect![[r#"
        daemon.yaml:1:51: registries.defaults.timeout: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
    "#]],
    );
}

#[test]
fn hosts_are_hosts() {
    check(
        "registries: {hosts: [{host: \"a.example/team\"}, {host: \"a b\"}, {host: \"\"}, {host: \"a.example:0\"}]}",
        &expect![[r#"
            daemon.yaml:1:29: registries.hosts[0].host: `a.example/team` is not a registry: `/` is not allowed in a part of the registry's host (byte 9)
            daemon.yaml:1:55: registries.hosts[1].host: `a b` is not a registry: ` ` is not allowed in a part of the registry's host (byte 1)
            daemon.yaml:1:70: registries.hosts[2].host: `` is not a registry: it is empty (byte 0)
            daemon.yaml:1:82: registries.hosts[3].host: `a.example:0` is not a registry: the registry's port must be a number from 1 to 65535, without leading zeros (byte 10)
        "#]],
    );
    check(
        "registries: {hosts: [{host: a.example, tokenHosts: [\"https://b.example\", \"user@c.example\", \"d.example:443\"]}]}",
        &expect![[r#"
            daemon.yaml:1:53: registries.hosts[0].tokenHosts[0]: `https://b.example` is no HOST[:PORT]: a port is a number from 1 to 65535
            daemon.yaml:1:74: registries.hosts[0].tokenHosts[1]: `user@c.example` is no HOST[:PORT]: it holds a character that no host name has
        "#]],
    );
    check(
        "registries: {hosts: [{host: docker.io}, {host: A.example}, {host: index.docker.io}, {host: a.EXAMPLE}]}",
        &expect![[r#"
            daemon.yaml:1:67: registries.hosts[2].host: `index.docker.io` is taken by registries.hosts[0]
            daemon.yaml:1:92: registries.hosts[3].host: `a.EXAMPLE` is taken by registries.hosts[1]
        "#]],
    );
}

#[test]
fn a_password_over_plain_http_needs_its_own_word() {
    let host = |keys: &str| {
        format!(
            "registries: {{hosts: [{{host: \"a.example:5000\", credentials: {{username: u, passwordFile: p}}{keys}}}]}}"
        )
    };
    check(
        &host(", plainHttp: true"),
        &expect![[r#"
        daemon.yaml:1:22: registries.hosts[0].plainHttpCredentials: the credentials would go over plain HTTP, readable for everybody on the way; write `plainHttpCredentials: true` to allow that
    "#]],
    );
    check(
        &host(", plainHttp: true, plainHttpCredentials: false"),
        &expect![[r#"
        daemon.yaml:1:131: registries.hosts[0].plainHttpCredentials: the credentials would go over plain HTTP, readable for everybody on the way; write `plainHttpCredentials: true` to allow that
    "#]],
    );
    check(
        &host(", plainHttp: true, plainHttpCredentials: 1"),
        &expect![[r#"
        daemon.yaml:1:131: registries.hosts[0].plainHttpCredentials: `true` or `false` is wanted here, not `1`
    "#]],
    );
    check(
        &host(", plainHttp: true, plainHttpCredentials: true"),
        &expect![[r#"
        fine
    "#]],
    );
    check(
        &host(""),
        &expect![[r#"
        fine
    "#]],
    );
    check(
        "registries: {hosts: [{host: a.example, credentials: {username: \"a:b\", password: x}}]}",
        &expect![[r#"
            daemon.yaml:1:53: registries.hosts[0].credentials.passwordFile: this key is missing
            daemon.yaml:1:64: registries.hosts[0].credentials.username: a user name holds no colon: HTTP Basic ends it there
            daemon.yaml:1:71: registries.hosts[0].credentials.password: unknown key
        "#]],
    );
}

#[test]
fn a_proxy_has_an_address_without_a_password() {
    check(
        "proxy: {url: \"http://user:hunter2@proxy:3128\"}",
        &expect![[r#"
        daemon.yaml:1:14: proxy.url: a user and a password for the proxy are not supported by this release
    "#]],
    );
    check(
        "proxy: {url: \"ftp://proxy\"}",
        &expect![[r#"
        daemon.yaml:1:14: proxy.url: the address of a proxy is `http://HOST:PORT`, `https://HOST:PORT` or `socks5://HOST:PORT`
    "#]],
    );
    check(
        "proxy: {url: \"proxy:3128\"}",
        &expect![[r#"
        daemon.yaml:1:14: proxy.url: the address of a proxy is `http://HOST:PORT`, `https://HOST:PORT` or `socks5://HOST:PORT`
    "#]],
    );
    check(
        "proxy: {url: \"socks5://proxy:1080\", noProxy: [\"a,b\"]}",
        &expect![[r#"
            daemon.yaml:1:47: proxy.noProxy[0]: a host without proxy is a name, a `.suffix`, an address, or a network such as `10.0.0.0/8`
        "#]],
    );
}

#[test]
fn policies_are_policies() {
    check(
        r#"
policies:
  - {name: two, semver: "*", digest: latest}
  - {name: none}
  - {name: range, semver: ">>1"}
  - {name: number, semver: 1.10}
  - {name: option, semver: "*", pin: sometimes, allowDowngrade: "yes", deny: ["["]}
  - {name: kind, sember: "*"}
  - {name: range, semver: "*"}
  - {name: digest, digest: x}
  - {name: "not good", semver: "*"}
"#,
        &expect![[r#"
            daemon.yaml:3:38: policies[0].digest: a policy has one kind, not both `semver` and `digest`
            daemon.yaml:4:5: policies[1]: the policy names no kind (it is empty); add one, as in `semver: "*"`
            daemon.yaml:5:27: policies[2].semver: `>>1` is not a range: `>>` is no operator; there are = != > >= < <= ~ ^ (byte 0)
            daemon.yaml:6:28: policies[3].semver: a text is wanted here, not a number; write it in quotes: "1.10"
            daemon.yaml:7:65: policies[4].allowDowngrade: `true` or `false` is wanted here, not `yes`
            daemon.yaml:7:79: policies[4].deny[0]: `[` is not a regular expression: unclosed character class
            daemon.yaml:8:18: policies[5].sember: unknown key; did you mean `semver`?
            daemon.yaml:9:12: policies[6].name: `range` is taken by policies[2]
            daemon.yaml:10:12: policies[7].name: `digest` is a kind of policy, so it cannot be the name of one
            daemon.yaml:11:12: policies[8].name: a name is letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit
        "#]],
    );
}

#[test]
fn rules_name_what_is_there() {
    check(
        r#"
policies: [{name: stable, semver: "1.x"}, {name: broken, semver: "1.y"}]
rules:
  - {match: {}, policy: stable}
  - {match: {}, policy: stabel}
  - {match: {}, policy: broken}
  - {match: {}, policy: "semver:1.y"}
  - {match: {}, policy: {semver: "1.y"}}
  - {match: {}, policy: '{"semver": "1.x", "semver": "2.x"}'}
  - {match: {}, policy: "semver"}
  - {match: {repository: fleet, path: /a}, policy: "semver:*"}
  - {match: {repository: "fl*"}, policy: "semver:*"}
  - {match: {labels: {}}, policy: "semver:*"}
  - {policy: stable}
  - {match: {}}
  - {match: , policy: }
"#,
        &expect![[r#"
            daemon.yaml:2:66: policies[1].semver: `1.y` is not a range: `1.y` is no version; write one to three numbers joined by dots, then perhaps `-` and a pre-release (byte 0)
            daemon.yaml:5:25: rules[1].policy: there is no policy named `stabel`; did you mean `stable`?
            daemon.yaml:7:25: rules[3].policy: semver: `1.y` is not a range: `1.y` is no version; write one to three numbers joined by dots, then perhaps `-` and a pre-release (byte 0)
            daemon.yaml:8:34: rules[4].policy.semver: `1.y` is not a range: `1.y` is no version; write one to three numbers joined by dots, then perhaps `-` and a pre-release (byte 0)
            daemon.yaml:9:25: rules[5].policy: line 1, column 19: `semver` is given twice
            daemon.yaml:11:26: rules[7].match.repository: there is no repository named `fleet`
            daemon.yaml:11:39: rules[7].match.path: a path within a repository does not begin with `/`
            daemon.yaml:13:14: rules[9].match.labels: unknown key
            daemon.yaml:14:5: rules[10].match: this key is missing
            daemon.yaml:15:5: rules[11].policy: this key is missing
            daemon.yaml:16:11: rules[12].match: a mapping is wanted here, not nothing
            daemon.yaml:16:21: rules[12].policy: a text is wanted here, not nothing
        "#]],
    );
}

#[test]
fn a_login_fits_its_address() {
    check(
        r#"
repositories:
  - {name: a, url: "ssh://git@a.example/a.git"}
  - {name: b, url: "ssh://git@a.example/b.git", auth: {sshKeyFile: k}}
  - {name: c, url: "ssh://git@a.example/c.git", auth: {username: u, passwordFile: p}}
  - {name: d, url: "https://a.example/d.git", auth: {sshKeyFile: k, knownHostsFile: h}}
  - {name: e, url: "https://a.example/e.git", auth: {username: u}}
  - {name: f, url: "https://a.example/f.git", auth: {username: u, passwordFile: p, tokenFile: t}}
  - {name: g, url: "file:///srv/g.git", auth: {tokenFile: t}}
  - {name: h, url: "https://a.example/h.git", auth: {password: hunter2}}
  - {name: i, url: "https://user:hunter2@a.example/i.git"}
"#,
        &expect![[r#"
            daemon.yaml:3:5: repositories[0].auth: an `ssh://` address needs `sshKeyFile` and `knownHostsFile`, and nothing else
            daemon.yaml:4:55: repositories[1].auth: an `ssh://` address needs `sshKeyFile` and `knownHostsFile`, and nothing else
            daemon.yaml:5:55: repositories[2].auth: an `ssh://` address needs `sshKeyFile` and `knownHostsFile`, and nothing else
            daemon.yaml:6:53: repositories[3].auth: an `https://` or `http://` address takes `username` with `passwordFile`, or `tokenFile`, and nothing else
            daemon.yaml:7:53: repositories[4].auth: an `https://` or `http://` address takes `username` with `passwordFile`, or `tokenFile`, and nothing else
            daemon.yaml:8:53: repositories[5].auth: an `https://` or `http://` address takes `username` with `passwordFile`, or `tokenFile`, and nothing else
            daemon.yaml:9:47: repositories[6].auth: a `file://` address takes no login
            daemon.yaml:10:54: repositories[7].auth.password: unknown key
            daemon.yaml:11:20: repositories[8].url: the address holds a user or a password: move them to the repository's `auth`
        "#]],
    );
}

#[test]
fn no_two_repositories_are_the_same() {
    check(
        r#"
repositories:
  - {name: a, url: "https://a.example/fleet.git"}
  - {name: b, url: "https://A.example:443/fleet/"}
  - {name: c, url: "https://a.example/fleet.git", branch: staging}
  - {name: a, url: "https://b.example/fleet.git"}
  - {name: d, url: "file:///srv/fleet"}
  - {name: e, url: "file:///srv/fleet.git"}
  - {name: f, url: "file:///srv/fleet.git/", branch: main}
  - {name: f, url: "nothing"}
"#,
        &expect![[r#"
            daemon.yaml:4:20: repositories[1].url: branch `main` of this address is repositories[0] already; two would undo each other's work
            daemon.yaml:6:12: repositories[3].name: `a` is taken by repositories[0]
            daemon.yaml:9:20: repositories[6].url: branch `main` of this address is repositories[5] already; two would undo each other's work
            daemon.yaml:10:12: repositories[7].name: `f` is taken by repositories[6]
            daemon.yaml:10:20: repositories[7].url: the address has no scheme: write `file://`, `https://`, `http://` or `ssh://` before it
        "#]],
    );
}

#[test]
fn repositories_are_complete() {
    check(
        "repositories: [{}, {name: a}, {url: \"file:///a.git\"}, {name: \"a b\", url: x, branch: \"a..b\", paths: [/a, ../b, \"\"], interval: never}]",
        &expect![[r#"
            daemon.yaml:1:16: repositories[0].name: this key is missing
            daemon.yaml:1:16: repositories[0].url: this key is missing
            daemon.yaml:1:20: repositories[1].url: this key is missing
            daemon.yaml:1:31: repositories[2].name: this key is missing
            daemon.yaml:1:62: repositories[3].name: a name is letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit
            daemon.yaml:1:74: repositories[3].url: the address has no scheme: write `file://`, `https://`, `http://` or `ssh://` before it
            daemon.yaml:1:85: repositories[3].branch: the name of a branch holds `..` or `@{`
            daemon.yaml:1:101: repositories[3].paths[0]: a path within a repository does not begin with `/`; leave `paths` out for the whole tree
            daemon.yaml:1:105: repositories[3].paths[1]: a path within a repository has no `.`, no `..` and no empty part
            daemon.yaml:1:111: repositories[3].paths[2]: name a folder or a file; leave `paths` out for the whole tree
            daemon.yaml:1:126: repositories[3].interval: a duration is whole numbers with the units `h`, `m`, `s`, `ms`, the largest first: `30s`, `5m`, `1h30m`
        "#]],
    );
    check(
        "repositories: [{name: a, url: \"file:///a.git\", commit: {author: me, message: \"{title}\"}}]",
        &expect![[r#"
            daemon.yaml:1:65: repositories[0].commit.author: an author is written `NAME <EMAIL>`
            daemon.yaml:1:78: repositories[0].commit.message: `{title}` is no placeholder; there are `{summary}`, `{changes}`, `{count}`, `{repository}`, `{branch}`
        "#]],
    );
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
