//! What is said of single sections.

use expect_test::expect;

use super::check;

#[test]
fn a_token_has_its_file_and_its_mode() {
    check(
        "http: {auth: {mode: token}}",
        &expect![[r#"
            daemon.yaml:1:14: http.auth.tokenFile: `mode: token` needs the file that holds the token
        "#]],
    );
    check(
        "http: {auth: {tokenFile: token}}",
        &expect![[r#"
            daemon.yaml:1:26: http.auth.tokenFile: a token is only looked at with `mode: token`
        "#]],
    );
    check(
        "http: {auth: {mode: none, tokenFile: token}}",
        &expect![[r#"
            daemon.yaml:1:38: http.auth.tokenFile: a token is only looked at with `mode: token`
        "#]],
    );
    check(
        "http: {auth: {mode: token, tokenFile: \"\"}}",
        &expect![[r#"
            daemon.yaml:1:39: http.auth.tokenFile: a path must not be empty
        "#]],
    );
    check(
        "http: {auth: {mode: tokn, token: sesame}}",
        &expect![[r#"
            daemon.yaml:1:21: http.auth.mode: `none` or `token` is wanted here, not `tokn`; did you mean `token`?
            daemon.yaml:1:27: http.auth.token: unknown key
        "#]],
    );
    check(
        "http: {auth: {mode: token, tokenFile: token}}",
        &expect![[r#"
        fine
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
            daemon.yaml:1:53: registries.hosts[0].tokenHosts[0]: a host is written without `https://`, and with `plainHttp: true` instead of `http://`
            daemon.yaml:1:74: registries.hosts[0].tokenHosts[1]: a host is written without a user; the user and the password belong in `credentials`
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
fn a_helper_is_named_as_docker_names_it() {
    check(
        "registries: {credentialHelpers: [ecr-login, docker-credential-gcr, ../../x, \"x; rm\", -x, \"\", 5]}",
        &expect![[r#"
            daemon.yaml:1:45: registries.credentialHelpers[1]: write the name without `docker-credential-`: `gcr`
            daemon.yaml:1:68: registries.credentialHelpers[2]: the name of a helper is made of up to 64 small letters, digits and `-`
            daemon.yaml:1:77: registries.credentialHelpers[3]: the name of a helper is made of up to 64 small letters, digits and `-`
            daemon.yaml:1:86: registries.credentialHelpers[4]: the name of a helper is made of up to 64 small letters, digits and `-`
            daemon.yaml:1:90: registries.credentialHelpers[5]: the name of a helper is made of up to 64 small letters, digits and `-`
            daemon.yaml:1:94: registries.credentialHelpers[6]: a text is wanted here, not a number; write it in quotes: "5"
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
            daemon.yaml:5:28: policies[2].semver: `>>1` is not a range: `>>` is no operator; did you mean `>`? (byte 0)
            daemon.yaml:6:28: policies[3].semver: a text is wanted here, not a number; write it in quotes: "1.10"
            daemon.yaml:7:38: policies[4].pin: `sometimes` is not a way to pin: write `ifPresent`, `digest` or `never`
            daemon.yaml:7:65: policies[4].allowDowngrade: `true` or `false` is wanted here; write `true`
            daemon.yaml:7:80: policies[4].deny[0]: `[` is not a regular expression: this class of letters is not closed; add `]`, or write `\[` for the bracket itself
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
            daemon.yaml:2:67: policies[1].semver: `1.y` is not a range: `1.y` is no version; a wildcard is written `x`, `X` or `*`
            daemon.yaml:5:25: rules[1].policy: there is no policy named `stabel`; did you mean `stable`?
            daemon.yaml:7:33: rules[3].policy: semver: `1.y` is not a range: `1.y` is no version; a wildcard is written `x`, `X` or `*`
            daemon.yaml:8:35: rules[4].policy.semver: `1.y` is not a range: `1.y` is no version; a wildcard is written `x`, `X` or `*`
            daemon.yaml:9:44: rules[5].policy: line 1, column 19: `semver` is given twice
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
