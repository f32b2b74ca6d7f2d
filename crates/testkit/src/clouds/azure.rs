//! What Azure has: the metadata server of its machines, its login server, and the door of its registries.

mod entra;
mod metadata;
mod registry;

use serde_json::json;

pub use entra::EntraId;
pub use metadata::AzureMetadata;
pub use registry::AzureRegistry;

use crate::Answer;

/// Whom tokens of Entra ID must be for, to open a registry.
const AUDIENCE: &str = "https://containerregistry.azure.net";

/// A token of Entra ID.
#[derive(Debug, Clone)]
pub struct Token(String);

impl Token {
    fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    fn answer(&self) -> Answer {
        // The metadata server writes numbers as texts.
        let body = json!({"access_token": self.0, "expires_in": "86399", "resource": AUDIENCE, "token_type": "Bearer"});
        Answer::json(body.to_string())
    }
}

fn refusal(status: u16, error: &str, description: &str) -> Answer {
    let body = json!({"error": error, "error_description": description});
    Answer::status(status)
        .header("content-type", "application/json")
        .body(body.to_string())
}

#[cfg(test)]
mod tests;
