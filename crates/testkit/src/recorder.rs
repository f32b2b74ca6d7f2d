//! A server that nobody should talk to, and that remembers who does.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use crate::http_server::{HttpServer, read};
use crate::{Answer, Ca, Seen};

/// A listener that records whatever arrives, to prove that no credential did.
///
/// It answers everything in the same way, so that a client may be led on: by a
/// token, by a challenge of its own, by a list of tags.
#[derive(Debug)]
pub struct Recorder {
    server: HttpServer,
    seen: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<Mutex<Answer>>,
}

impl Recorder {
    /// Listens on a free port of `ip`, which may be any of 127.0.0.0/8, over plain HTTP.
    /// It answers 404 until told otherwise.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn start(ip: &str) -> anyhow::Result<Self> {
        Self::listen((ip, 0), None)
    }

    /// The same over TLS.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn start_tls(ip: &str, ca: &Ca) -> anyhow::Result<Self> {
        Self::listen((ip, 0), Some(ca))
    }

    /// The same on a port that names without one mean.
    ///
    /// # Errors
    ///
    /// The port cannot be had.
    pub fn start_tls_at(at: (&str, u16), ca: &Ca) -> anyhow::Result<Self> {
        Self::listen(at, Some(ca))
    }

    fn listen(at: (&str, u16), ca: Option<&Ca>) -> anyhow::Result<Self> {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(Mutex::new(Answer::status(404)));
        let (log, given) = (Arc::clone(&seen), Arc::clone(&answer));
        let server = HttpServer::at(at, ca, move |request: Seen| {
            let head = request.method == http::Method::HEAD;
            log.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            let answer = given.lock().unwrap_or_else(PoisonError::into_inner).clone();
            answer.give(head)
        })?;
        Ok(Self { server, seen, answer })
    }

    /// Answers everything so from now on.
    pub fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }

    /// Its origin, `http://127.0.0.2:PORT`.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Its `HOST:PORT`.
    pub fn host(&self) -> String {
        self.server.address().to_string()
    }

    /// The requests that arrived.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many connections were made, with a request or without.
    pub fn connections(&self) -> usize {
        read(&self.server.wire().connections)
    }

    /// What arrived that should not have: each header that carries a credential, and each
    /// place in which one of `secrets` stands, plainly, percent-encoded or in Base64, whatever
    /// it is called.
    ///
    /// A secret is `PASSWORD`, or `USER:PASSWORD`, of which the password counts alone too.
    pub fn leaks(&self, secrets: &[&str]) -> Vec<String> {
        let mut leaks = Vec::new();
        let mut texts = vec![("the bytes of a connection".to_owned(), self.server.wire().received())];
        for request in self.seen() {
            let place = format!("{} {}", request.method, request.target());
            leaks.extend(
                request
                    .credentials()
                    .iter()
                    .map(|name| format!("{place}: the header `{name}`")),
            );
            texts.push((place, request.text().into_bytes()));
        }
        for spelling in secrets.iter().flat_map(|secret| spellings(secret)) {
            let holds = |text: &[u8]| text.windows(spelling.len()).any(|part| part == spelling.as_bytes());
            let places = texts
                .iter()
                .filter(|(_, text)| holds(text) || holds(&percent_decoded(text)));
            leaks.extend(places.map(|(place, _)| format!("{place}: a secret")));
        }
        leaks
    }

    /// Asserts that no credential arrived; see [`Recorder::leaks`].
    pub fn assert_saw_no_credential(&self, secrets: &[&str]) {
        let leaks = self.leaks(secrets);
        assert!(leaks.is_empty(), "credentials arrived at {}: {leaks:#?}", self.url());
    }
}

/// How a secret may be spelled on the wire.
fn spellings(secret: &str) -> Vec<String> {
    let password = secret.split_once(':').map_or(secret, |(_, password)| password);
    let encoded = [secret, password].map(|text| STANDARD.encode(text).trim_end_matches('=').to_owned());
    let urlsafe = [secret, password].map(|text| URL_SAFE.encode(text).trim_end_matches('=').to_owned());
    let mut spellings = vec![secret.to_owned(), password.to_owned()];
    spellings.extend(encoded);
    spellings.extend(urlsafe);
    spellings.sort();
    spellings.dedup();
    spellings
}

/// The text with each `%41` as the byte it stands for.
fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    let byte = |at: usize| u8::try_from(digit(at)? * 16 + digit(at + 1)?).ok();
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match byte(at + 1).filter(|_| text[at] == b'%') {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(text[at]);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests;
