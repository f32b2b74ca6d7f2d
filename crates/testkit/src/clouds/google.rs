//! What Google has: its metadata server, and its token server.

mod metadata;
mod tokens;

use std::time::Duration;

use serde_json::json;

pub use metadata::GoogleMetadata;
pub use tokens::GoogleTokens;

use crate::Answer;

/// The token of a service account, and how long it lives.
#[derive(Debug, Clone)]
pub struct Token {
    text: String,
    life: Duration,
}

impl Token {
    fn new(text: &str, life: Duration) -> Self {
        Self {
            text: text.to_owned(),
            life,
        }
    }

    fn answer(&self) -> Answer {
        let body = json!({"access_token": self.text, "expires_in": self.life.as_secs(), "token_type": "Bearer"});
        Answer::json(body.to_string())
    }
}

#[cfg(test)]
mod tests;
