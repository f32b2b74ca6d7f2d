use expect_test::{Expect, expect};

use super::*;

fn check(path: &str, expected: &Expect) {
    expected.assert_eq(&format!("{:?}", Route::parse(path)));
}

#[test]
fn names_may_have_slashes_and_words_of_the_api() {
    check(
        "/v2/acme/team/api/tags/list",
        &expect![[r#"Tags { repository: "acme/team/api" }"#]],
    );
    check(
        "/v2/blobs/manifests/manifests/1.0",
        &expect![[r#"Manifest { repository: "blobs/manifests", reference: "1.0" }"#]],
    );
    check("/v2/a/blobs/uploads/", &expect![[r#"Uploads { repository: "a" }"#]]);
    check(
        "/v2/a/blobs/uploads/upload-1",
        &expect![[r#"Upload { repository: "a", id: "upload-1" }"#]],
    );
    check(
        "/v2/a/blobs/sha256:00",
        &expect![[r#"Blob { repository: "a", digest: "sha256:00" }"#]],
    );
}

#[test]
fn what_is_no_name_is_unknown() {
    check("/v2/Acme/tags/list", &expect!["Unknown"]);
    check("/v2//tags/list", &expect!["Unknown"]);
    check("/v2/a/../b/tags/list", &expect!["Unknown"]);
    check("/v3/", &expect!["Unknown"]);
}
