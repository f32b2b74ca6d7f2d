//! Azure's login server.

use std::ops::Deref;

use super::{AUDIENCE, Token, refusal};
use crate::Ca;
use crate::clouds::StandIn;
use crate::token_server::pairs;

/// The login server, `login.microsoftonline.com`, for one pod of one tenant.
#[derive(Debug)]
pub struct EntraId(StandIn<Token>);

impl EntraId {
    /// Serves over TLS on a free port of 127.0.0.1, and believes `assertion` of this client of this tenant.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn start(ca: &Ca, tenant: &str, client: &str, assertion: &str) -> anyhow::Result<Self> {
        Self::at(("127.0.0.1", 0), ca, tenant, client, assertion)
    }

    /// The same on a port of an address, for a name that a test gives it.
    ///
    /// # Errors
    ///
    /// The port cannot be had.
    pub fn at(at: (&str, u16), ca: &Ca, tenant: &str, client: &str, assertion: &str) -> anyhow::Result<Self> {
        let path = format!("/{tenant}/oauth2/v2.0/token");
        let scope = format!("{AUDIENCE}/.default");
        let expected = [
            ("grant_type", "client_credentials"),
            ("client_id", client),
            ("scope", &scope),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()));
        let server = StandIn::start(at, Some(ca), move |seen, token: Option<Token>| {
            if seen.path != path || pairs(&String::from_utf8_lossy(&seen.body)) != expected {
                let unknown = "AADSTS70021: No matching federated identity record found";
                return refusal(401, "invalid_client", unknown);
            }
            match token {
                Some(token) => token.answer(),
                None => refusal(401, "invalid_client", "AADSTS700016: Application not found"),
            }
        })?;
        Ok(Self(server))
    }

    /// The token of the pod from now on.
    pub fn gives(&self, token: &str) {
        self.give(Token::new(token));
    }
}

impl Deref for EntraId {
    type Target = StandIn<Token>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
