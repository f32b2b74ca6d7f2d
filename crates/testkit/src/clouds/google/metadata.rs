//! The metadata server of Google's machines.

use std::ops::Deref;
use std::time::Duration;

use super::Token;
use crate::clouds::StandIn;
use crate::{Answer, Seen};

/// Where it gives tokens.
pub(super) const TOKEN: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

/// A metadata server as machines of Google's cloud have it at 169.254.169.254, under the name `metadata.google.internal`.
///
/// Without the header `Metadata-Flavor: Google` every answer is 403, and each carries that header itself.
#[derive(Debug)]
pub struct GoogleMetadata(StandIn<Token>);

impl GoogleMetadata {
    /// Serves a machine without a service account, on a port of an address; 0 is a free one.
    ///
    /// # Errors
    ///
    /// The port cannot be had.
    pub fn start(at: (&str, u16)) -> anyhow::Result<Self> {
        let server = StandIn::start(at, None, |seen, token| {
            answer(seen, token.as_ref()).header("metadata-flavor", "Google")
        })?;
        Ok(Self(server))
    }

    /// The machine has a service account, and this is its token for so long.
    pub fn gives(&self, token: &str, life: Duration) {
        self.give(Token::new(token, life));
    }

    /// How many tokens were asked for.
    pub fn tokens(&self) -> usize {
        self.seen().iter().filter(|seen| seen.path == TOKEN).count()
    }
}

impl Deref for GoogleMetadata {
    type Target = StandIn<Token>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

fn answer(seen: &Seen, token: Option<&Token>) -> Answer {
    if seen.header("metadata-flavor") != Some("Google") {
        return Answer::status(403);
    }
    match (seen.path.as_str(), token) {
        ("/", _) => Answer::status(200).body("computeMetadata/\n"),
        ("/computeMetadata/v1/project/project-id", _) => Answer::status(200).body("acme"),
        (TOKEN, Some(token)) => token.answer(),
        _ => Answer::status(404),
    }
}
