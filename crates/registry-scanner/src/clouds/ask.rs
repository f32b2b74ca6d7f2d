//! Questions to the servers of clouds that are no registries: bounded in time and size, their words made safe to show.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use tokio::time;
use transport::{HttpClient, Origin, Redactor, Secret, chain};
use url::Url;

use crate::json::Json;

/// The largest answer that is read. Tokens of clouds have a few thousand bytes.
const MAX_BYTES: usize = 64 * 1024;

/// The longest token that is believed to be one.
const MAX_TOKEN: usize = 32 * 1024;

/// How much of an error's body is looked at, and how much of it is shown.
const ERROR_BYTES: usize = 8 * 1024;
const WORDS: usize = 300;

/// Waits before a question is asked again. A metadata server may be restarting, or need a moment after a pod has started.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];

/// A question, with all that it may take.
#[derive(Debug, Clone)]
pub(super) struct Question {
    /// `the metadata server`.
    pub(super) who: &'static str,
    url: Url,
    headers: HeaderMap,
    /// A form that is posted.
    form: Option<Secret>,
    /// What must not come back in anything that is shown.
    secrets: Vec<Secret>,
    /// For all attempts together.
    patience: Duration,
}

/// An answer that arrived whole. The body of a failure is only its beginning.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    body: Bytes,
    words: String,
}

impl Question {
    /// `GET`, within `patience` altogether.
    pub(super) fn get(who: &'static str, url: Url, patience: Duration) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Self {
            who,
            url,
            headers,
            form: None,
            secrets: Vec::new(),
            patience,
        }
    }

    /// `POST` of a form that holds these secrets.
    pub(super) fn post(who: &'static str, url: Url, form: String, secrets: Vec<Secret>, patience: Duration) -> Self {
        let mut question = Self::get(who, url, patience);
        question.headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        question.form = Some(Secret::new(form));
        question.secrets = secrets;
        question
    }

    /// The same with one more header.
    pub(super) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers
            .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        self
    }

    /// Asks once.
    ///
    /// # Errors
    ///
    /// Why no answer arrived, in words that are safe to show.
    pub(super) async fn once(&self, http: &HttpClient) -> Result<Said, String> {
        let limit = self.patience;
        let out_of_time = |_| format!("{} did not answer within {} s", self.who, limit.as_secs_f32());
        time::timeout(limit, self.attempt(http)).await.map_err(out_of_time)?
    }

    /// Asks again where nobody answered, or in a way that says "not now".
    pub(super) async fn patiently(&self, http: &HttpClient) -> Result<Said, String> {
        let attempts = async {
            for pause in PAUSES {
                match self.attempt(http).await {
                    Ok(said) if !said.is_transient() => return Ok(said),
                    _ => time::sleep(pause).await,
                }
            }
            self.attempt(http).await
        };
        let limit = self.patience;
        let out_of_time = |_| format!("{} did not answer within {} s", self.who, limit.as_secs_f32());
        time::timeout(limit, attempts).await.map_err(out_of_time)?
    }

    async fn attempt(&self, http: &HttpClient) -> Result<Said, String> {
        let (method, body) = match &self.form {
            Some(form) => (Method::POST, form.expose().to_owned()),
            None => (Method::GET, String::new()),
        };
        let origin = Origin::of(&self.url).map_or_else(String::new, |origin| origin.to_string());
        tracing::debug!("{method} {origin}{}", self.url.path());
        let sent = http.send(method, self.url.clone(), self.headers.clone(), body, self.patience);
        let response = sent.await.map_err(|error| chain(&error).to_string())?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = if status.is_success() {
            let whole = response.bytes(MAX_BYTES).await;
            whole.map_err(|error| chain(&error).to_string())?
        } else {
            response.first_bytes(ERROR_BYTES).await
        };
        let words = if status.is_success() {
            String::new()
        } else {
            self.words(&body)
        };
        Ok(Said {
            status,
            headers,
            body,
            words,
        })
    }

    /// A server's own words: the `error_description` of OAuth 2 where there is one.
    fn words(&self, body: &[u8]) -> String {
        let redactor = Redactor::new(&self.secrets);
        if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<') {
            return "(an HTML page)".to_owned();
        }
        let json = Json::parse(body).ok();
        let text = |key| {
            json.as_ref()?
                .get(key)
                .and_then(Json::text)
                .filter(|text| !text.is_empty())
        };
        let said = text("error_description").or_else(|| text("error"));
        redactor.safe_text(said.map_or(body, str::as_bytes), WORDS)
    }
}

impl Said {
    /// What was answered where a token was hoped for: `it answered 404 Not Found: …`.
    pub(super) fn refusal(&self, who: &str) -> String {
        let said = if self.words.is_empty() {
            String::new()
        } else {
            format!(": {}", self.words)
        };
        format!("{who} answered {}{said}", self.status)
    }

    /// The token under `key`, and how long it says to live.
    ///
    /// # Errors
    ///
    /// What is wrong with the answer, never what stands in it.
    pub(super) fn token(&self, who: &str, key: &str) -> Result<(Secret, Option<Duration>), String> {
        if !self.status.is_success() {
            return Err(self.refusal(who));
        }
        token(&self.body, key).map_err(|reason| format!("the answer of {who} is not usable: {reason}"))
    }

    /// The server's words where it refused; safe to show.
    pub(super) fn words(&self) -> &str {
        &self.words
    }

    fn is_transient(&self) -> bool {
        self.status.is_server_error() || matches!(self.status.as_u16(), 408 | 410 | 425 | 429)
    }
}

/// The token under `key` of an answer, and how long it says to live: `expires_in`, a number or digits in a text.
pub(super) fn token(body: &[u8], key: &str) -> Result<(Secret, Option<Duration>), String> {
    let json = Json::parse(body).map_err(|error| error.to_string())?;
    let text = json.get(key).and_then(Json::text).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| format!("there is no `{key}` in it"))?;
    if text.len() > MAX_TOKEN {
        return Err(format!("its `{key}` is longer than {} KiB", MAX_TOKEN / 1024));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!("its `{key}` holds characters that no header may have"));
    }
    let life = match json.get("expires_in") {
        Some(Json::Number(Some(seconds))) => Some(*seconds),
        Some(Json::Text(digits)) => digits.parse().ok(),
        _ => None,
    };
    Ok((Secret::new(text), life.map(Duration::from_secs)))
}

#[cfg(test)]
mod tests;
