//! What is asked of AWS: a token for a registry, and who we are.

mod failure;

use std::pin::Pin;
use std::time::{Duration, SystemTime};

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::imds::region::ImdsRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_ecr::config::IdentityCache;
use aws_sdk_ecr::primitives::DateTime;
use aws_sdk_ecr::types::AuthorizationData;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;
use transport::{Proxy, Secret};

use super::config::EcrRole;
use super::host::EcrHost;
use super::wire::Wire;
use crate::clouds::keep::{Fresh, Trouble};
use crate::credential::Credential;

/// For all that one token takes: finding out who we are, taking on a role, and asking.
const WHOLE_TIME: Duration = Duration::from_secs(20);

/// As AWS shows it in its logs.
const SESSION: &str = "tidemark";

/// Where AWS is asked who we are if nothing says where we are.
const ANYWHERE: &str = "us-east-1";

/// A question to AWS. Its type is not told: the SDK's are so deep that the compiler gives up on what is built of them.
type Asking<'a, T> = Pin<Box<dyn Future<Output = Result<T, Trouble>> + Send + 'a>>;

/// Our side of the AWS SDK.
#[derive(Debug)]
pub(super) struct Sdk {
    wire: Wire,
    /// Who we are, as far as it was found out. Forgotten after a failure: the files may say something else by then.
    found: AsyncMutex<Option<SdkConfig>>,
}

impl Sdk {
    pub(super) fn new(proxy: Option<Proxy>) -> Self {
        Self {
            wire: Wire::new(proxy),
            found: AsyncMutex::default(),
        }
    }

    /// Asks for a token that opens the registry `host`.
    pub(super) async fn token(&self, host: &EcrHost, role: Option<&EcrRole>) -> Result<Fresh, Trouble> {
        tracing::debug!(
            "Asking AWS for a token for ECR of account {} in {}",
            host.account,
            host.region
        );
        self.quietly(Box::pin(self.ask_token(host, role))).await
    }

    /// Asks who we are; answers with the name of that identity.
    pub(super) async fn caller(&self, regions: &[String]) -> Result<String, Trouble> {
        self.quietly(Box::pin(self.ask_caller(regions))).await
    }

    /// Within the time that all may take, and without the SDK's own log: it would show tokens at the level `trace`.
    async fn quietly<T>(&self, asking: Asking<'_, T>) -> Result<T, Trouble> {
        self.wire.forget_refusal();
        let asked = time::timeout(WHOLE_TIME, asking)
            .with_subscriber(NoSubscriber::default())
            .await;
        let outcome = asked.unwrap_or_else(|_| Err(failure::out_of_time(WHOLE_TIME)));
        if outcome.is_err() {
            *self.found.lock().await = None;
        }
        outcome
    }

    async fn ask_token(&self, host: &EcrHost, role: Option<&EcrRole>) -> Result<Fresh, Trouble> {
        let region = Region::new(host.region.clone());
        let found = self.found(region.clone()).await;
        let overridden = found.endpoint_url().is_some();
        let mut sdk = found.into_builder().region(region);
        // A server that the operator named is reached as named.
        if host.fips && !overridden {
            sdk.set_use_fips(Some(true));
        }
        if host.dual_stack && !overridden {
            sdk.set_use_dual_stack(Some(true));
        }
        let sdk = sdk.build();
        let mut ecr = aws_sdk_ecr::config::Builder::from(&sdk);
        if let Some(role) = role {
            ecr = ecr
                .identity_cache(IdentityCache::no_cache())
                .credentials_provider(taken_on(role, &sdk).await);
        }
        let client = aws_sdk_ecr::Client::from_conf(ecr.build());
        #[expect(
            deprecated,
            reason = "tokens of today open the registries of all accounts, those of older stand-ins only these"
        )]
        let answer = client
            .get_authorization_token()
            .registry_ids(host.account.as_str())
            .send()
            .await;
        let answer = answer.map_err(|error| failure::of_token(&error, role, &self.wire))?;
        let data = answer.authorization_data.unwrap_or_default();
        // Where its registry is, is not looked at: the token is shown to the host that it was asked for.
        read(data.first(), SystemTime::now()).map_err(failure::bad_answer)
    }

    async fn ask_caller(&self, regions: &[String]) -> Result<String, Trouble> {
        let region = match regions.first() {
            Some(region) => Region::new(region.clone()),
            None => self.here().await.unwrap_or(Region::from_static(ANYWHERE)),
        };
        let sdk = self.found(region).await;
        let client = aws_sdk_sts::Client::new(&sdk);
        let answer = client.get_caller_identity().send().await;
        let answer = answer.map_err(|error| failure::of_caller(&error, &self.wire))?;
        Ok(answer.arn.unwrap_or_default())
    }

    /// Who we are, found out once. `region` is where web identities are exchanged if nothing else says where.
    async fn found(&self, region: Region) -> SdkConfig {
        let mut found = self.found.lock().await;
        if let Some(found) = &*found {
            return found.clone();
        }
        let regions = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
            .or_else(ProfileFileRegionProvider::new())
            .or_else(region);
        let sdk = aws_config::defaults(BehaviorVersion::latest())
            .http_client(self.wire.clone())
            .region(regions)
            .retry_config(RetryConfig::standard().with_max_attempts(2))
            .timeout_config(timeouts())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .load()
            .await;
        found.insert(sdk).clone()
    }

    /// The region of this machine, where it is one of AWS's: told by its metadata.
    async fn here(&self) -> Option<Region> {
        let config = ProviderConfig::without_region().with_http_client(self.wire.clone());
        let metadata = ImdsRegionProvider::builder().configure(&config).build();
        metadata.region().await
    }
}

/// Credentials of a role, fetched when they are used.
async fn taken_on(role: &EcrRole, sdk: &SdkConfig) -> AssumeRoleProvider {
    let mut provider = AssumeRoleProvider::builder(&role.arn)
        .session_name(SESSION)
        .configure(sdk);
    if let Some(external_id) = &role.external_id {
        provider = provider.external_id(external_id);
    }
    provider.build().await
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(5))
        .operation_attempt_timeout(Duration::from_secs(8))
        .operation_timeout(Duration::from_secs(15))
        .build()
}

/// The user and the password in an answer of ECR, and how long they live from `now` on.
fn read(data: Option<&AuthorizationData>, now: SystemTime) -> Result<Fresh, &'static str> {
    let data = data.ok_or("there is no token in it")?;
    let token = data.authorization_token().ok_or("there is no token in it")?;
    let token = STANDARD.decode(token).map_err(|_| "its token is not base64")?;
    let token = String::from_utf8(token).map_err(|_| "its token is no text")?;
    let (username, password) = token.split_once(':').ok_or("its token is no user and password")?;
    if username.is_empty() || password.is_empty() {
        return Err("its token has no user or no password");
    }
    Ok(Fresh {
        credential: Credential::Basic {
            username: username.to_owned(),
            password: Secret::new(password),
        },
        life: data.expires_at().map_or(UNKNOWN_LIFE, |end| life(end, now)),
    })
}

/// How long a token lives if its answer does not say: long enough to be used, short enough not to be relied on.
const UNKNOWN_LIFE: Duration = Duration::from_secs(15 * 60);

fn life(end: &DateTime, now: SystemTime) -> Duration {
    let now = DateTime::from(now);
    let seconds = end.secs().saturating_sub(now.secs());
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

#[cfg(test)]
mod tests;
