//! What is asked for, and the request that it becomes.

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, Method};
use transport::Secret;
use url::Url;

use super::proof::wiped;
use crate::counters::Count;
use crate::redirect::RedirectRule;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    List,
    Head,
    Manifest,
    Blob,
    Token,
    /// Of the registry itself: whether it wants to know who asks.
    Ping,
}

impl Kind {
    pub(super) fn method(self) -> Method {
        if self == Self::Head { Method::HEAD } else { Method::GET }
    }

    pub(super) fn rule(self) -> RedirectRule {
        match self {
            Self::Token => RedirectRule::Never,
            Self::List | Self::Head | Self::Manifest | Self::Ping => RedirectRule::SameOriginOnce,
            Self::Blob => RedirectRule::Bare,
        }
    }

    pub(super) fn count(self) -> Count {
        match self {
            Self::List => Count::List,
            Self::Head => Count::Head,
            Self::Manifest => Count::Manifest,
            Self::Blob => Count::Blob,
            Self::Token => Count::Token,
            Self::Ping => Count::Ping,
        }
    }
}

/// A request before anyone has said who asks.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) kind: Kind,
    pub(crate) url: Url,
    pub(crate) accept: &'static str,
    /// The mark of what is known already, which need not be sent again: the answer is then 304.
    pub(crate) if_none_match: Option<HeaderValue>,
    /// Largest body of a good answer.
    pub(crate) limit: usize,
}

/// A request as it goes out.
pub(super) struct Outgoing<'a> {
    pub(super) kind: Kind,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) limit: usize,
    /// What must not come back in anything that is shown.
    pub(super) secrets: &'a [Secret],
}

impl<'a> Outgoing<'a> {
    pub(super) fn of(ask: &Ask, authorization: Option<HeaderValue>, secrets: &'a [Secret]) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(ask.accept));
        // A small answer must not become a large one.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(mark) = &ask.if_none_match {
            headers.insert(IF_NONE_MATCH, mark.clone());
        }
        if let Some(value) = authorization {
            headers.insert(AUTHORIZATION, value);
        }
        Self {
            kind: ask.kind,
            method: ask.kind.method(),
            url: ask.url.clone(),
            headers,
            body: Bytes::new(),
            limit: ask.limit,
            secrets,
        }
    }

    /// A question to a token server, with a form if there is one.
    pub(super) fn for_token(
        url: Url,
        authorization: Option<HeaderValue>,
        form: Option<&Secret>,
        secrets: &'a [Secret],
    ) -> Self {
        let ask = Ask {
            kind: Kind::Token,
            url,
            accept: "application/json",
            if_none_match: None,
            limit: crate::token::MAX_TOKEN_BYTES,
        };
        let mut outgoing = Self::of(&ask, authorization, secrets);
        if let Some(form) = form {
            outgoing.method = Method::POST;
            outgoing.headers.insert(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
            outgoing.body = wiped(form.expose().as_bytes().to_vec());
        }
        outgoing
    }
}
