//! What a registry asks for: the `WWW-Authenticate` headers of a 401, several of them or several challenges in one.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;
use http_auth::ChallengeParser;

/// Nobody needs more for a header. What it names is kept as long as its tokens are, so it must not be long.
const LONGEST: usize = 8 * 1024;

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

/// All challenges, in order. A header that does not parse, or of more than 8 KiB, asks for nothing; what was read before the
/// flaw counts.
pub(crate) fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter(|value| value.len() <= LONGEST)
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

/// A scope of a challenge as far as it is about reading: whoever challenges us does not get to choose what we may write.
pub(crate) fn readable(scope: &str) -> Option<String> {
    let safe = scope.len() <= 512 && scope.bytes().all(|byte| byte.is_ascii_graphic());
    if safe && !scope.contains(':') {
        // Some registries know only one, such as `*` or `aws`.
        return Some(scope.to_owned());
    }
    let rest = scope.strip_prefix("repository:").filter(|_| safe)?;
    let (name, actions) = rest.rsplit_once(':').filter(|(name, _)| is_name(name))?;
    let actions: Vec<&str> = actions
        .split(',')
        .filter(|action| matches!(*action, "pull" | "metadata_read"))
        .collect();
    (!actions.is_empty()).then(|| format!("repository:{name}:{}", actions.join(",")))
}

/// Whether everybody who splits a scope takes the same for its name: some servers split at the first colon, and what we take
/// for a part of the name would be an action there. Only a port may stand in it, before the first slash.
fn is_name(text: &str) -> bool {
    let (host, path) = text.split_once('/').unwrap_or(("", text));
    let port = host.split_once(':').map_or("0", |(_, port)| port);
    let number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    number && !path.contains(':') && !text.contains(',')
}

#[cfg(test)]
mod tests;
