//! A registry that answers as a script says.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use memory_registry::Registry;

use crate::http_server::{Answered, HttpServer, read};
use crate::tag_list::{TagList, TagListRequest};
use crate::{Answer, Ca, Seen, memory_server};

/// A registry, or any other HTTP server, that answers as a script says.
///
/// A route is `METHOD /path` or, for one query alone, `METHOD /path?query`. What the script does not
/// name goes to the registry in memory that stands behind, or is answered with 404.
/// When dropped, it asserts that every single answer of the script was given.
#[derive(Debug)]
pub struct ScriptedRegistry {
    server: HttpServer,
    script: Arc<Mutex<Script>>,
}

#[derive(Debug, Default)]
struct Script {
    once: BTreeMap<String, VecDeque<Answer>>,
    always: BTreeMap<String, Answer>,
    tag_lists: BTreeMap<String, TagList>,
    behind: Option<Registry>,
    seen: Vec<Seen>,
}

/// Who answers a request.
enum Answerer {
    Script(Answer),
    Registry(Registry),
}

impl ScriptedRegistry {
    /// Listens on 127.0.0.1 over plain HTTP; everything is 404 but what the script says.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn start() -> anyhow::Result<Self> {
        Self::listen("127.0.0.1", None, None)
    }

    /// The same over TLS.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn start_tls(ca: &Ca) -> anyhow::Result<Self> {
        Self::listen("127.0.0.1", Some(ca), None)
    }

    /// The same on any address of 127.0.0.0/8, over TLS if a `ca` is given, and with a
    /// registry in memory that answers what the script does not.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn listen(ip: &str, ca: Option<&Ca>, behind: Option<&Registry>) -> anyhow::Result<Self> {
        Self::at((ip, 0), ca, behind)
    }

    /// Over TLS on the port that names without one mean, at any address of the machine.
    ///
    /// # Errors
    ///
    /// The port is taken.
    pub fn start_tls_at(ip: &str, ca: &Ca) -> anyhow::Result<Self> {
        Self::at((ip, 443), Some(ca), None)
    }

    fn at(at: (&str, u16), ca: Option<&Ca>, behind: Option<&Registry>) -> anyhow::Result<Self> {
        let script = Arc::new(Mutex::new(Script {
            behind: behind.cloned(),
            ..Script::default()
        }));
        let (read, tls) = (Arc::clone(&script), ca.is_some());
        let server = HttpServer::at(at, ca, move |seen| answer(Arc::clone(&read), tls, seen))?;
        Ok(Self { server, script })
    }

    /// Answers `route` so once, after what was said of it before.
    pub fn then(&self, route: &str, answer: Answer) -> &Self {
        self.script()
            .once
            .entry(route.to_owned())
            .or_default()
            .push_back(answer);
        self
    }

    /// Answers `route` so whenever nothing is left of what was to be said once.
    pub fn always(&self, route: &str, answer: Answer) -> &Self {
        self.script().always.insert(route.to_owned(), answer);
        self
    }

    /// Takes back what [`ScriptedRegistry::always`] said of `route`.
    pub fn never(&self, route: &str) -> &Self {
        self.script().always.remove(route);
        self
    }

    /// Makes this of the list of tags that the registry behind has of `repository`, until told otherwise.
    pub fn tag_list(&self, repository: &str, list: TagList) -> &Self {
        self.script().tag_lists.insert(repository.to_owned(), list);
        self
    }

    /// Shows a new certificate of `ca`, whether it is the authority that it had before or another; connections that are open end.
    ///
    /// # Errors
    ///
    /// It speaks no TLS, or there is no randomness.
    pub fn change_certificate(&self, ca: &Ca) -> anyhow::Result<()> {
        self.server.change_certificate(ca)
    }

    /// Its origin.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Its `HOST:PORT`, as image references have it.
    pub fn host(&self) -> String {
        self.server.address().to_string()
    }

    /// The requests that arrived.
    pub fn seen(&self) -> Vec<Seen> {
        self.script().seen.clone()
    }

    /// Forgets the requests that arrived.
    pub fn forget(&self) {
        self.script().seen.clear();
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        read(&self.server.wire().connections)
    }

    /// The answers that were not given yet, by route.
    pub fn left(&self) -> Vec<String> {
        let script = self.script();
        let left = script.once.iter().filter(|(_, answers)| !answers.is_empty());
        left.map(|(route, answers)| format!("{route} ({} times)", answers.len()))
            .collect()
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ScriptedRegistry {
    fn drop(&mut self) {
        if !thread::panicking() {
            let left = self.left();
            assert!(left.is_empty(), "the script was not used up: {left:#?}");
        }
    }
}

async fn answer(script: Arc<Mutex<Script>>, tls: bool, seen: Seen) -> Answered {
    let head = seen.method == http::Method::HEAD;
    let answerer = script.lock().unwrap_or_else(PoisonError::into_inner).answerer(&seen);
    match answerer {
        Answerer::Script(answer) => answer.give(head).await,
        Answerer::Registry(registry) => memory_server::ask(registry, tls, seen).await,
    }
}

impl Script {
    fn answerer(&mut self, seen: &Seen) -> Answerer {
        self.seen.push(seen.clone());
        let routes = [seen.target(), seen.path.clone()].map(|target| format!("{} {target}", seen.method));
        if let Some(answer) = routes.iter().find_map(|route| self.once.get_mut(route)?.pop_front()) {
            return Answerer::Script(answer);
        }
        if let Some(answer) = routes.iter().find_map(|route| self.always.get(route)) {
            return Answerer::Script(answer.clone());
        }
        if let Some(answer) = self.tag_list(seen) {
            return Answerer::Script(answer);
        }
        match &self.behind {
            Some(registry) => Answerer::Registry(registry.clone()),
            None => Answerer::Script(Answer::status(404)),
        }
    }

    fn tag_list(&self, seen: &Seen) -> Option<Answer> {
        let request = TagListRequest::read(seen)?;
        self.tag_lists
            .get(request.repository)?
            .answer(self.behind.as_ref()?, &request)
    }
}

#[cfg(test)]
mod tests;
