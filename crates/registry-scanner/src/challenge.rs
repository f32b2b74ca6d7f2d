//! What a registry asks for: the `WWW-Authenticate` headers of a 401, several of them or several challenges in one.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use http_auth::ChallengeParser;

/// One way to prove who is asking. Other schemes than these are not spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// User and password in each request.
    Basic,
    /// A token from the server that `realm` names, as it was written.
    Bearer {
        realm: String,
        service: Option<String>,
        /// Split at spaces.
        scopes: Vec<String>,
    },
}

/// All challenges, in order. A header that does not parse asks for nothing; what was read of it before counts.
pub(crate) fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| ChallengeParser::new(value).map_while(Result::ok))
        .filter_map(|challenge| {
            let parameter = |name: &str| {
                let mut parameters = challenge.params.iter();
                parameters.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then(|| value.to_unescaped()))
            };
            if challenge.scheme.eq_ignore_ascii_case("basic") {
                Some(Challenge::Basic)
            } else if challenge.scheme.eq_ignore_ascii_case("bearer") {
                Some(Challenge::Bearer {
                    realm: parameter("realm")?,
                    service: parameter("service"),
                    scopes: parameter("scope")
                        .unwrap_or_default()
                        .split(' ')
                        .filter(|scope| !scope.is_empty())
                        .map(str::to_owned)
                        .collect(),
                })
            } else {
                None
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
