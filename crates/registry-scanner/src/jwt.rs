//! JSON Web Tokens, as far as somebody looks into them to whom they say nothing: how long they were made to live.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::json::Json;

/// How long a JSON Web Token (RFC 7519) was made to live, if it is one that says so. Nobody vouches for it: the caller sets bounds.
pub(crate) fn life(token: &str) -> Option<Duration> {
    let mut parts = token.split('.');
    let (Some(_), Some(claims), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return None;
    };
    let json = Json::parse(&URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?).ok()?;
    let seconds = |key| match json.get(key) {
        Some(Json::Number(Some(seconds))) => Some(*seconds),
        _ => None,
    };
    let from = seconds("iat").or_else(|| seconds("nbf"))?;
    let life = seconds("exp")?.checked_sub(from).filter(|life| *life > 0)?;
    Some(Duration::from_secs(life))
}

#[cfg(test)]
mod tests;
