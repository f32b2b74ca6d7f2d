//! The page: static files; what it shows comes from the API and is put in as text alone.

use axum::response::IntoResponse;
use http::{HeaderName, header};

const HTML: &str = include_str!("assets/page.html");
const SCRIPT: &str = include_str!("assets/page.js");
const STYLE: &str = include_str!("assets/page.css");

/// `GET /`
pub(crate) async fn html() -> impl IntoResponse {
    (kind("text/html; charset=utf-8"), HTML)
}

/// `GET /assets/page.js`
pub(crate) async fn script() -> impl IntoResponse {
    (kind("text/javascript; charset=utf-8"), SCRIPT)
}

/// `GET /assets/page.css`
pub(crate) async fn style() -> impl IntoResponse {
    (kind("text/css; charset=utf-8"), STYLE)
}

fn kind(media_type: &'static str) -> [(HeaderName, &'static str); 1] {
    [(header::CONTENT_TYPE, media_type)]
}
