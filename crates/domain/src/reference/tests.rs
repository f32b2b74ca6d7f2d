use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

mod flux_v1;

const SHA256: &str = "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";

/// One line for each text: how it reads, or why it does not.
fn check(texts: &[&str], expected: &Expect) {
    let lines: Vec<String> = texts.iter().map(|text| describe(text)).collect();
    expected.assert_eq(&(lines.join("\n") + "\n"));
}

fn describe(text: &str) -> String {
    match Reference::parse(text) {
        Ok(read) => {
            assert_eq!(Reference::parse(&read.canonical()), Ok(read.clone()), "{text}");
            assert_eq!(Reference::parse(&read.familiar()), Ok(read.clone()), "{text}");
            format!(
                "{} {} {} {} | {}",
                read.repository.registry(),
                read.repository.path(),
                read.tag.as_ref().map_or("-", Tag::as_str),
                read.digest.as_ref().map_or("-", |digest| &digest.hex()[..4]),
                read.familiar(),
            )
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn references_of_the_old_systems_read_as_people_mean_them() {
    check(
        &[
            "alpine",
            "library/alpine",
            "alpine:mytag",
            "docker.io/library/alpine",
            "localhost/hello:v1.1",
            "localhost:5000/hello:v1.1",
            "example.com/hello:v1.1",
            "quay.io/library/alpine:latest",
            "localhost:5000/path/to/repo/alpine:mytag",
            "myregistry:5000/app",
            "myregistry:5000/app:1.0",
            "host:5000/ns/app:1",
            "localhostile/x",
            "a/b/c:1",
            "[::1]:5000/app:1",
            "[2001:db8::1]/app",
            "localhost/foo",
        ],
        &expect![[r#"
            docker.io library/alpine - - | alpine
            docker.io library/alpine - - | alpine
            docker.io library/alpine mytag - | alpine:mytag
            docker.io library/alpine - - | alpine
            localhost hello v1.1 - | localhost/hello:v1.1
            localhost:5000 hello v1.1 - | localhost:5000/hello:v1.1
            example.com hello v1.1 - | example.com/hello:v1.1
            quay.io library/alpine latest - | quay.io/library/alpine:latest
            localhost:5000 path/to/repo/alpine mytag - | localhost:5000/path/to/repo/alpine:mytag
            myregistry:5000 app - - | myregistry:5000/app
            myregistry:5000 app 1.0 - | myregistry:5000/app:1.0
            host:5000 ns/app 1 - | host:5000/ns/app:1
            docker.io localhostile/x - - | localhostile/x
            docker.io a/b/c 1 - | a/b/c:1
            [::1]:5000 app 1 - | [::1]:5000/app:1
            [2001:db8::1] app - - | [2001:db8::1]/app
            localhost foo - - | localhost/foo
        "#]],
    );
}

#[test]
fn tag_and_digest_are_both_kept() {
    check(
        &[
            &format!("nginx:1.19@{SHA256}"),
            &format!("nginx@{SHA256}"),
            &format!("app@sha512:{}", "ab".repeat(64)),
        ],
        &expect![[r#"
            docker.io library/nginx 1.19 4f53 | nginx:1.19@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
            docker.io library/nginx - 4f53 | nginx@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
            docker.io library/app - abab | app@sha512:abababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababababab
        "#]],
    );
}

#[test]
fn docker_hub_has_many_spellings_and_is_one_registry() {
    check(
        &[
            "docker.io/nginx",
            "index.docker.io/nginx",
            "registry-1.docker.io/library/nginx",
            "registry.hub.docker.com/nginx:1",
            "Docker.IO/nginx",
            "docker.io:443/nginx",
            "docker.io/acme/app",
        ],
        &expect![[r#"
            docker.io library/nginx - - | nginx
            docker.io library/nginx - - | nginx
            docker.io library/nginx - - | nginx
            docker.io library/nginx 1 - | nginx:1
            docker.io library/nginx - - | nginx
            docker.io:443 nginx - - | docker.io:443/nginx
            docker.io acme/app - - | acme/app
        "#]],
    );
}

#[test]
fn the_familiar_form_keeps_what_it_needs_to_read_back() {
    let hex = "ab".repeat(32);
    check(
        &[
            "docker.io/localhost/app",
            "docker.io/my.team/app",
            "docker.io/library/my.app",
            "docker.io/library/localhost:1",
            "library/a/b",
            &format!("docker.io/{hex}"),
            &format!("docker.io/{hex}:1"),
        ],
        &expect![[r#"
            docker.io localhost/app - - | docker.io/localhost/app
            docker.io my.team/app - - | docker.io/my.team/app
            docker.io library/my.app - - | my.app
            docker.io library/localhost 1 - | localhost:1
            docker.io library/a/b - - | library/a/b
            docker.io library/abababababababababababababababababababababababababababababababab - - | library/abababababababababababababababababababababababababababababababab
            docker.io library/abababababababababababababababababababababababababababababababab 1 - | abababababababababababababababababababababababababababababababab:1
        "#]],
    );
}

#[test]
fn bad_names_say_what_is_wrong_and_where() {
    check(
        &[
            "",
            ":tag",
            "/leading/slash",
            "trailing/slash/",
            "foo//bar",
            "Foo/BAR:x",
            "Foo",
            "nginx:",
            "nginx:@sha256:00",
            "nginx:a:b",
            "nginx:-x",
            "nginx@",
            "nginx@sha256",
            "nginx@sha256:abc",
            "nginx@sha256:ABC",
            "nginx@sha512:abc",
            "nginx@md5:d41d8cd98f00b204e9800998ecf8427e",
            &format!("nginx@{SHA256}:1"),
            "https://example.com/app",
            "docker://nginx",
            "docker-pullable://nginx@sha256:00",
        ],
        &expect![[r#"
            `` is not an image reference: it is empty (byte 0)
            `:tag` is not an image reference: a part of the name is empty (byte 0)
            `/leading/slash` is not an image reference: a part of the name is empty (byte 0)
            `trailing/slash/` is not an image reference: a part of the name is empty (byte 15)
            `foo//bar` is not an image reference: a part of the name is empty (byte 4)
            `Foo/BAR:x` is not an image reference: upper-case letters are not allowed in a repository (byte 4)
            `Foo` is not an image reference: upper-case letters are not allowed in a repository (byte 0)
            `nginx:` is not an image reference: the tag is empty (byte 6)
            `nginx:@sha256:00` is not an image reference: the tag is empty (byte 6)
            `nginx:a:b` is not an image reference: `:` is not allowed in a tag (byte 7)
            `nginx:-x` is not an image reference: a tag must begin with a letter, a digit or `_` (byte 6)
            `nginx@` is not an image reference: `:` and an algorithm's digits must follow; write `sha256:` and 64 hexadecimal digits (byte 6)
            `nginx@sha256` is not an image reference: `:` and an algorithm's digits must follow; write `sha256:` and 64 hexadecimal digits (byte 12)
            `nginx@sha256:abc` is not an image reference: a sha256 digest has 64 hexadecimal digits, this one has 3 (byte 16)
            `nginx@sha256:ABC` is not an image reference: a digest has lower-case hexadecimal digits only (byte 13)
            `nginx@sha512:abc` is not an image reference: a sha512 digest has 128 hexadecimal digits, this one has 3 (byte 16)
            `nginx@md5:d41d8cd98f00b204e9800998ecf8427e` is not an image reference: the digest algorithm `md5` is not supported; sha256 and sha512 are (byte 6)
            `nginx@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945:1` is not an image reference: a digest has lower-case hexadecimal digits only (byte 77)
            `https://example.com/app` is not an image reference: it begins with a scheme; write it without `https://` (byte 0)
            `docker://nginx` is not an image reference: it begins with a scheme; write it without `docker://` (byte 0)
            `docker-pullable://nginx@sha256:00` is not an image reference: it begins with a scheme; write it without `docker-pullable://` (byte 0)
        "#]],
    );
}

#[test]
fn bad_letters_and_hosts_say_what_is_wrong_and_where() {
    check(
        &[
            " nginx",
            "nginx: 1",
            "nginx\n",
            "nginx\u{7}",
            "nginx:1\u{a0}",
            "nginx:ü",
            &"ab".repeat(32),
            "host:0/app",
            "host:080/app",
            "host:65536/app",
            "host:+1/app",
            "host:/app",
            "a..b/app",
            "-a.b/app",
            "a-.b/app",
            "a_b.c/app",
            "example.com./app",
            "[::1/app",
            "[::1%eth0]/app",
            "[::ffff:1.2.3.4]/app",
            "[::1]x/app",
            "example.com",
            "user@example.com/app",
            "a___b",
            "a._b",
            "a.-b",
            ".a",
            "a-",
            "example.com/a/-b",
        ],
        &expect![[r#"
            ` nginx` is not an image reference: white space is not allowed (byte 0)
            `nginx: 1` is not an image reference: white space is not allowed (byte 6)
            `nginx\n` is not an image reference: white space is not allowed (byte 5)
            `nginx\u{7}` is not an image reference: control characters are not allowed (byte 5)
            `nginx:1\u{a0}` is not an image reference: white space is not allowed (byte 7)
            `nginx:ü` is not an image reference: `ü` is not allowed in a tag (byte 6)
            `abababababababababababababababababababababababababababababababab` is not an image reference: 64 hexadecimal digits alone could be an image's id; write `library/…` or `@sha256:…`, whichever is meant (byte 0)
            `host:0/app` is not an image reference: the registry's port must be a number from 1 to 65535, without leading zeros (byte 5)
            `host:080/app` is not an image reference: the registry's port must be a number from 1 to 65535, without leading zeros (byte 5)
            `host:65536/app` is not an image reference: the registry's port must be a number from 1 to 65535, without leading zeros (byte 5)
            `host:+1/app` is not an image reference: the registry's port must be a number from 1 to 65535, without leading zeros (byte 5)
            `host:/app` is not an image reference: the registry's port must be a number from 1 to 65535, without leading zeros (byte 5)
            `a..b/app` is not an image reference: a part of the registry's host is empty (byte 2)
            `-a.b/app` is not an image reference: a part of the registry's host must begin and end with a letter or digit (byte 0)
            `a-.b/app` is not an image reference: a part of the registry's host must begin and end with a letter or digit (byte 1)
            `a_b.c/app` is not an image reference: `_` is not allowed in a part of the registry's host (byte 1)
            `example.com./app` is not an image reference: a part of the registry's host is empty (byte 12)
            `[::1/app` is not an image reference: this is no IPv6 address in brackets (a zone or an embedded IPv4 address is not allowed) (byte 4)
            `[::1%eth0]/app` is not an image reference: this is no IPv6 address in brackets (a zone or an embedded IPv4 address is not allowed) (byte 0)
            `[::ffff:1.2.3.4]/app` is not an image reference: this is no IPv6 address in brackets (a zone or an embedded IPv4 address is not allowed) (byte 0)
            `[::1]x/app` is not an image reference: the registry's port must be a number from 1 to 65535, without leading zeros (byte 5)
            docker.io library/example.com - - | example.com
            `user@example.com/app` is not an image reference: `@` is not allowed in a part of the registry's host (byte 4)
            `a___b` is not an image reference: only one `.`, one or two `_`, or any number of `-` may stand between letters and digits (byte 1)
            `a._b` is not an image reference: only one `.`, one or two `_`, or any number of `-` may stand between letters and digits (byte 1)
            `a.-b` is not an image reference: only one `.`, one or two `_`, or any number of `-` may stand between letters and digits (byte 1)
            `.a` is not an image reference: a part of the repository must begin and end with a letter or digit (byte 0)
            `a-` is not an image reference: a part of the repository must begin and end with a letter or digit (byte 1)
            `example.com/a/-b` is not an image reference: a part of the repository must begin and end with a letter or digit (byte 14)
        "#]],
    );
}

#[test]
fn separators_of_the_grammar_are_accepted() {
    for text in ["a.b", "a_b", "a__b", "a-b", "a---b", "a.b_c__d--e"] {
        assert!(Reference::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn lengths_have_limits() {
    let tag = "t".repeat(128);
    assert!(Reference::parse(&format!("nginx:{tag}")).is_ok());
    assert!(Reference::parse(&format!("nginx:{tag}t")).is_err());
    assert!(Reference::parse(&format!("example.com/{}", "a".repeat(255))).is_ok());
    assert!(Reference::parse(&format!("example.com/{}", "a".repeat(256))).is_err());
    assert!(Reference::parse(&"a".repeat(247)).is_ok(), "library/ is counted");
    assert!(Reference::parse(&"a".repeat(248)).is_err(), "library/ is counted");
    let host = format!("{}.b", "a".repeat(251));
    assert!(Reference::parse(&format!("{host}:65535/app")).is_ok());
    assert!(Reference::parse(&format!("a{host}/app")).is_err());
}

#[test]
fn registries_are_kept_as_written_and_compared_without_case() {
    let written = Reference::parse("Example.COM:5000/app").unwrap();
    assert_eq!(written.canonical(), "Example.COM:5000/app");
    assert_eq!(written, Reference::parse("example.com:5000/app").unwrap());
    assert_eq!(written.repository.registry().host(), "Example.COM");
    assert_eq!(written.repository.registry().port(), Some(5000));
    let bare = Registry::parse("[::1]").unwrap();
    assert_eq!((bare.host(), bare.port()), ("[::1]", None));
    let local = Registry::parse("[::1]:5000").unwrap();
    assert_eq!((local.host(), local.port()), ("[::1]", Some(5000)));
    assert!(Registry::parse("INDEX.docker.io").unwrap().is_docker_hub());
}

#[test]
fn an_image_name_has_neither_tag_nor_digest() {
    assert_eq!(
        Repository::parse("nginx").unwrap().to_string(),
        "docker.io/library/nginx"
    );
    let refused = |text: &str| Repository::parse(text).unwrap_err().to_string();
    expect!["`nginx:1` is not an image name: a tag is not allowed here, only the image's name (byte 5)"]
        .assert_eq(&refused("nginx:1"));
    expect!["`nginx@x` is not an image name: a digest is not allowed here, only the image's name (byte 5)"]
        .assert_eq(&refused("nginx@x"));
}

#[test]
fn values_are_a_tag_a_digest_or_both() {
    for text in ["1.27", SHA256_VALUE, &format!("1.27@{SHA256}")] {
        assert_eq!(Value::parse(text).unwrap().to_string(), text);
    }
    for text in ["", "@", "1.27@", "a b", SHA256, "@sha256:00", "a@b@c"] {
        assert!(Value::parse(text).is_err(), "{text}");
    }
}

const SHA256_VALUE: &str = "@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";

#[test]
fn one_machine_has_one_platform() {
    let platform = |text: &str| Platform::parse(text).unwrap().to_string();
    for (written, normal) in [
        ("linux/amd64", "linux/amd64"),
        ("linux/x86_64", "linux/amd64"),
        ("Linux/AMD64", "linux/amd64"),
        ("linux/amd64/v2", "linux/amd64/v2"),
        ("linux/aarch64", "linux/arm64/v8"),
        ("linux/arm64", "linux/arm64/v8"),
        ("linux/arm64/v8", "linux/arm64/v8"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/arm/v6", "linux/arm/v6"),
        ("linux/s390x", "linux/s390x"),
    ] {
        assert_eq!(platform(written), normal);
        assert_eq!(platform(normal), normal);
    }
    for text in ["", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux/a b", "a//b"] {
        assert!(Platform::parse(text).is_err(), "{text}");
    }
    // The variant that is added counts, or the normal text would not read.
    assert!(Platform::parse(&format!("{}/arm", "a".repeat(121))).is_ok());
    assert!(Platform::parse(&format!("{}/arm", "a".repeat(122))).is_err());
}

#[test]
fn times_far_away_are_cut() {
    let epoch = Timestamp::from_unix_seconds(0);
    assert_eq!(Timestamp::from_unix_seconds(i64::MAX).as_unix_nanoseconds(), i64::MAX);
    assert_eq!(Timestamp::from_unix_nanoseconds(-1).as_unix_seconds(), -1);
    assert_eq!((epoch + std::time::Duration::from_secs(5)).since(epoch).as_secs(), 5);
    assert!(epoch.since(epoch + std::time::Duration::from_secs(5)).is_zero());
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,40}") {
        let _ = Reference::parse(&text).map_err(|error| error.to_string());
        let _ = Value::parse(&text);
        let _ = Platform::parse(&text);
    }

    #[test]
    fn both_spellings_read_back_as_the_same_reference(
        name in "((localhost|docker\\.io|[A-Z]{0,2}[a-z]{1,3}(\\.[a-z]{1,2})?(:[1-9][0-9]{0,2})?|\\[::1\\])/)?[a-z]{1,3}([._-][a-z]{1,2})?(/[a-z]{1,3}){0,2}",
        tail in "(:[a-z0-9_][a-zA-Z0-9_.-]{0,4})?(@sha256:[0-9a-f]{64})?",
    ) {
        let text = name + &tail;
        if let Ok(reference) = Reference::parse(&text) {
            prop_assert_eq!(&Reference::parse(&reference.canonical()).unwrap(), &reference);
            prop_assert_eq!(&Reference::parse(&reference.familiar()).unwrap(), &reference);
            prop_assert!(reference.canonical().ends_with(&tail));
        }
    }
}

#[test]
fn times_are_shown_as_rfc_3339_has_them() {
    let shown: Vec<String> = [
        0,
        -1,
        951_782_400,
        951_868_799,
        1_709_164_800,
        1_735_689_599,
        4_107_542_399,
        -2_208_988_800,
        i64::MAX,
        i64::MIN,
    ]
    .map(|seconds| Timestamp::from_unix_seconds(seconds).to_string())
    .into();
    assert_eq!(
        shown,
        [
            "1970-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2000-02-29T00:00:00Z",
            "2000-02-29T23:59:59Z",
            "2024-02-29T00:00:00Z",
            "2024-12-31T23:59:59Z",
            "2100-02-28T23:59:59Z",
            "1900-01-01T00:00:00Z",
            "2262-04-11T23:47:16Z",
            "1677-09-21T00:12:43Z",
        ]
    );
}
