use expect_test::{Expect, expect};
use transport::chain;

use super::*;
use crate::error::ErrorCode;
use crate::fake::{Asked, Fake, ok, page, status, with};

#[tokio::test]
async fn one_page_is_one_request() {
    let server = Fake::start(|_, _| ok(page(&["1.0", "1.1", "latest"]))).await;
    let listing = server
        .scanner()
        .tags(&server.repository("team/app"))
        .await
        .expect("a list");
    assert_eq!(listing.names.len(), 3);
    expect![[r#"
        GET /v2/team/app/tags/list?n=1000
    "#]]
    .assert_eq(&server.lines());
    assert_eq!(server.log()[0].header("accept-encoding"), Some("identity"));
}
