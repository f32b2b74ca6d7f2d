use proptest::prelude::*;

use super::may_hold_images;
use crate::{FileKind, Manifest};

#[test]
fn what_names_an_image_is_read() {
    for text in [
        "image: web:1",
        "image",
        "{\"image\":\"web:1\"}",
        "'image' : web",
        "? image\n: web:1",
        "&a image: web",
        "sidecarImage: web:1",
        "images:\n- name: web",
        "images: [{name: web}]",
        "- name: image.tag",
        "\u{feff}image: web:1",
        "a: 1 # {\"$imagepolicy\": \"apps:web\"}",
        "parameters: [{name: web.repository, value: web}, {name: web.tag, value: '1'}]",
        "annotations: {repository.fluxcd.io/app: spec.web.name}",
        "\"im\\x61ge\": web:1",
        "\"im\\u0061ge\": web:1",
        "? \"im\\\nage\"\n: web:1",
        "imagePullSecrets: []\nimage: web:1",
        "annotations: {tidemark.dev/policy: stable}",
    ] {
        assert!(may_hold_images(text), "{text}");
    }
}

#[test]
fn what_only_sounds_like_it_is_not() {
    for text in [
        "",
        "i",
        "mage: x",
        "damage: none",
        "imagePullSecrets: [{name: registry}]",
        "imagePullPolicy: Always",
        "kind: ImageRepository",
        "url: example.com/image-cache",
        "image/png: 1",
        "homepage: manage",
        "repository: web",
        "parameters: [{name: a.tag, value: '1'}]",
        "script: \"one\\ntwo\\t\\\"three\\\"\"",
    ] {
        assert!(!may_hold_images(text), "{text}");
    }
}

/// Pieces of which manifests are made; few enough that they often make one.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "image",
        "images",
        "Image",
        "\"image\"",
        "im",
        "age",
        "\\x61",
        "\\\n",
        "\"",
        "'",
        ": ",
        ":",
        " ",
        "\n",
        "\n  ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "? ",
        "&a ",
        "*a",
        "<<: ",
        "# ",
        "s",
        "PullPolicy",
        "web:1",
        "apiVersion: v1\n",
        "kind: Pod\n",
        "spec:\n",
        "containers:\n",
        "repository",
        "tag",
        "name",
        "newTag",
        "---\n",
        "|\n",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn nothing_that_is_passed_over_has_places(text in pieces()) {
        if may_hold_images(&text) {
            return Ok(());
        }
        for kind in [FileKind::Other, FileKind::Values, FileKind::Kustomization] {
            if let Ok(manifest) = Manifest::read_as(kind, text.as_str()) {
                prop_assert_eq!(manifest.places(), &[]);
            }
        }
    }

    #[test]
    fn what_is_passed_over_has_no_places_in_an_object_either(text in pieces()) {
        let text = format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - {}", text.replace('\n', "\n    "));
        if may_hold_images(&text) {
            return Ok(());
        }
        if let Ok(manifest) = Manifest::read(text.as_str()) {
            prop_assert_eq!(manifest.places(), &[]);
        }
    }
}
