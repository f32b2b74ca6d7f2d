//! Where an answer of 30x may lead, and with what.

use transport::{Origin, Redactor, Scheme, one_line};
use url::Url;

use crate::location::resolve;
use crate::well_known::is_mirrored;

/// How far redirects of a kind of request are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RedirectRule {
    /// Not at all: tokens.
    Never,
    /// Once, and only on the same origin, where the credential may follow, or without any to where the registry is known to have it:
    /// lists and manifests.
    SameOriginOnce,
    /// Three times, also elsewhere, without any credential: blobs, which are checked against their digest.
    Bare,
}

/// Where the next request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hop {
    /// To the same origin, as the same request.
    Same(Url),
    /// To the registry itself or a host of the configuration, without credentials.
    Configured(Url),
    /// To a host nobody named, without credentials and only if its address is public.
    Outside(Url),
}

/// A redirect that is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the server redirects to `{target}`, which is not followed: {reason}")]
pub(crate) struct RedirectRefused {
    target: String,
    reason: &'static str,
}

impl RedirectRefused {
    /// Without our own secrets, which the server may have written into the address.
    pub(crate) fn redacted(self, redactor: &Redactor) -> Self {
        Self {
            target: redactor.safe_text(self.target.as_bytes(), usize::MAX),
            ..self
        }
    }
}

const BLOB_HOPS: usize = 3;

/// Decides about the redirect from `from` to `location`; `seen` holds the addresses asked so far, `from` included and the one that we
/// chose ourselves first, and `configured` says whether the operator named an origin.
pub(crate) fn follow(
    rule: RedirectRule,
    from: &Url,
    location: &str,
    seen: &[Url],
    configured: impl Fn(&Origin) -> bool,
) -> Result<Hop, RedirectRefused> {
    let refuse = |reason| RedirectRefused {
        target: shown(from, location),
        reason,
    };
    let url = resolve(from, location).map_err(refuse)?;
    let (here, there) = (Origin::of(from), Origin::of(&url));
    let Some(there) = there else {
        return Err(refuse("it is neither https nor http"));
    };
    let same = here.as_ref() == Some(&there);
    let limit = match rule {
        RedirectRule::Never => return Err(refuse("a token server must answer itself")),
        RedirectRule::SameOriginOnce if !same && !is_mirrored(from, &url) => {
            return Err(refuse(
                "it is another origin, and the registry's credentials are for it alone",
            ));
        }
        RedirectRule::SameOriginOnce => 1,
        RedirectRule::Bare => BLOB_HOPS,
    };
    if seen.contains(&url) {
        return Err(refuse("it leads in a circle"));
    }
    if seen.len() > limit {
        return Err(refuse("there were too many redirects before it"));
    }
    if same && rule == RedirectRule::SameOriginOnce {
        return Ok(Hop::Same(url));
    }
    if there.scheme() == Scheme::Http && here.is_some_and(|here| here.scheme() == Scheme::Https) {
        return Err(refuse("it leads from TLS to plain HTTP"));
    }
    // A host that a server named stays one when it redirects to itself: by then its name may lead to another address.
    let chosen = seen.first().and_then(Origin::of);
    if chosen.as_ref() == Some(&there) || configured(&there) {
        Ok(Hop::Configured(url))
    } else if there.scheme() == Scheme::Http {
        Err(refuse(
            "plain HTTP goes only to hosts that are configured with `plainHttp`",
        ))
    } else {
        Ok(Hop::Outside(url))
    }
}

/// Without the query, which may hold a signature.
fn shown(from: &Url, location: &str) -> String {
    match from.join(location) {
        Ok(url) => {
            let origin = Origin::of(&url).map_or_else(|| format!("{}:", url.scheme()), |origin| origin.to_string());
            one_line(&format!("{origin}{}", url.path()), 200)
        }
        Err(_) => one_line(location.split('?').next().unwrap_or_default(), 200),
    }
}

#[cfg(test)]
mod tests;
