//! Smart HTTP: one request for each of the four actions.

use std::{
    io::{self, Read, Write},
    pin::Pin,
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use git2::transport::Service;
use http::{
    HeaderMap, HeaderValue, Method, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, LOCATION, PRAGMA},
};
use transport::{BodyError, HttpClient, HttpConfig, Response};
use url::Url;

use super::session::Session;
use crate::{
    Auth, Failure, Remote,
    fault::{Fault, LONGEST_WORDS},
};

/// Most bytes of an error answer that are looked at.
const MOST_ERROR_BYTES: usize = 4096;

/// The way to a repository over HTTP.
#[derive(Clone)]
pub(crate) struct HttpRoute {
    client: HttpClient,
    url: Url,
    authorization: Option<HeaderValue>,
    /// Where the configuration has the credentials, for the words of a 401.
    credentials_hint: &'static str,
}

impl HttpRoute {
    pub(crate) fn new(url: &Url, remote: &Remote) -> Result<Self, Fault> {
        let config = HttpConfig {
            trust: remote.trust.clone(),
            proxy: remote.proxy.clone(),
            connect_timeout: remote.limits.connect_timeout,
            read_timeout: remote.limits.silence_timeout,
            ..HttpConfig::default()
        };
        let client = HttpClient::new(&config)
            .map_err(|error| Fault::caused_by(Failure::Local, "HTTPS cannot be used", &error))?;
        let (authorization, credentials_hint) = match &remote.auth {
            Auth::None => (
                None,
                "the repository has no `auth`: set `auth.username` and `auth.passwordFile`, or `auth.tokenFile`",
            ),
            Auth::Basic { username, password } => {
                let pair = format!("{username}:{}", password.expose());
                (
                    Some(secret_header(&format!("Basic {}", STANDARD.encode(pair)))?),
                    "check `auth.username` and `auth.passwordFile`",
                )
            }
            Auth::Token(token) => (
                Some(secret_header(&format!("Bearer {}", token.expose()))?),
                "check `auth.tokenFile`",
            ),
            Auth::SshKey { .. } => {
                return Err(Fault::new(
                    Failure::Local,
                    "an SSH key is of no use over HTTP; use an `ssh://` address, or a password or token",
                ));
            }
        };
        Ok(Self {
            client,
            url: url.clone(),
            authorization,
            credentials_hint,
        })
    }

    /// `URL/info/refs?service=…` or `URL/git-…-pack`.
    fn target(&self, service: Service) -> Url {
        let mut url = self.url.clone();
        let name = name(service);
        match service {
            Service::UploadPackLs | Service::ReceivePackLs => {
                url.set_path(&format!("{}/info/refs", self.url.path()));
                url.set_query(Some(&format!("service={name}")));
            }
            Service::UploadPack | Service::ReceivePack => url.set_path(&format!("{}/{name}", self.url.path())),
        }
        url
    }

    fn headers(&self, service: Service) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let name = name(service);
        let mut insert = |key, value: &str| {
            headers.insert(key, HeaderValue::from_str(value).expect("these values are plain ASCII"));
        };
        insert(PRAGMA, "no-cache");
        insert(CACHE_CONTROL, "no-cache");
        insert(ACCEPT, &answer_type(service));
        if matches!(service, Service::UploadPack | Service::ReceivePack) {
            insert(CONTENT_TYPE, &format!("application/x-{name}-request"));
        }
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        headers
    }
}

fn secret_header(text: &str) -> Result<HeaderValue, Fault> {
    let mut value = HeaderValue::from_str(text).map_err(|_| {
        Fault::new(
            Failure::Local,
            "the password or token holds a character that HTTP cannot carry, such as a line end",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn name(service: Service) -> &'static str {
    match service {
        Service::UploadPackLs | Service::UploadPack => "git-upload-pack",
        Service::ReceivePackLs | Service::ReceivePack => "git-receive-pack",
    }
}

fn answer_type(service: Service) -> String {
    let end = match service {
        Service::UploadPackLs | Service::ReceivePackLs => "advertisement",
        Service::UploadPack | Service::ReceivePack => "result",
    };
    format!("application/x-{}-{end}", name(service))
}

type Body = Pin<Box<dyn Stream<Item = Result<Bytes, BodyError>> + Send>>;

/// A request that is sent when its answer is first asked for.
pub(crate) struct HttpStream {
    route: HttpRoute,
    session: Arc<Session>,
    service: Service,
    request: Vec<u8>,
    answer: Option<Body>,
    chunk: Bytes,
}

impl HttpStream {
    pub(crate) fn new(route: HttpRoute, session: Arc<Session>, service: Service) -> Self {
        Self {
            route,
            session,
            service,
            request: Vec::new(),
            answer: None,
            chunk: Bytes::new(),
        }
    }

    /// The next bytes of the answer; none at its end.
    fn next(&mut self) -> Result<Bytes, Fault> {
        let mut answer = match self.answer.take() {
            Some(answer) => answer,
            None => self.send()?,
        };
        let next = self.session.wait(self.session.limits.silence_timeout, answer.next())?;
        self.answer = Some(answer);
        match next {
            Some(Ok(chunk)) => {
                self.session.count(chunk.len())?;
                Ok(chunk)
            }
            Some(Err(error)) => Err(Fault::caused_by(Failure::Unreachable, "the server broke off", &error)),
            None => Ok(Bytes::new()),
        }
    }

    fn send(&mut self) -> Result<Body, Fault> {
        let method = match self.service {
            Service::UploadPackLs | Service::ReceivePackLs => Method::GET,
            Service::UploadPack | Service::ReceivePack => Method::POST,
        };
        let is_push = self.service == Service::ReceivePack;
        if is_push {
            self.session.mark_sent();
        }
        let (url, headers) = (self.route.target(self.service), self.route.headers(self.service));
        let (body, time) = (std::mem::take(&mut self.request), self.session.time_left());
        let sending = self.route.client.send(method, url, headers, body, time);
        let response = match self.session.wait(time, sending)? {
            Ok(response) => response,
            Err(error) => {
                if error.is_connect() {
                    self.session.mark_not_sent();
                }
                let failure = if is_untrusted(&error) {
                    Failure::Untrusted
                } else {
                    Failure::Unreachable
                };
                let words = match failure {
                    Failure::Untrusted => {
                        "the server's certificate is not trusted; for a private CA set the repository's `caFile`"
                    }
                    _ => "the server could not be asked",
                };
                return Err(Fault::caused_by(failure, words, &error));
            }
        };
        if is_push && response.status().is_client_error() {
            self.session.mark_refused();
        }
        self.check(response)
    }

    /// Lets a git server's answer through and words every other.
    fn check(&self, response: Response) -> Result<Body, Fault> {
        let status = response.status();
        if status.is_redirection() {
            return Err(self.redirected(&response));
        }
        if status != StatusCode::OK {
            return Err(self.refused(response));
        }
        let wanted = answer_type(self.service);
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .map_or(&b""[..], HeaderValue::as_bytes);
        if kind != wanted.as_bytes() {
            let kind = self.session.redactor.safe_text(kind, 80);
            let words = format!(
                "the server answered with `{kind}` where git's smart protocol has `{wanted}`; is this the address of a repository?"
            );
            return Err(Fault::new(Failure::Protocol, words));
        }
        Ok(Box::pin(response.stream()))
    }

    /// Credentials never follow a redirect, so the address has to be set right (CVE-2026-41506 and kin).
    fn redirected(&self, response: &Response) -> Fault {
        let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let target = target.and_then(|target| self.route.url.join(target).ok());
        let host = target
            .as_ref()
            .and_then(Url::host_str)
            .map(|host| self.session.redactor.safe_text(host.as_bytes(), 253));
        let words = match host {
            Some(host) => format!(
                "the server redirects to host `{host}`, and redirects are not followed; set the repository's `url` to where it is now"
            ),
            None => "the server redirects to nowhere".to_owned(),
        };
        Fault::new(Failure::Protocol, words)
    }

    fn refused(&self, response: Response) -> Fault {
        let status = response.status();
        let is_text = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
        let body = self
            .session
            .wait(
                self.session.limits.connect_timeout,
                response.first_bytes(MOST_ERROR_BYTES),
            )
            .unwrap_or_default();
        // A page for a browser is no use on one line.
        let said = if is_text {
            self.session.redactor.safe_text(&body, LONGEST_WORDS)
        } else {
            String::new()
        };
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(": {said}")
        };
        let hint = self.route.credentials_hint;
        let (failure, words) = match status.as_u16() {
            401 => (
                Failure::Unauthorized,
                format!("the server answers {status}{said}; {hint}"),
            ),
            403 => (
                Failure::Unauthorized,
                format!("the server answers {status}{said}; the credentials may not do this"),
            ),
            404 | 410 => (
                Failure::NoRepository,
                format!(
                    "the server answers {status}{said}; check the `url`, and that the credentials may see the repository"
                ),
            ),
            413 => (Failure::TooLarge, format!("the server answers {status}{said}")),
            408 | 429 | 500.. => (Failure::Unreachable, format!("the server answers {status}{said}")),
            _ => (Failure::Protocol, format!("the server answers {status}{said}")),
        };
        Fault::new(failure, words)
    }
}

/// Whether TLS failed because of the certificate. rustls has no type for it that survives to here, only its words.
fn is_untrusted(error: &dyn std::error::Error) -> bool {
    transport::chain(error).to_string().contains("invalid peer certificate")
}

impl Read for HttpStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.is_empty() {
            self.chunk = match self.next() {
                Ok(chunk) => chunk,
                Err(fault) => return Err(self.session.note_io(fault)),
            };
        }
        let length = self.chunk.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.chunk.split_to(length));
        Ok(length)
    }
}

impl Write for HttpStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.request.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
