//! How many tags are asked for in one page.

use crate::fake::{Fake, ok, page, with};

/// A refusal that has a number in it, though not for its own sake.
const TROUBLE: &str = r#"{"errors": [{"code": "UNKNOWN", "message": "request 77 failed"}]}"#;

#[tokio::test]
async fn a_size_that_is_refused_as_well_is_not_remembered() {
    let server = Fake::start(|_, before| match before {
        0 | 1 => with(400, &[], TROUBLE),
        _ => ok(page(&["1.0"])),
    })
    .await;
    let (scanner, repository) = (server.scanner(), server.repository("team/app"));
    scanner.tags(&repository).await.expect_err("a refusal");
    scanner.tags(&repository).await.expect("a list");
    let sizes: Vec<String> = server.log().iter().map(|asked| asked.query().to_owned()).collect();
    assert_eq!(sizes, ["n=1000", "n=77", "n=1000"]);
}
