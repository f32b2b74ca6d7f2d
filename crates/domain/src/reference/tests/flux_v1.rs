//! What Flux v1 made of references (its vectors F1 to F22), as it is wanted: several of its answers were wrong.

use super::*;

/// The digits of a digest where the text says `DIGITS`.
fn table(rows: &[(&str, &str)], expected: &Expect) {
    let digits = SHA256.strip_prefix("sha256:").expect("it is one");
    let row = |(id, text): &(&str, &str)| format!("{id}: {}\n", describe(&text.replace("DIGITS", digits)));
    expected.assert_eq(&rows.iter().map(row).collect::<String>());
}

#[test]
fn what_it_read_well_reads_the_same() {
    table(
        &[
            ("F1", "alpine"),
            ("F2", "library/alpine"),
            ("F3", "alpine:mytag"),
            ("F4", "docker.io/library/alpine"),
            ("F5", "localhost/hello:v1.1"),
            ("F6", "localhost:5000/hello:v1.1"),
            ("F7", "example.com/hello:v1.1"),
            ("F8", "quay.io/library/alpine:latest"),
            ("F9", "localhost:5000/path/to/repo/alpine:mytag"),
            ("F10", "kennethreitz/httpbin@sha256:DIGITS"),
            ("F11", ""),
            ("F11", ":tag"),
            ("F11", "/leading/slash"),
            ("F11", "trailing/slash/"),
            ("F12", "localhost/x"),
            ("F12", "localhost:5000/x"),
            ("F12", "example.com/x"),
            ("F12", "example.com:80/x"),
            ("F12", "gcr.io/x"),
            ("F12", "index.docker.com/x"),
            ("F17", "host:5000/ns/app:1"),
        ],
        &expect![[r#"
            F1: docker.io library/alpine - - | alpine
            F2: docker.io library/alpine - - | alpine
            F3: docker.io library/alpine mytag - | alpine:mytag
            F4: docker.io library/alpine - - | alpine
            F5: localhost hello v1.1 - | localhost/hello:v1.1
            F6: localhost:5000 hello v1.1 - | localhost:5000/hello:v1.1
            F7: example.com hello v1.1 - | example.com/hello:v1.1
            F8: quay.io library/alpine latest - | quay.io/library/alpine:latest
            F9: localhost:5000 path/to/repo/alpine mytag - | localhost:5000/path/to/repo/alpine:mytag
            F10: docker.io kennethreitz/httpbin - 4f53 | kennethreitz/httpbin@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
            F11: `` is not an image reference: it is empty (byte 0)
            F11: `:tag` is not an image reference: a part of the name is empty (byte 0)
            F11: `/leading/slash` is not an image reference: a part of the name is empty (byte 0)
            F11: `trailing/slash/` is not an image reference: a part of the name is empty (byte 15)
            F12: localhost x - - | localhost/x
            F12: localhost:5000 x - - | localhost:5000/x
            F12: example.com x - - | example.com/x
            F12: example.com:80 x - - | example.com:80/x
            F12: gcr.io x - - | gcr.io/x
            F12: index.docker.com x - - | index.docker.com/x
            F17: host:5000 ns/app 1 - | host:5000/ns/app:1
        "#]],
    );
}

#[test]
fn what_it_read_wrongly_reads_as_people_mean_it() {
    table(
        &[
            // The tag was lost.
            ("F13", "nginx:1.19@sha256:DIGITS"),
            ("F14", "ghcr.io/a/b:tag@sha256:DIGITS"),
            // A host without a dot was taken for a part of the name, its port for a tag.
            ("F15", "myregistry:5000/app"),
            ("F16", "myregistry:5000/app:1.0"),
            // Whatever began like `localhost`, and the first of three parts, was taken for a host.
            ("F18", "localhostile/x"),
            ("F19", "a/b/c:1"),
            // The algorithm became a part of the name.
            ("F20", "nginx@sha512:DIGITSDIGITS"),
            ("F20", "nginx@sha512:abc"),
            ("F21", "[::1]:5000/app:1"),
            // Anything went.
            ("F22", "Foo/BAR:x"),
            ("F22", "foo//bar"),
        ],
        &expect![[r#"
            F13: docker.io library/nginx 1.19 4f53 | nginx:1.19@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
            F14: ghcr.io a/b tag 4f53 | ghcr.io/a/b:tag@sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
            F15: myregistry:5000 app - - | myregistry:5000/app
            F16: myregistry:5000 app 1.0 - | myregistry:5000/app:1.0
            F18: docker.io localhostile/x - - | localhostile/x
            F19: docker.io a/b/c 1 - | a/b/c:1
            F20: docker.io library/nginx - 4f53 | nginx@sha512:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b9454f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945
            F20: `nginx@sha512:abc` is not an image reference: a sha512 digest has 128 hexadecimal digits, this one has 3 (byte 16)
            F21: [::1]:5000 app 1 - | [::1]:5000/app:1
            F22: `Foo/BAR:x` is not an image reference: upper-case letters are not allowed in a repository (byte 4)
            F22: `foo//bar` is not an image reference: a part of the name is empty (byte 4)
        "#]],
    );
}
