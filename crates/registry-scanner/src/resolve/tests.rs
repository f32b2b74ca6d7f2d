use crate::fake::{Fake, with};

const DIGEST: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

#[tokio::test]
async fn a_head_is_one_request() {
    let server = Fake::start(|_, _| {
        let kind = "application/vnd.oci.image.index.v1+json; charset=utf-8";
        with(
            200,
            &[
                ("docker-content-digest", DIGEST),
                ("content-type", kind),
                ("content-length", "123"),
            ],
            "",
        )
    })
    .await;
    let head = server
        .scanner()
        .head(&server.reference("team/app:1.0"))
        .await
        .expect("a digest");
    assert_eq!(head.digest.as_str(), DIGEST);
    assert_eq!(
        head.media_type.as_deref(),
        Some("application/vnd.oci.image.index.v1+json")
    );
    assert_eq!(head.size, Some(123));
    assert_eq!(server.lines(), "HEAD /v2/team/app/manifests/1.0\n");
}
