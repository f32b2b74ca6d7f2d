//! Helm values: the shapes that charts agree on, at any depth.

use expect_test::{Expect, expect};

use super::{DIGEST, check_file};
use crate::{FileKind, Manifest};

fn check(text: &str, value: &str, expected: &Expect) {
    check_file(FileKind::Values, text, value, None, expected);
}

/// The places of a file of values.
fn check_found(text: &str, expected: &Expect) {
    let manifest = Manifest::read_as(FileKind::Values, text).unwrap();
    let places = manifest.places().iter();
    let lines = places.map(|place| format!("{} {place} {}\n", place.location, place.text));
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn every_shape_is_found() {
    let text = format!(
        "image: nginx:1.25\n\
         web: {{image: {{repository: library/nginx, tag: 1.25}}}}\n\
         api:\n  sidecar:\n    image: {{registry: docker.io, repository: nginx, tag: \"1.25\", digest: ''}}\n\
         old: {{image: nginx, tag: 1.2}}\n\
         older: {{registry: quay.io, image: acme/nginx, tag: a}}\n\
         named: {{image: {{name: nginx, tag: v1}}}}\n\
         initImage: nginx\n\
         proxyImage: {{repository: nginx, digest: '{DIGEST}'}}\n\
         list:\n- [{{image: nginx:a}}]\n- fooImage: quay.io/b/c@{DIGEST}\n\
         image2: nginx:1\nimages: [nginx:1]\nmyimage: nginx:1\nrepository: nginx\ntag: 1\n"
    );
    check_found(
        &text,
        &expect![[r#"
        1:8 image nginx:1.25
        2:27 web.image library/nginx:1.25
        5:23 api.sidecar.image docker.io/nginx:1.25
        6:14 old.image nginx:1.2
        7:19 older.image quay.io/acme/nginx:a
        8:23 named.image nginx:v1
        9:12 initImage nginx
        10:26 proxyImage nginx@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        12:12 list[0][0].image nginx:a
        13:13 list[1].fooImage quay.io/b/c@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    "#]],
    );
}

#[test]
fn every_shape_is_written() {
    let text = "image: nginx:1.25\nfooImage: 'nginx'\nweb:\n  image:\n    repository: nginx # which\n    tag: \"1.25\" # why\n\
                old:\n  image: nginx\n  tag: 1.2\nlist:\n- image: {registry: docker.io, repository: nginx, tag: v1}\n";
    check(
        text,
        "1.27",
        &expect![[r#"
        - image: nginx:1.25
        + image: nginx:1.27
        - fooImage: \'nginx\'
        + fooImage: \'nginx:1.27\'
        -     tag: \"1.25\" # why
        +     tag: \"1.27\" # why
        -   tag: 1.2
        +   tag: \"1.27\"
        - - image: {registry: docker.io, repository: nginx, tag: v1}
        + - image: {registry: docker.io, repository: nginx, tag: \"1.27\"}
    "#]],
    );
}

#[test]
fn digests_go_into_their_key_or_behind_the_tag() {
    let text = "a: {image: {repository: nginx, tag: a, digest: ''}}\nb: {image: {repository: nginx, tag: 'b'}}\nc: {image: nginx, tag: 1.2}\n\
                d: {image: {repository: nginx, digest: \"\"}}\nimage: nginx:1\n";
    check(
        text,
        &format!("1.27@{DIGEST}"),
        &expect![[r#"
        - a: {image: {repository: nginx, tag: a, digest: \'\'}}
        + a: {image: {repository: nginx, tag: \"1.27\", digest: \'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}}
        - b: {image: {repository: nginx, tag: \'b\'}}
        + b: {image: {repository: nginx, tag: \'1.27@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}}
        - c: {image: nginx, tag: 1.2}
        + c: {image: nginx, tag: 1.27@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}
        - d: {image: {repository: nginx, digest: \"\"}}
        + d: {image: {repository: nginx, digest: \"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}}
        - image: nginx:1
        + image: nginx:1.27@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
    "#]],
    );
    let pinned = format!(
        "image: {{repository: nginx, tag: a, digest: '{DIGEST}'}}\nold: {{image: 'nginx', tag: b, digest: '{DIGEST}'}}\nwhole: {{image: 'nginx:1', digest: '{DIGEST}'}}\n"
    );
    check(
        &pinned,
        "1.27",
        &expect![[r#"
        digestKeyInTheWay: image: digest key in the way: `image.digest` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key
        digestKeyInTheWay: old.image: digest key in the way: `old.digest` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key
        digestKeyInTheWay: whole.image: digest key in the way: `whole.digest` would stay beside a tag that it was not made for; give `--to` a digest, too, or remove the key
    "#]],
    );
    let other = format!("sha512:{}", "a".repeat(128));
    check(
        &pinned,
        &format!("@{other}"),
        &expect![[r#"
        - image: {repository: nginx, tag: a, digest: \'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}
        + image: {repository: nginx, tag: a, digest: \'sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\'}
        - old: {image: \'nginx\', tag: b, digest: \'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}
        + old: {image: \'nginx\', tag: b, digest: \'sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\'}
        - whole: {image: \'nginx:1\', digest: \'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\'}
        + whole: {image: \'nginx:1\', digest: \'sha512:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\'}
    "#]],
    );
}

#[test]
fn an_empty_tag_is_nothing_to_set() {
    let text = "a: {image: {repository: nginx, tag: ''}}\nb: {image: {repository: nginx, tag: }}\nc: {image: {repository: nginx}}\n\
                d: {image: nginx, tag: ~}\ne: {image: {repository: nginx, tag: '', digest: ''}}\n";
    check(
        text,
        "1.27",
        &expect![[r#"
        nothing to set: [0, 1, 2, 3, 4]
    "#]],
    );
}

#[test]
fn a_new_name_splits_at_the_registry() {
    let text = "image: {registry: docker.io, repository: library/nginx, tag: a}\nb: {image: {registry: '', repository: nginx, tag: a}}\n\
                c: {image: nginx, tag: a}\nd: {image: nginx, registry: docker.io, tag: a}\n";
    let named = |name: &str, expected: &Expect| check_file(FileKind::Values, text, "2-x", Some(name), expected);
    named(
        "mirror.test:5000/team/nginx",
        &expect![[r#"
        - image: {registry: docker.io, repository: library/nginx, tag: a}
        + image: {registry: mirror.test:5000, repository: team/nginx, tag: 2-x}
        - b: {image: {registry: \'\', repository: nginx, tag: a}}
        + b: {image: {registry: \'\', repository: mirror.test:5000/team/nginx, tag: 2-x}}
        - c: {image: nginx, tag: a}
        + c: {image: mirror.test:5000/team/nginx, tag: 2-x}
        - d: {image: nginx, registry: docker.io, tag: a}
        + d: {image: team/nginx, registry: mirror.test:5000, tag: 2-x}
    "#]],
    );
    named(
        "team/nginx",
        &expect![[r#"
        - image: {registry: docker.io, repository: library/nginx, tag: a}
        + image: {registry: docker.io, repository: team/nginx, tag: 2-x}
        - b: {image: {registry: \'\', repository: nginx, tag: a}}
        + b: {image: {registry: \'\', repository: team/nginx, tag: 2-x}}
        - c: {image: nginx, tag: a}
        + c: {image: team/nginx, tag: 2-x}
        - d: {image: nginx, registry: docker.io, tag: a}
        + d: {image: team/nginx, registry: docker.io, tag: 2-x}
    "#]],
    );
}

#[test]
fn what_belongs_to_others_stays() {
    let text = "env: {image: nginx:1}\nextraEnv: [{name: image, value: nginx:1, image: nginx:1}]\npodAnnotations: {image: nginx:1}\n\
                podLabels: {appImage: nginx:1}\nargs: [image, nginx:1]\nimage: {pullPolicy: Always, tag: 1}\n# image: nginx:1\n\
                text: |\n  image: nginx:1\nimagePullSecrets: [{name: nginx}]\nlogoImage: \"a picture of nginx\"\nheroImage: {name: nginx logo, tag: x}\n";
    check_found(text, &expect![[""]]);
}

#[test]
fn what_is_found_deep_in_an_image_counts_too() {
    check_found(
        "image:\n  image: nginx\n  tag: 1\nother:\n  image:\n    repository: nginx\n    tag: 1\n    initImage: busybox\n",
        &expect![[r#"
            2:10 image.image nginx:1
            6:17 other.image nginx:1
            8:16 other.image.initImage busybox
        "#]],
    );
}

#[test]
fn the_name_of_a_file_says_whether_it_is_values() {
    for name in [
        "values.yaml",
        "values.yml",
        "values-prod.yaml",
        "prod-values.yml",
        "a/myvalues.yaml",
        "values.prod.yaml",
    ] {
        assert_eq!(FileKind::of(name), FileKind::Values, "{name}");
    }
    for name in [
        "value.yaml",
        "values",
        "values/a.yaml",
        "my-values-prod.yaml",
        "values.json",
        "web.yaml",
        "",
    ] {
        assert_eq!(FileKind::of(name), FileKind::Other, "{name}");
        assert_eq!(FileKind::of(name).given(), FileKind::Values, "{name}");
    }
    assert_eq!(FileKind::of("charts/a/Chart.yaml").given(), FileKind::Chart);
}

#[test]
fn objects_are_no_values() {
    for head in ["apiVersion: v1\nkind: ConfigMap\n", "apiVersion: v1\nkind: A\n---\n"] {
        let text = format!("{head}image: nginx:1\n");
        let manifest = Manifest::read_as(FileKind::Values, text).unwrap();
        assert!(manifest.places().is_empty(), "{head}");
    }
    check(
        "kind: x\nimage: nginx:1\n",
        "2",
        &expect![[r#"
        - image: nginx:1
        + image: nginx:2
    "#]],
    );
}

#[test]
fn duplicate_keys_around_an_image_are_refused() {
    check(
        "a:\n  image: {repository: busybox, tag: a, tag: b}\n",
        "2",
        &expect![[r#"
        2:40: duplicateKey: duplicate key `tag` on the way to an image; remove one of the two
    "#]],
    );
    check(
        "a: {image: busybox, tag: b, tag: b}\n",
        "2",
        &expect![[r#"
        1:29: duplicateKey: duplicate key `tag` on the way to an image; remove one of the two
    "#]],
    );
    check(
        "a: {image: nginx:1}\na: {}\n",
        "2",
        &expect![[r#"
        2:1: duplicateKey: duplicate key `a` on the way to an image; remove one of the two
    "#]],
    );
    check(
        "b: {c: 1, c: 2}\nimage: nginx:1\n",
        "2",
        &expect![[r#"
        - image: nginx:1
        + image: nginx:2
    "#]],
    );
}

#[test]
fn a_shared_tag_changes_for_all_who_share_it_or_for_none() {
    let same = "a: {image: &i {repository: nginx, tag: a}}\nb: {image: *i}\nc: {image: {<<: *i, pullPolicy: Always}}\n";
    check(
        same,
        "2.0.0",
        &expect![[r#"
        - a: {image: &i {repository: nginx, tag: a}}
        + a: {image: &i {repository: nginx, tag: 2.0.0}}
    "#]],
    );
    let tag = "a: {image: {repository: nginx, tag: &t a, digest: ''}}\nb: {image: {repository: other, tag: *t}}\n";
    check(
        tag,
        &format!("2.0.0@{DIGEST}"),
        &expect![[r#"
        sharedAnchor: a.image.tag: 2 spots show the scalar at 1:40 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
    "#]],
    );
    let name = "x: &n nginx\na: {image: {repository: *n, tag: a}}\n";
    check(
        name,
        "2.0.0",
        &expect![[r#"
        - a: {image: {repository: *n, tag: a}}
        + a: {image: {repository: *n, tag: 2.0.0}}
    "#]],
    );
    check_file(
        FileKind::Values,
        name,
        "2.0.0",
        Some("other"),
        &expect![[r#"
        sharedAnchor: a.image.repository: 2 spots show the scalar at 1:7 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
    "#]],
    );
}

#[test]
fn who_shares_a_scalar_with_a_refused_place_is_refused() {
    let text = format!(
        "a: {{image: {{repository: nginx, tag: &t a, digest: &d ''}}}}\nb: {{image: {{repository: nginx, tag: *t, digest: '{DIGEST}'}}}}\n\
         c: {{image: {{repository: nginx, tag: x, digest: *d}}, y: *d}}\n"
    );
    let other = DIGEST.replace('0', "f");
    check(
        &text,
        &format!("2.0.0@{other}"),
        &expect![[r#"
        sharedAnchor: a.image.digest: 3 spots show the scalar at 1:54 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
        sharedAnchor: a.image.digest: 3 spots show the scalar at 1:54 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
        sharedAnchor: a.image.digest: 3 spots show the scalar at 1:54 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
    "#]],
    );
}

#[test]
fn templates_in_values_are_refused() {
    check(
        "image: \"{{ .Values.x }}/nginx\"\n",
        "2",
        &expect![[r#"
        1:8: helmTemplate: holds template actions (`{{ … }}`), so it is no manifest yet
    "#]],
    );
    check(
        "image: {repository: nginx, tag: \"{{ version }}\"}\n",
        "2",
        &expect![[r#"
        1:33: helmTemplate: holds template actions (`{{ … }}`), so it is no manifest yet
    "#]],
    );
}

#[test]
fn a_tag_that_is_none_makes_no_other_name() {
    // Put together it would be `nginx:1/25`, an image of a registry `nginx:1`.
    let text = "image: {repository: nginx, tag: 1/25}\n";
    let manifest = Manifest::read_as(FileKind::Values, text).unwrap();
    assert_eq!(manifest.places()[0].reference, None);
}

#[test]
fn lists_of_images_have_places() {
    let text = "image: [nginx:1, {repository: nginx, tag: '1'}]\nsideImage:\n- nginx:1\n- other\nimages: [nginx:1]\n";
    check_file(
        FileKind::Values,
        text,
        "2",
        None,
        &expect![[r#"
        - image: [nginx:1, {repository: nginx, tag: \'1\'}]
        + image: [nginx:2, {repository: nginx, tag: \'2\'}]
        - - nginx:1
        + - nginx:2
    "#]],
    );
}

#[test]
fn templates_within_values_are_data() {
    let text = "host: \"{{ .Values.global.host }}\"\nimage: nginx:1\nother: '{{ include \"name\" . }}'\n";
    check_file(
        FileKind::Values,
        text,
        "2",
        None,
        &expect![[r#"
        - image: nginx:1
        + image: nginx:2
    "#]],
    );
    check_file(
        FileKind::Values,
        &text.replace("nginx:1", "'{{ .Values.image }}'"),
        "2",
        None,
        &expect![[r#"
        2:8: helmTemplate: holds template actions (`{{ … }}`), so it is no manifest yet
    "#]],
    );
    check_file(
        FileKind::Values,
        &text.replace("nginx:1", "{{ .Values.image }}"),
        "2",
        None,
        &expect![[r#"
        2:8: helmTemplate: holds template actions (`{{ … }}`), so it is no manifest yet
    "#]],
    );
}

#[test]
fn a_digest_that_is_no_text_is_in_the_way() {
    for digest in ["[a]", "{a: b}", "[]", "5"] {
        let text = format!("image: {{repository: nginx, tag: v1, digest: {digest}}}\n");
        let manifest = Manifest::read_as(FileKind::Values, text.as_str()).unwrap();
        for value in ["v2", &format!("v2@{DIGEST}")[..], &format!("@{DIGEST}")] {
            let edited = super::edit(&manifest, value, None, |_| true).unwrap();
            let is_refused = edited.refused.len() == 1 && edited.text == text;
            assert_eq!(is_refused, digest != "5" || value == "v2", "{digest} {value}");
        }
    }
}

#[test]
fn a_registry_that_is_no_text_makes_another_name() {
    for registry in ["5", "1.0", "true", "[quay.io]", "{a: b}"] {
        let text = format!(
            "image: {{registry: {registry}, repository: nginx, tag: v1}}\na: {{registry: {registry}, image: nginx, tag: v1}}\n"
        );
        check_file(FileKind::Values, &text, "v2", None, &expect![[""]]);
    }
}
