//! Registries.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use domain::accept::SuspectLimits;
use registry_scanner::{
    CloudsConfig, ConfiguredCredentials, DockerConfigFile, HelperConfig, HostConfig, Limits, ScannerConfig,
};
use transport::Proxy;

use super::Checker;
use crate::config::file::{CredentialsFile, HostFile, LimitsFile, RegistriesFile, SuspectFile, SuspectOverrideFile};
use crate::config::globs::Glob;
use crate::config::images::ImageGlobs;
use crate::config::registries::{Schedule, Schedules};
use crate::config::text::{List, Text};

/// What holds where the file says nothing.
const DEFAULT_SCHEDULE: Schedule = Schedule {
    interval: Duration::from_secs(5 * 60),
    min_interval: Duration::from_secs(30),
    suspect: SuspectLimits {
        scans: 3,
        span: Duration::from_secs(10 * 60),
    },
};

impl Checker<'_> {
    pub(super) fn registries(
        &mut self,
        file: RegistriesFile,
        proxy: Option<Proxy>,
    ) -> (ScannerConfig, Schedules, ImageGlobs) {
        // `Docker.io` and `index.docker.io` are one registry, and so are spellings in other cases.
        self.refuse_doubles(
            "registries.hosts",
            "host",
            |text| match domain::reference::Registry::parse(text) {
                Ok(host) => host.as_str().to_ascii_lowercase(),
                Err(_) => text.to_owned(),
            },
        );
        let defaults = file.defaults.unwrap_or_default();
        let (limits, schedule) = (default_limits(&defaults), default_schedule(&defaults));
        let mut schedules = Schedules {
            defaults: schedule,
            hosts: Vec::new(),
        };
        let mut hosts = Vec::new();
        for (number, host) in file.hosts.unwrap_or_default().into_items() {
            self.check_plain_http(&host, &format!("registries.hosts[{number}]"));
            schedules
                .hosts
                .push((host.host.0.clone(), own_schedule(&host, schedule)));
            hosts.push(self.host(host, limits));
        }
        let docker_config = self.optional_path(file.docker_config).map(DockerConfigFile::Named);
        let helpers = file.credential_helpers.unwrap_or_default().into_items();
        let helpers = helpers.map(|(_, name)| name.0.0).collect();
        let images = ImageGlobs {
            include: globs(file.include),
            exclude: globs(file.exclude),
        };
        (
            ScannerConfig {
                defaults: limits,
                hosts,
                docker_config,
                helpers: HelperConfig {
                    allowed: helpers,
                    ..self.environment.helpers()
                },
                clouds: CloudsConfig {
                    ecr: self.ecr(file.ecr.unwrap_or_default()),
                    google: self.google(file.google.unwrap_or_default()),
                    azure: self.azure(file.azure.unwrap_or_default()),
                },
                proxy,
            },
            schedules,
            images,
        )
    }

    fn host(&self, file: HostFile, defaults: Limits) -> HostConfig {
        let limits = own_limits(&file, defaults.within(&file.host.0));
        HostConfig {
            host: file.host.0,
            plain_http: file.plain_http.unwrap_or(false),
            plain_http_credentials: file.plain_http_credentials.unwrap_or(false),
            ca_file: self.optional_path(file.ca_file),
            token_hosts: file
                .token_hosts
                .unwrap_or_default()
                .into_items()
                .map(|(_, host)| host.0)
                .collect(),
            credentials: file.credentials.map(|credentials| self.credentials(credentials)),
            limits,
        }
    }

    fn credentials(&self, file: CredentialsFile) -> ConfiguredCredentials {
        ConfiguredCredentials {
            username: file.username.0.0,
            password_file: self.path(file.password_file),
        }
    }

    /// A password that everybody on the way can read is sent only where somebody said so in as many words.
    fn check_plain_http(&mut self, file: &HostFile, key: &str) {
        let plain = file.plain_http == Some(true);
        if plain && file.credentials.is_some() && file.plain_http_credentials != Some(true) {
            self.problem(
                &format!("{key}.plainHttpCredentials"),
                "the credentials would go over plain HTTP, readable for everybody on the way; \
                 write `plainHttpCredentials: true` to allow that",
            );
        }
    }
}

fn globs(texts: Option<List<Text<Glob>>>) -> Vec<Glob> {
    let items = texts.unwrap_or_default().into_items();
    items.map(|(_, glob)| glob.0).collect()
}

fn default_limits(file: &LimitsFile) -> Limits {
    let defaults = Limits::default();
    Limits {
        requests_per_second: at_least_one(file.requests_per_second).unwrap_or(defaults.requests_per_second),
        burst: at_least_one(file.burst).unwrap_or(defaults.burst),
        concurrency: many(file.concurrency).unwrap_or(defaults.concurrency),
        timeout: duration(file.timeout.as_ref()).unwrap_or(defaults.timeout),
    }
}

fn own_limits(file: &HostFile, defaults: Limits) -> Limits {
    Limits {
        requests_per_second: at_least_one(file.requests_per_second).unwrap_or(defaults.requests_per_second),
        burst: at_least_one(file.burst).unwrap_or(defaults.burst),
        concurrency: many(file.concurrency).unwrap_or(defaults.concurrency),
        timeout: duration(file.timeout.as_ref()).unwrap_or(defaults.timeout),
    }
}

fn default_schedule(file: &LimitsFile) -> Schedule {
    let none = SuspectFile::default();
    let SuspectFile { scans, span } = file.suspect.as_ref().unwrap_or(&none);
    let suspect = suspect(*scans, span.as_ref(), DEFAULT_SCHEDULE.suspect);
    schedule(
        file.interval.as_ref(),
        file.min_interval.as_ref(),
        suspect,
        DEFAULT_SCHEDULE,
    )
}

fn own_schedule(file: &HostFile, defaults: Schedule) -> Schedule {
    let none = SuspectOverrideFile::default();
    let SuspectOverrideFile { scans, span } = file.suspect.as_ref().unwrap_or(&none);
    let suspect = suspect(*scans, span.as_ref(), defaults.suspect);
    schedule(file.interval.as_ref(), file.min_interval.as_ref(), suspect, defaults)
}

fn schedule(
    interval: Option<&Text<Duration>>,
    min_interval: Option<&Text<Duration>>,
    suspect: SuspectLimits,
    defaults: Schedule,
) -> Schedule {
    let interval = duration(interval).unwrap_or(defaults.interval);
    let min_interval = duration(min_interval).unwrap_or(defaults.min_interval);
    Schedule {
        interval,
        min_interval: min_interval.min(interval),
        suspect,
    }
}

fn suspect(scans: Option<u32>, span: Option<&Text<Duration>>, defaults: SuspectLimits) -> SuspectLimits {
    SuspectLimits {
        scans: scans.unwrap_or(defaults.scans),
        span: duration(span).unwrap_or(defaults.span),
    }
}

fn duration(text: Option<&Text<Duration>>) -> Option<Duration> {
    text.map(|text| text.0)
}

/// The schema holds the bounds; zero does not come here.
fn at_least_one(number: Option<u32>) -> Option<NonZeroU32> {
    number.and_then(NonZeroU32::new)
}

fn many(number: Option<u32>) -> Option<NonZeroUsize> {
    at_least_one(number).and_then(|number| NonZeroUsize::try_from(number).ok())
}
