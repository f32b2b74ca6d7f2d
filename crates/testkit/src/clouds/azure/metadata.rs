//! The metadata server of Azure's machines.

use std::ops::Deref;

use super::{AUDIENCE, Token, refusal};
use crate::clouds::StandIn;
use crate::token_server::pairs;
use crate::{Answer, Seen};

/// The metadata server as machines of Azure have it at 169.254.169.254, as far as it gives tokens.
///
/// Without the header `Metadata: true` every answer is 400.
#[derive(Debug)]
pub struct AzureMetadata(StandIn<Token>);

impl AzureMetadata {
    /// Serves a machine without an identity, on a port of an address; 0 is a free one.
    ///
    /// # Errors
    ///
    /// The port cannot be had.
    pub fn start(at: (&str, u16)) -> anyhow::Result<Self> {
        Ok(Self(StandIn::start(at, None, answer)?))
    }

    /// The machine has an identity, and this is its token.
    pub fn gives(&self, token: &str) {
        self.give(Token::new(token));
    }

    /// How many tokens were asked for.
    pub fn tokens(&self) -> usize {
        let with_header = |seen: &&Seen| seen.header("metadata").is_some();
        self.seen().iter().filter(with_header).count()
    }
}

impl Deref for AzureMetadata {
    type Target = StandIn<Token>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

fn answer(seen: &Seen, token: Option<Token>) -> Answer {
    if seen.path != "/metadata/identity/oauth2/token" {
        return Answer::status(404);
    }
    if seen.header("metadata") != Some("true") {
        return refusal(400, "invalid_request", "Required metadata header not specified");
    }
    let query = pairs(&seen.query);
    let field = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    };
    if field("api-version") != Some("2018-02-01") || field("resource") != Some(AUDIENCE) {
        return refusal(400, "invalid_request", "Required audience or version not specified");
    }
    match token {
        Some(token) => token.answer(),
        None => refusal(400, "invalid_request", "Identity not found"),
    }
}
