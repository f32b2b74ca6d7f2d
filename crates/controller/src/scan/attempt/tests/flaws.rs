//! What is wrong with an image for ever is found out once, drops that image alone, and says why.

use sha2::{Digest as _, Sha256};

use super::*;

const ARM: &str = r#"{semver: "*", platforms: [linux/arm64]}"#;

impl Bench {
    /// Lets a tag stand for a manifest of these bytes, and adds it to the list.
    fn push_bytes(&self, tag: &str, bytes: &str) {
        self.behind.push_tag("acme/api", tag);
        let digest = format!("sha256:{}", hex::encode(Sha256::digest(bytes)));
        let whole = Answer::json(bytes.to_owned()).header("docker-content-digest", &digest);
        let head = Answer::status(200).header("docker-content-digest", &digest);
        let route = |method: &str, reference: &str| format!("{method} /v2/acme/api/manifests/{reference}");
        self.registry.always(&route("HEAD", tag), head);
        self.registry.always(&route("GET", tag), whole.clone());
        self.registry.always(&route("GET", &digest), whole);
    }

    /// What is told of the tags that cannot be looked into.
    fn flaws(&self) -> String {
        let known = self.scanning.known.get(&self.repository).unwrap();
        let facts = &known.scan.as_ref().unwrap().facts;
        let flaws = facts.iter().filter_map(|(tag, fact)| Some((tag, fact.flaw.as_ref()?)));
        flaws.map(|(tag, flaw)| format!("{tag}: {flaw}\n")).collect()
    }
}

/// What no policy can use: an artifact, a manifest of long ago, and an image that holds no image.
fn flawed(bench: &Bench, tags: [&str; 3]) {
    let kind = "application/vnd.oci.artifact.manifest.v1+json";
    bench.push_bytes(tags[0], &format!(r#"{{"mediaType": "{kind}", "blobs": []}}"#));
    bench.push_bytes(tags[1], r#"{"schemaVersion": 1, "fsLayers": []}"#);
    let config = format!("sha256:{}", "0".repeat(64));
    let large = format!(r#"{{"config": {{"digest": "{config}", "size": 2000000000}}, "layers": []}}"#);
    bench.push_bytes(tags[2], &large);
}

#[tokio::test]
async fn what_is_no_image_is_dropped_by_itself_and_never_asked_about_again() {
    let bench = Bench::new(&["0.1.0"]);
    bench.push("linux/arm64", &["0.9.0"]);
    flawed(&bench, ["1.1.0", "1.2.0", "1.3.0"]);
    let ask = format!("{ARM} 0.1.0");
    bench.scan(&[&ask]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 4 manifests, 0 blobs");
    for _ in 0..2 {
        bench.scan(&[&ask]).await;
        assert_eq!(bench.asked(), "1 lists, 4 heads, 0 manifests, 0 blobs");
    }
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[&ask])[0]), "to 0.9.0");
    assert!(known.unanswered.is_empty());
    expect![[r#"
        1.1.0: the manifest is not usable: it is neither an index nor an image
        1.2.0: the manifest is not usable: it is neither an index nor an image
        1.3.0: what the manifest names is not usable: it has 2000000000 bytes, and at most 8388608 are read
    "#]]
    .assert_eq(&bench.flaws());
}

#[tokio::test]
async fn a_chart_among_builds_does_not_keep_the_newest_build_from_being_found() {
    let bench = Bench::new(&[]);
    for number in 0..3 {
        bench.build(&format!("main-{number}"), number);
    }
    flawed(&bench, ["main-7", "main-8", "main-9"]);
    let ask = "newest:main-* main-0";
    bench.scan(&[ask]).await;
    assert_eq!(bench.asked(), "1 lists, 0 heads, 6 manifests, 0 blobs");
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[ask])[0]), "to main-2");
    bench.scan(&[ask]).await;
    assert_eq!(bench.asked(), "1 lists, 6 heads, 0 manifests, 0 blobs");
    // Another process starts from what was kept.
    bench.scanning.known.retain(|_| false);
    bench.scan(&[ask]).await;
    assert_eq!(bench.asked(), "1 lists, 6 heads, 0 manifests, 0 blobs");
}

/// A page of something that stands before the registry may come for any manifest, and is no image of long ago.
#[tokio::test]
async fn what_cannot_be_read_and_has_no_name_drops_no_tag() {
    let bench = Bench::new(&[]);
    bench.build("main-0", 0);
    bench.build("main-1", 1);
    bench.registry.always(
        "GET /v2/acme/api/manifests/main-1",
        Answer::html("<p>Please log in to this network"),
    );
    let ask = "newest:main-* main-0";
    for _ in 0..2 {
        bench.scan(&[ask]).await;
        let known = bench.scanning.known.get(&bench.repository).unwrap();
        assert_ne!(bench.decided(&known, &asks(&[ask])[0]), "stay (upToDate)");
        assert_eq!(bench.flaws(), "");
    }
    bench.registry.never("GET /v2/acme/api/manifests/main-1");
    bench.scan(&[ask]).await;
    let known = bench.scanning.known.get(&bench.repository).unwrap();
    assert_eq!(bench.decided(&known, &asks(&[ask])[0]), "to main-1");
}
