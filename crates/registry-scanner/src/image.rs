//! The configuration of an image: what it runs on, and when it was built.

use domain::reference::Platform;

use crate::json::Json;
use crate::manifest::{CREATED, platform};

/// What is read of an image's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageConfig {
    /// What the image runs on.
    pub platform: Option<Platform>,
    /// The label `org.opencontainers.image.created`, whether or not it is a time.
    pub created_label: Option<String>,
    /// The configuration's own `created`, whether or not it is a time.
    pub created: Option<String>,
}

impl ImageConfig {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let json = Json::parse(bytes).map_err(|error| error.to_string())?;
        let Json::Map(_) = json else {
            return Err(format!("it is {}, where an object is wanted", json.kind()));
        };
        let labels = json.get("config").and_then(|config| config.get("Labels"));
        let label = labels.and_then(|labels| labels.get(CREATED)).and_then(Json::text);
        Ok(Self {
            platform: platform(&json),
            created_label: label.map(str::to_owned),
            created: json.get("created").and_then(Json::text).map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests;
