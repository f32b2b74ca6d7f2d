//! Credential helpers: programs (`docker-credential-NAME`) that keep credentials or fetch them.
//!
//! Only those are run that the configuration allows by name, found in the folders of `PATH`, without a shell, with an environment that
//! was written for them, and never for longer than [`TIME`]. What a helper says is kept for a short while.

mod answer;
mod run;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::reference::Registry;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;
use transport::Secret;

use crate::credential::Credential;

/// How long a helper may take.
const TIME: Duration = Duration::from_secs(5);

/// How long a credential is used before the helper is asked again.
const KEPT: Duration = Duration::from_secs(5 * 60);

/// How long a helper that broke is left alone.
const EMBARGO: Duration = Duration::from_secs(30);

/// A credential that was refused is fetched anew, but not if it is as young as this: then it is not for its age that it was refused.
const FRESH: Duration = Duration::from_secs(10);

/// Of the environment, what helpers are given beside `PATH`: where their files are, and how clouds are told who is asking.
pub const HELPER_VARIABLES: [&str; 41] = [
    "HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "GNUPGHOME",
    "PASSWORD_STORE_DIR",
    "AWS_ACCESS_KEY_ID",
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_ECR_CACHE_DIR",
    "AWS_ECR_DISABLE_CACHE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_ECR",
    "AWS_ENDPOINT_URL_STS",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SDK_LOAD_CONFIG",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AZURE_AUTHORITY_HOST",
    "AZURE_CLIENT_ID",
    "AZURE_CLIENT_SECRET",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_TENANT_ID",
    "CLOUDSDK_ACTIVE_CONFIG_NAME",
    "CLOUDSDK_CONFIG",
    "GCE_METADATA_HOST",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_PROJECT",
];

/// Which credential helpers may be run, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HelperConfig {
    /// The names (`ecr-login`) that may be run; without any, none is.
    pub allowed: Vec<String>,
    /// The folders in which `docker-credential-NAME` is looked for, in order; relative ones are passed over. They also become the
    /// helper's own `PATH`.
    pub search: Vec<PathBuf>,
    /// The helper's environment beside `PATH`: what is set of [`HELPER_VARIABLES`].
    pub environment: Vec<(String, Secret)>,
}

/// Why a helper has no answer; safe to show, and says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HelperError {
    #[error("`{program}` is in no folder of PATH; install it in one")]
    Missing { program: String },
    #[error("`{program}` cannot be started: {reason}")]
    Start { program: String, reason: String },
    #[error("`{program}` did not answer within {} s and was stopped; run `echo {server} | {program} get` to see what it waits for", TIME.as_secs())]
    Late { program: String, server: String },
    #[error("`{program}` wrote more than 64 KiB and was stopped")]
    TooMuch { program: String },
    #[error(
        "`{program}` failed ({end}); what it wrote may hold secrets, run `echo {server} | {program} get` to see it"
    )]
    Failed {
        program: String,
        server: String,
        end: String,
    },
    #[error("what `{program}` answers is of no use: {reason}; another version of it may do better")]
    Nonsense { program: String, reason: &'static str },
}

/// What a helper said, and when.
struct Kept {
    answer: Result<Option<Credential>, HelperError>,
    at: Instant,
}

type Slot = Arc<AsyncMutex<Option<Kept>>>;

/// The helpers that may be run, with what they said.
#[derive(Default)]
pub(crate) struct Helpers {
    config: HelperConfig,
    slots: Mutex<HashMap<(String, String), Slot>>,
}

impl Helpers {
    pub(crate) fn new(config: HelperConfig) -> Self {
        Self {
            config,
            slots: Mutex::default(),
        }
    }

    /// Whether the configuration names this helper.
    pub(crate) fn allows(&self, name: &str) -> bool {
        self.config.allowed.iter().any(|allowed| allowed == name)
    }

    /// The credential that a helper has for `registry`; `None` if it says that it has none.
    ///
    /// One run at a time for each helper and registry: whoever asks meanwhile waits for its answer. `refused` is a credential that
    /// the registry has just refused; it is not given out again if the helper may have a newer one.
    pub(crate) async fn credential(
        &self,
        name: &str,
        registry: &Registry,
        refused: Option<&Credential>,
    ) -> Result<Option<Credential>, HelperError> {
        let server = server(registry);
        let slot = self.slot(name, &server);
        let mut kept = slot.lock().await;
        if let Some(kept) = &*kept
            && kept.holds(refused)
        {
            return kept.answer.clone();
        }
        *kept = None;
        let answer = run::get(&self.config, name, &server).await;
        *kept = Some(Kept {
            answer: answer.clone(),
            at: Instant::now(),
        });
        answer
    }

    fn slot(&self, name: &str, server: &str) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry((name.to_owned(), server.to_owned())).or_default().clone()
    }
}

impl Kept {
    fn holds(&self, refused: Option<&Credential>) -> bool {
        let age = self.at.elapsed();
        match &self.answer {
            Ok(Some(credential)) if Some(credential) == refused => age < FRESH,
            Ok(_) => age < KEPT,
            Err(_) => age < EMBARGO,
        }
    }
}

/// What is written to a helper: the key that `docker login` would use.
fn server(registry: &Registry) -> String {
    if registry.is_docker_hub() {
        "https://index.docker.io/v1/".to_owned()
    } else {
        registry.to_string()
    }
}

#[cfg(test)]
pub(crate) mod tests;
