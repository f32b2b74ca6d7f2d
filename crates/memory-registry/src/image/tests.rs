use expect_test::expect;

use super::*;

#[test]
fn the_layer_is_the_well_known_empty_one() {
    assert_eq!(
        digest(&LAYER),
        "sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4"
    );
}

#[test]
fn equal_recipes_make_equal_images() {
    let root = |image: &Image| image.build().manifests.pop().unwrap().digest;
    let image = Image::new().label("version", "1");
    assert_eq!(root(&image), root(&image.clone()));
    assert_ne!(root(&image), root(&image.label("version", "2")));
}

#[test]
fn several_platforms_stand_in_an_index() {
    let image = Image::new()
        .platforms(["linux/amd64", "linux/arm64/v8"])
        .created("2024-01-02T03:04:05Z");
    let built = image.build();
    let root = built.manifests.last().unwrap();
    let text = String::from_utf8(root.bytes.to_vec()).unwrap();
    expect!["application/vnd.oci.image.index.v1+json"].assert_eq(&root.media_type);
    expect![[r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:ca0b764545f294de8692fced74b8b36a633a71101c75e57eb9d9d6bae3488dff","size":474,"platform":{"os":"linux","architecture":"amd64"}},{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:fc2cebc0a65d28204d63848ae5b32af1207a7a61c8e3ff04bc9a7fc21abbfda8","size":474,"platform":{"os":"linux","architecture":"arm64","variant":"v8"}}],"annotations":{"org.opencontainers.image.created":"2024-01-02T03:04:05Z"}}"#]]
        .assert_eq(&text);
}
