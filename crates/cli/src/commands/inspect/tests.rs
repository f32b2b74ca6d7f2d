use domain::reference::{Digest, Platform};
use expect_test::expect;
use registry_scanner::Manifest;

use super::*;

fn descriptor(letter: char, platform: Option<&str>) -> Descriptor {
    Descriptor {
        media_type: "application/vnd.oci.image.manifest.v1+json".to_owned(),
        digest: digest(letter),
        size: 100,
        platform: platform.map(|text| Platform::parse(text).expect("a platform")),
        attestation: false,
    }
}

fn digest(letter: char) -> Digest {
    Digest::parse(&format!("sha256:{}", letter.to_string().repeat(64))).expect("a digest")
}

fn view(kind: ManifestKind, config: Option<&ImageConfig>) -> View {
    let raw = RawManifest {
        digest: digest('a'),
        media_type: Some("application/vnd.oci.image.index.v1+json".to_owned()),
        bytes: b"{}".as_slice().into(),
        manifest: Manifest { kind, created: None },
    };
    View::of(&Reference::parse("nginx:1.27").expect("a reference"), &raw, config)
}

#[test]
fn an_index_shows_its_platforms() {
    let entries = vec![descriptor('b', Some("linux/amd64")), descriptor('c', None)];
    expect![[r#"
        reference   docker.io/library/nginx:1.27
        digest      sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        media type  application/vnd.oci.image.index.v1+json
        size        2 bytes

        PLATFORM     DIGEST                                                                   SIZE
        linux/amd64  sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb  100
        -            sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc  100
    "#]]
    .assert_eq(&view(ManifestKind::Index(entries), None).text());
}

#[test]
fn an_image_shows_its_configuration() {
    let kind = ManifestKind::Image {
        config: descriptor('b', None),
        layers: vec![descriptor('c', None), descriptor('d', None)],
    };
    let config = ImageConfig {
        platform: Some(Platform::parse("linux/arm64").expect("a platform")),
        created_label: None,
        created: Some("2024-01-02T03:04:05Z".to_owned()),
    };
    expect![[r#"
        reference   docker.io/library/nginx:1.27
        digest      sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        media type  application/vnd.oci.image.index.v1+json
        size        2 bytes
        created     2024-01-02T03:04:05Z
        platform    linux/arm64/v8
        layers      2, 200 bytes
    "#]]
    .assert_eq(&view(kind, Some(&config)).text());
}
