//! Who may ask, and who may have something done.

use std::fmt;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use http::{HeaderMap, Method, header};

use crate::Token;
use crate::problem::Refusal;

#[cfg(test)]
mod tests;

/// What everybody may read: whether the process lives, and the page, which knows nothing by itself.
const OPEN: [&str; 5] = ["/", "/assets/page.js", "/assets/page.css", "/healthz", "/readyz"];

/// Who is let in.
#[derive(Debug)]
pub enum Access {
    /// Everybody may read, nobody may have anything done.
    ReadsOnly,
    /// Who shows this token may read and have things done, nobody else may anything.
    Token(Token),
    /// There should be a token, and it cannot be had: nobody is let in.
    Closed,
}

/// Says who is let in just now; asked with every request, so that a token can be changed.
#[derive(Clone)]
pub struct Guard(Arc<dyn Fn() -> Access + Send + Sync>);

impl Guard {
    /// A guard that asks `access`, which must not take long.
    pub fn new(access: impl Fn() -> Access + Send + Sync + 'static) -> Self {
        Self(Arc::new(access))
    }

    /// Lets a request in, or says why not. Nothing of its body is read before that.
    pub(crate) fn admit(&self, request: &Request) -> Result<(), Refusal> {
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        if is_read && route.is_some_and(|route| OPEN.contains(&route)) {
            return Ok(());
        }
        match (self.0)() {
            Access::ReadsOnly if is_read => Ok(()),
            Access::ReadsOnly if *request.method() == Method::POST => Err(Refusal::actions_are_off()),
            Access::ReadsOnly => Err(Refusal::read_only()),
            Access::Closed => Err(Refusal::closed()),
            Access::Token(token) => {
                shows(request.headers(), &token)?;
                if is_read || is_ours(request.headers()) {
                    Ok(())
                } else {
                    Err(Refusal::other_origin())
                }
            }
        }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

/// `Authorization: Bearer TOKEN` (RFC 6750 §2.1), once; tokens in queries end up in logs and are not looked at.
fn shows(headers: &HeaderMap, token: &Token) -> Result<(), Refusal> {
    let mut shown = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(only), None) = (shown.next(), shown.next()) else {
        return Err(Refusal::unauthenticated());
    };
    let only = only.as_bytes();
    match only.split_at_checked("Bearer ".len()) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(b"Bearer ") => {
            if token.is(rest.trim_ascii()) {
                Ok(())
            } else {
                Err(Refusal::wrong_token())
            }
        }
        _ => Err(Refusal::unauthenticated()),
    }
}

/// Whether no browser says that a page of somebody else asks.
///
/// A foreign page has no token to show, and none is kept in a cookie; this holds should it ever get hold of one.
fn is_ours(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return false;
    }
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let (Ok(origin), Some(host)) = (origin.to_str(), headers.get(header::HOST)) else {
        return false;
    };
    let from = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    from.is_some_and(|from| from.as_bytes().eq_ignore_ascii_case(host.as_bytes()))
}
