//! What a registry gives for a token of its cloud.

use transport::{Scheme, Secret};

use super::RegistryClient;
use super::answer::{Answer, words};
use super::ask::Outgoing;
use super::authorize::whole_time;
use super::budget::Budget;
use crate::error::Failure;

impl RegistryClient {
    /// Posts a form to the registry's own origin, paced and counted as a question to a token server.
    ///
    /// # Errors
    ///
    /// The registry is asked without TLS, redirects, or gives no answer.
    pub(crate) async fn exchange(&self, path: &str, form: &Secret, token: &Secret) -> Result<Answer, Failure> {
        if self.origin.scheme() != Scheme::Https {
            return Err(Failure::bad(
                "the registry's own entry",
                "it is asked without TLS, and tokens of Azure are not sent so",
            ));
        }
        let http = self.http().await?;
        let mut url = self.base.clone();
        url.set_path(path);
        let secrets = [token.clone()];
        let outgoing = Outgoing::for_token(url, None, Some(form), &secrets);
        let mut budget = Budget::new(whole_time(self.config.limits.timeout));
        self.send(&http, outgoing, &mut budget).await
    }

    /// A server's own words about an answer, without `token`: `: may not`, or nothing.
    pub(crate) fn said(&self, answer: &Answer, token: &Secret) -> String {
        let words = words(&answer.body, &self.told.redactor(std::slice::from_ref(token)));
        if words.is_empty() { words } else { format!(": {words}") }
    }
}
