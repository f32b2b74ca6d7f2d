//! `registries.google` and `registries.azure`.

use std::borrow::Cow;

use registry_scanner::{AzureConfig, Enabled, GoogleConfig};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::check::Checker;
use super::load::Environment;
use super::scalars::FilePath;
use super::text::{Scalar, Text};

/// The registries of Google (`gcr.io`, `*.gcr.io`, `*.pkg.dev`), opened in the name of a service account.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GoogleFile {
    /// Whether the service account is used: `auto` where there is one (a key file is named, or Google's metadata server answers within
    /// a second), `true` where its absence is an error, `false` never.
    #[schemars(extend("default" = "auto"))]
    pub(crate) enabled: Option<EnabledFile>,
    /// The JSON key of a service account, which goes before the metadata server. Default: `$GOOGLE_APPLICATION_CREDENTIALS`.
    pub(crate) key_file: Option<Text<FilePath>>,
}

/// The registries of Azure (`NAME.azurecr.io`, `.azurecr.cn`, `.azurecr.us`, `.azurecr.de`), opened in the name of a workload identity
/// (`$AZURE_FEDERATED_TOKEN_FILE`) or a managed identity.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct AzureFile {
    /// Whether the identity is used: `auto` where there is one (the pod has a workload identity, or Azure's metadata server answers within
    /// a second), `true` where its absence is an error, `false` never.
    #[schemars(extend("default" = "auto"))]
    pub(crate) enabled: Option<EnabledFile>,
    /// The client id of the identity, for a machine that has several. Default: `$AZURE_CLIENT_ID`.
    pub(crate) client_id: Option<Text<ClientId>>,
}

/// `auto`, `true` or `false`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EnabledFile(Enabled);

/// The client id of an identity of Azure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientId(String);

impl JsonSchema for EnabledFile {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "enabled".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": ["auto", true, false] })
    }
}

impl<'de> Deserialize<'de> for EnabledFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Switch(bool),
            Word(Word),
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        enum Word {
            Auto,
        }
        Ok(Self(match Written::deserialize(deserializer)? {
            Written::Switch(true) => Enabled::Always,
            Written::Switch(false) => Enabled::Never,
            Written::Word(Word::Auto) => Enabled::Auto,
        }))
    }
}

impl Serialize for EnabledFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Enabled::Auto => serializer.serialize_str("auto"),
            Enabled::Always => serializer.serialize_bool(true),
            Enabled::Never => serializer.serialize_bool(false),
        }
    }
}

impl Scalar for ClientId {
    const FORMAT: &'static str = "azure-client-id";
    const EXAMPLE: &'static str = "0b1f6471-1bf0-4dda-aec3-cb9272f09590";

    fn read(text: &str) -> Result<Self, String> {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        let plain = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
        if groups == [8, 4, 4, 4, 12] && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("a client id is written as in `{}`", Self::EXAMPLE))
        }
    }

    fn print(&self) -> String {
        self.0.clone()
    }
}

impl Environment {
    /// What holds of Google where the file says nothing.
    pub(super) fn google(&self) -> GoogleConfig {
        GoogleConfig {
            enabled: Enabled::Auto,
            key_file: self.google_application_credentials.clone(),
        }
    }

    /// What holds of Azure where the file says nothing.
    pub(super) fn azure(&self) -> AzureConfig {
        AzureConfig {
            enabled: Enabled::Auto,
            client_id: self.azure_client_id.clone(),
            tenant_id: self.azure_tenant_id.clone(),
            federated_token_file: self.azure_federated_token_file.clone(),
            authority_host: self.azure_authority_host.clone(),
        }
    }
}

impl Checker<'_> {
    pub(super) fn google(&self, file: GoogleFile) -> GoogleConfig {
        let usual = self.environment.google();
        GoogleConfig {
            enabled: file.enabled.map_or(usual.enabled, |enabled| enabled.0),
            key_file: self.optional_path(file.key_file).or(usual.key_file),
        }
    }

    pub(super) fn azure(&self, file: AzureFile) -> AzureConfig {
        let usual = self.environment.azure();
        AzureConfig {
            enabled: file.enabled.map_or(usual.enabled, |enabled| enabled.0),
            client_id: file.client_id.map(|id| id.0.0).or(usual.client_id),
            ..usual
        }
    }
}

/// What is in force, as a file says it.
pub(super) fn print_google(config: &GoogleConfig) -> GoogleFile {
    GoogleFile {
        enabled: Some(EnabledFile(config.enabled)),
        key_file: config.key_file.clone().map(FilePath).map(Text),
    }
}

/// What is in force, as a file says it; the rest is the environment's.
pub(super) fn print_azure(config: &AzureConfig) -> AzureFile {
    AzureFile {
        enabled: Some(EnabledFile(config.enabled)),
        // The environment's may be anything.
        client_id: config
            .client_id
            .as_deref()
            .and_then(|id| ClientId::read(id).ok())
            .map(Text),
    }
}

#[cfg(test)]
mod tests;
