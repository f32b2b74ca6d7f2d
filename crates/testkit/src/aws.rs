//! Stand-ins for AWS: ministack 1.5 and moto 5.2, behind a door that keeps a log.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

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
    log: Arc<Log>,
    _process: Process,
    _folder: Folder,
}

#[derive(Debug, Default)]
struct Log {
    seen: Mutex<Vec<Seen>>,
    instead: Mutex<Option<Answer>>,
}

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
        let log = Arc::new(Log::default());
        let kept = Arc::clone(&log);
        let door = HttpServer::start("127.0.0.1", None, move |request: Seen| {
            lock(&kept.seen).push(request.clone());
            let instead = lock(&kept.instead).clone();
            async move {
                let answer = match instead {
                    Some(answer) => answer,
                    None => forward(&request, server).await.unwrap_or_else(|_| Answer::status(502)),
                };
                answer.give(request.method == http::Method::HEAD).await
            }
        })?;
        Ok(Self {
            door,
            log,
            _process: process,
            _folder: folder,
        })
    }

    /// Its origin: for `AWS_ENDPOINT_URL` and `AWS_EC2_METADATA_SERVICE_ENDPOINT`.
    pub fn url(&self) -> String {
        self.door.url()
    }

    /// Answers everything so from now on, until told to be well again by `None`.
    pub fn instead(&self, answer: Option<Answer>) {
        *lock(&self.log.instead) = answer;
    }

    /// The requests that arrived.
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.log.seen).clone()
    }

    /// What it was asked for, in order: `ecr GetAuthorizationToken eu-west-1 123456789012`, `sts AssumeRole eu-west-1`, or the method and
    /// path of a request for metadata.
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

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a request is about.
fn action(request: &Seen) -> String {
    let Some((region, service)) = scope(request) else {
        return format!("{} {}", request.method, request.path);
    };
    let body = String::from_utf8_lossy(&request.body);
    let target = request
        .header("x-amz-target")
        .and_then(|target| target.rsplit('.').next());
    let of_form = || body.split('&').find_map(|pair| pair.strip_prefix("Action="));
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

/// Asks the stand-in the same, and brings its answer.
async fn forward(request: &Seen, server: SocketAddr) -> anyhow::Result<Answer> {
    let mut text = format!("{} {} HTTP/1.1\r\n", request.method, request.target()).into_bytes();
    for (name, value) in &request.headers {
        if !matches!(name.as_str(), "connection" | "content-length" | "transfer-encoding") {
            text.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
        }
    }
    text.extend(format!("content-length: {}\r\nconnection: close\r\n\r\n", request.body.len()).into_bytes());
    text.extend(&request.body);
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&text).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .context("an answer without an end of its head")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let mut given = Answer::status(ask::status(&head)).body(answer.split_off(end + 4));
    for (name, value) in head.lines().skip(1).filter_map(|line| line.split_once(':')) {
        let name = name.to_ascii_lowercase();
        if !matches!(
            name.as_str(),
            "connection" | "content-length" | "transfer-encoding" | "date" | "server"
        ) {
            given = given.header(&name, value.trim());
        }
    }
    Ok(given)
}

#[cfg(test)]
mod tests;
