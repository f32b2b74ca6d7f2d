//! Stand-ins for AWS: ministack 1.5 and moto 5.2, behind a door that keeps a log.

mod agent;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

pub use agent::{AwsAgent, AwsKeys};

use super::forward::forward;
use super::log::{Log, lock};
use crate::folder::Folder;
use crate::http_server::HttpServer;
use crate::port::on_free_port;
use crate::process::{Process, built, command};
use crate::{Answer, Seen, ask};

/// The versions that `make servers` installs.
const MINISTACK: &str = "ministack-1.5.33/bin/python";
const MOTO: &str = "moto-5.2.5/bin/python";

/// A stand-in for the services of AWS: ECR, STS, and the metadata of a machine. Stopped when dropped.
#[derive(Debug)]
pub struct Aws {
    door: HttpServer,
    /// Where its metadata is asked for, beside a machine.
    beside: Option<HttpServer>,
    server: SocketAddr,
    log: Log,
    scripted: Scripted,
    _process: Process,
    _folder: Folder,
}

/// Answers to what begins so, in place of the server's.
type Scripted = Arc<Mutex<Vec<(String, Answer)>>>;

impl Aws {
    /// The account that AWS is asked in the name of.
    pub const ACCOUNT: &str = "123456789012";
    /// The password that ministack's ECR gives; its user is `AWS`, and it lives for twelve hours.
    pub const PASSWORD: &str = "ministack-auth-token";
    /// When moto's passwords expired: on the first day of 2015. They are those of [`Aws::moto_password`].
    pub const MOTO_EXPIRED: u64 = 1_420_070_400;

    /// Starts ministack, which takes every access key, gives credentials to machines, and asks for nothing itself.
    ///
    /// # Errors
    ///
    /// It is not installed, or does not start; with its own words.
    pub fn ministack() -> anyhow::Result<Self> {
        on_free_port(|port| {
            let folder = Folder::new()?;
            let mut serve = command(&built(MINISTACK)?, folder.path());
            serve.args(["-m", "ministack"]).env("BIND_HOST", "127.0.0.1");
            serve
                .env("GATEWAY_PORT", port.to_string())
                .env("MINISTACK_ACCOUNT_ID", Self::ACCOUNT);
            Self::start(
                Process::start(serve, folder.path(), "ministack")?,
                folder,
                port,
                "/_ministack/health",
            )
        })
    }

    /// Starts moto, whose tokens of ECR have long expired when they come.
    ///
    /// # Errors
    ///
    /// It is not installed, or does not start; with its own words.
    pub fn moto() -> anyhow::Result<Self> {
        on_free_port(|port| {
            let folder = Folder::new()?;
            let mut serve = command(&built(MOTO)?, folder.path());
            serve.args(["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()]);
            Self::start(Process::start(serve, folder.path(), "moto")?, folder, port, "/moto-api")
        })
    }

    /// The password that moto's ECR gives for the registry of an account.
    pub fn moto_password(account: &str) -> String {
        format!("{account}-auth-token")
    }

    fn start(mut process: Process, folder: Folder, port: u16, ready: &str) -> anyhow::Result<Self> {
        let server = SocketAddr::from(([127, 0, 0, 1], port));
        process.wait_until(|| {
            let answer = ask::get(server, None, ready, &[]).ok()?;
            (ask::status(&answer) == 200).then_some(())
        })?;
        let (log, scripted) = (Log::default(), Scripted::default());
        Ok(Self {
            door: door(("127.0.0.1", 0), server, &log, &scripted)?,
            beside: None,
            server,
            log,
            scripted,
            _process: process,
            _folder: folder,
        })
    }

    /// It is asked at this address as well, where machines have their metadata.
    ///
    /// # Errors
    ///
    /// The port cannot be had.
    pub fn stands_beside(mut self, at: (&str, u16)) -> anyhow::Result<Self> {
        self.beside = Some(door(at, self.server, &self.log, &self.scripted)?);
        Ok(self)
    }

    /// Its origin: for `AWS_ENDPOINT_URL` and `AWS_EC2_METADATA_SERVICE_ENDPOINT`.
    pub fn url(&self) -> String {
        self.door.url()
    }

    /// Answers everything so from now on, until told to be well again by `None`.
    pub fn instead(&self, answer: Option<Answer>) {
        self.log.instead(answer);
    }

    /// Answers so from now on to what would stand in [`Aws::asked`] with this beginning, until told to be well again by `None`.
    pub fn answers(&self, beginning: &str, answer: Option<Answer>) {
        let mut scripted = lock(&self.scripted);
        scripted.retain(|(other, _)| other != beginning);
        scripted.extend(answer.map(|answer| (beginning.to_owned(), answer)));
    }

    /// The requests that arrived.
    pub fn seen(&self) -> Vec<Seen> {
        self.log.seen()
    }

    /// What it was asked for, in order: `ecr GetAuthorizationToken eu-west-1 123456789012`, `sts AssumeRole eu-west-1`,
    /// `sts AssumeRoleWithWebIdentity` (which is not signed), or the method and path of a request for metadata.
    pub fn asked(&self) -> Vec<String> {
        self.seen().iter().map(action).collect()
    }

    /// How many of [`Aws::asked`] begin so.
    pub fn count(&self, beginning: &str) -> usize {
        self.asked()
            .iter()
            .filter(|action| action.starts_with(beginning))
            .count()
    }
}

fn door(at: (&str, u16), server: SocketAddr, log: &Log, scripted: &Scripted) -> anyhow::Result<HttpServer> {
    let (log, scripted) = (log.clone(), Arc::clone(scripted));
    HttpServer::at(at, None, move |request: Seen| {
        let action = action(&request);
        let told = |(beginning, answer): &(String, Answer)| action.starts_with(beginning).then(|| answer.clone());
        let instead = log.note(&request).or_else(|| lock(&scripted).iter().find_map(told));
        async move {
            match instead {
                Some(answer) => answer.give(request.method == http::Method::HEAD).await,
                None => forward(request, server, None).await,
            }
        }
    })
}

/// What a request is about.
fn action(request: &Seen) -> String {
    let body = String::from_utf8_lossy(&request.body);
    let of_form = || body.split('&').find_map(|pair| pair.strip_prefix("Action="));
    let Some((region, service)) = scope(request) else {
        // Who shows a web identity has nothing to sign with.
        return match of_form() {
            Some(action) => format!("sts {action}"),
            None => format!("{} {}", request.method, request.path),
        };
    };
    let target = request
        .header("x-amz-target")
        .and_then(|target| target.rsplit('.').next());
    let action = target.or_else(of_form).unwrap_or_default();
    let digits: String = body
        .split("registryIds")
        .nth(1)
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    format!("{service} {action} {region} {digits}").trim_end().to_owned()
}

/// Region and service that a request was signed for.
fn scope(request: &Seen) -> Option<(&str, &str)> {
    let mut parts = request
        .header("authorization")?
        .split("Credential=")
        .nth(1)?
        .split('/')
        .skip(2);
    Some((parts.next()?, parts.next()?))
}

#[cfg(test)]
mod tests;
