//! Reads the API of a running daemon, for the command line.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::de::DeserializeOwned;
use transport::{BodyError, ClientError as SetupError, HttpClient, HttpConfig, SendError, one_line};
use url::{Host, Url};

use crate::view::{
    ImageView, ImagesView, KnownProblemView, ProblemsView, RegistriesView, RegistryView, ScansView, StatusView,
    TagsView, TargetDetailView, TargetView, TargetsView,
};
use crate::{Problem, ProblemPart, Token};

#[cfg(test)]
mod tests;

/// Longest wait for an answer; verdicts of a very long list take seconds.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Largest answer that is read: 5000 targets with long sentences are a few megabytes.
const LARGEST: usize = 32 * 1024 * 1024;

/// Answers that are put together to one list, at most.
const PARTS: usize = 200;

/// Asks one daemon; cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: HttpClient,
    server: Url,
    token: Option<Token>,
}

/// A daemon cannot be asked at this address.
#[derive(Debug, thiserror::Error)]
#[error("`{server}` is no address of a daemon; write `http://HOST:PORT`")]
pub struct AddressError {
    server: String,
    #[source]
    cause: Option<SetupError>,
}

/// The token would be readable on its way to a daemon.
#[derive(Debug, thiserror::Error)]
#[error(
    "the token is not sent to {server}, for everybody on the way could read it; write `https://`, or forward a port and write \
     `http://127.0.0.1:PORT`"
)]
pub struct OpenWayError {
    server: String,
}

/// A question got no usable answer.
#[derive(Debug, thiserror::Error)]
#[error("failed to ask {server} for its {what}")]
pub struct AskError {
    server: String,
    what: &'static str,
    #[source]
    kind: AskErrorKind,
}

#[derive(Debug, thiserror::Error)]
enum AskErrorKind {
    #[error("is a daemon running there? `--server` or TIDEMARK_SERVER says where to ask")]
    Unreachable(#[source] SendError),
    #[error(transparent)]
    Body(BodyError),
    #[error("{0}")]
    Refused(Refused),
    #[error("{0}; `--token-file` or TIDEMARK_TOKEN_FILE says where the token is")]
    Unauthorized(Refused),
    #[error("the answer is not one of Tidemark's; is something else listening there?")]
    Foreign(#[source] serde_json::Error),
    #[error("the list does not end")]
    Endless,
}

/// What a server says when it does not answer as asked.
#[derive(Debug)]
struct Refused {
    status: StatusCode,
    detail: Option<String>,
    parts: Vec<ProblemPart>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{detail} ({})", self.status),
            None => write!(f, "the server answered {}", self.status),
        }
    }
}

impl AskError {
    /// The daemon answered, and does not know what was asked for.
    pub fn is_not_found(&self) -> bool {
        matches!(&self.kind, AskErrorKind::Refused(refused) if refused.status == StatusCode::NOT_FOUND)
    }

    /// What the daemon says about parts of what was sent.
    pub fn parts(&self) -> &[ProblemPart] {
        match &self.kind {
            AskErrorKind::Refused(refused) => &refused.parts,
            _ => &[],
        }
    }
}

impl Client {
    /// A client of the daemon at `server`, such as `http://127.0.0.1:3030`; a path is kept as a prefix.
    ///
    /// # Errors
    ///
    /// The address is no `http://` or `https://` URL, or holds a user, a query or a fragment.
    pub fn new(server: &str) -> Result<Self, AddressError> {
        let refuse = |cause| AddressError {
            server: one_line(server, 200),
            cause,
        };
        let url = Url::parse(server).map_err(|_| refuse(None))?;
        let plain =
            url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() || !plain {
            return Err(refuse(None));
        }
        let http = HttpClient::new(&HttpConfig::default()).map_err(|cause| refuse(Some(cause)))?;
        Ok(Self {
            http,
            server: url,
            token: None,
        })
    }

    /// The same, showing a token with each question. It goes to this daemon alone, for no redirect is followed.
    ///
    /// # Errors
    ///
    /// The daemon is asked without TLS, and is not on this machine.
    pub fn with_token(self, token: Token) -> Result<Self, OpenWayError> {
        if self.server.scheme() == "https" || is_here(&self.server) {
            let token = Some(token);
            return Ok(Self { token, ..self });
        }
        Err(OpenWayError {
            server: self.server.to_string(),
        })
    }

    /// How it goes, at a glance.
    ///
    /// # Errors
    ///
    /// No daemon answered, or not as asked.
    pub async fn status(&self) -> Result<StatusView, AskError> {
        self.read("status", &["status"], &[]).await
    }

    /// The registry hosts.
    ///
    /// # Errors
    ///
    /// As for [`Client::status`].
    pub async fn registries(&self) -> Result<Vec<RegistryView>, AskError> {
        let answer: RegistriesView = self.read("registries", &["registries"], &[]).await?;
        Ok(answer.registries)
    }

    /// All images.
    ///
    /// # Errors
    ///
    /// As for [`Client::status`].
    pub async fn images(&self) -> Result<Vec<ImageView>, AskError> {
        self.all("images", async |offset| {
            let part: ImagesView = self.read("images", &["images"], &[("offset", offset)]).await?;
            Ok((part.images, part.next_offset))
        })
        .await
    }

    /// One image.
    ///
    /// # Errors
    ///
    /// As for [`Client::status`]; [`AskError::is_not_found`] where it is not scanned.
    pub async fn image(&self, name: &str) -> Result<ImageView, AskError> {
        self.read("image", &["images", name], &[]).await
    }

    /// Asks for scans of all these images now.
    ///
    /// # Errors
    ///
    /// As for [`Client::status`]; none of them is scanned then. [`AskError::parts`] says which are to blame, as `#/images/NUMBER`.
    pub async fn scan(&self, images: &[String]) -> Result<ScansView, AskError> {
        let body = serde_json::json!({ "images": images }).to_string();
        let question = (Method::POST, self.url(&["scan"], &[]), body);
        self.ask("scans", question, StatusCode::ACCEPTED).await
    }

    /// All targets.
    ///
    /// # Errors
    ///
    /// As for [`Client::status`].
    pub async fn targets(&self) -> Result<Vec<TargetView>, AskError> {
        self.all("targets", async |offset| {
            let part: TargetsView = self.read("targets", &["targets"], &[("offset", offset)]).await?;
            Ok((part.targets, part.next_offset))
        })
        .await
    }

    /// All problems; of one path alone where one is given.
    ///
    /// # Errors
    ///
    /// As for [`Client::status`].
    pub async fn problems(&self, path: Option<&str>) -> Result<Vec<KnownProblemView>, AskError> {
        self.all("problems", async |offset| {
            let mut query = vec![("offset", offset)];
            query.extend(path.map(|path| ("path", path.to_owned())));
            let part: ProblemsView = self.read("problems", &["problems"], &query).await?;
            Ok((part.problems, part.next_offset))
        })
        .await
    }

    /// One target with the verdicts behind its decision.
    ///
    /// # Errors
    ///
    /// As for [`Client::status`]; [`AskError::is_not_found`] where there is no such target.
    pub async fn target(&self, id: &str) -> Result<TargetDetailView, AskError> {
        self.read("target", &["targets", id], &[]).await
    }

    /// A part of an image's tags from `offset` on, judged for one of the targets that use it.
    ///
    /// # Errors
    ///
    /// As for [`Client::status`]; [`AskError::is_not_found`] where there is no such image or target.
    pub async fn image_tags(&self, name: &str, target: Option<&str>, offset: usize) -> Result<TagsView, AskError> {
        let mut query = vec![("offset", offset.to_string())];
        query.extend(target.map(|id| ("target", id.to_owned())));
        self.read("tags", &["images", name, "tags"], &query).await
    }

    /// Puts the parts of a list together.
    async fn all<T>(
        &self,
        what: &'static str,
        part: impl AsyncFn(String) -> Result<(Vec<T>, Option<usize>), AskError>,
    ) -> Result<Vec<T>, AskError> {
        let mut items = Vec::new();
        let mut offset = 0;
        for _ in 0..PARTS {
            let (more, next) = part(offset.to_string()).await?;
            items.extend(more);
            match next {
                Some(next) if next > offset => offset = next,
                _ => return Ok(items),
            }
        }
        Err(self.error(what, AskErrorKind::Endless))
    }

    async fn read<T: DeserializeOwned>(
        &self,
        what: &'static str,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<T, AskError> {
        let question = (Method::GET, self.url(path, query), String::new());
        self.ask(what, question, StatusCode::OK).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        what: &'static str,
        (method, url, body): (Method, Url, String),
        expected: StatusCode,
    ) -> Result<T, AskError> {
        let fail = |kind| self.error(what, kind);
        let json = HeaderValue::from_static("application/json");
        let mut headers = HeaderMap::from_iter([(header::ACCEPT, json.clone())]);
        if !body.is_empty() {
            headers.insert(header::CONTENT_TYPE, json);
        }
        if let Some(token) = &self.token {
            headers.insert(header::AUTHORIZATION, token.header());
        }
        let sent = self.http.send(method, url, headers, body, TIMEOUT);
        let answer = sent.await.map_err(|error| fail(AskErrorKind::Unreachable(error)))?;
        let status = answer.status();
        let body = answer
            .bytes(LARGEST)
            .await
            .map_err(|error| fail(AskErrorKind::Body(error)))?;
        if status != expected {
            return Err(fail(refused(status, &body)));
        }
        serde_json::from_slice(&body).map_err(|error| fail(AskErrorKind::Foreign(error)))
    }

    /// Each part of the path becomes one segment, so that a name with slashes stays one.
    fn url(&self, path: &[&str], query: &[(&str, String)]) -> Url {
        let mut url = self.server.clone();
        url.path_segments_mut()
            .expect("only URLs that can be a base are taken")
            .pop_if_empty()
            .extend(["api", "v1"])
            .extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    fn error(&self, what: &'static str, kind: AskErrorKind) -> AskError {
        AskError {
            server: self.server.to_string(),
            what,
            kind,
        }
    }
}

/// Why a daemon did not answer as asked.
fn refused(status: StatusCode, body: &[u8]) -> AskErrorKind {
    let problem: Option<Problem> = serde_json::from_slice(body).ok();
    let (detail, parts) = problem.map(|problem| (problem.detail, problem.errors)).unzip();
    let safe = |part: ProblemPart| ProblemPart {
        pointer: one_line(&part.pointer, 100),
        detail: one_line(&part.detail, 500),
    };
    let refused = Refused {
        status,
        detail: detail.map(|detail| one_line(&detail, 500)),
        parts: parts.unwrap_or_default().into_iter().take(PARTS).map(safe).collect(),
    };
    match status {
        StatusCode::UNAUTHORIZED => AskErrorKind::Unauthorized(refused),
        _ => AskErrorKind::Refused(refused),
    }
}

/// Whether a daemon is on this machine, by its address.
fn is_here(server: &Url) -> bool {
    match server.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
