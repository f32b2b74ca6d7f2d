//! The hosts: each has one image, one credential that nobody else may see, and its own way of misbehaving.

use std::net::TcpListener;

use memory_registry::{Authentication, Manners, Registry, Rights, TokenService, Users};
use testkit::{Answer, Ca, Canary, Recorder, ScriptedRegistry, TagList};

use super::faults::{self, Throttle};

/// The host that wants to be left alone for longer than anybody waits.
pub(super) const PATIENT: &str = "patient";
/// Hosts that do nothing wrong.
pub(super) const HEALTHY: [&str; 3] = ["plain", "tls", "token"];
/// Hosts that say 429 in one way each.
pub(super) const THROTTLING: [(&str, Throttle); 9] = [
    ("seconds", Throttle::new(Some("2"), 2)),
    ("broken", Throttle::new(Some("1.25"), 1)),
    ("date", Throttle::new(Some("Sun, 06 Nov 1994 08:49:39 GMT"), 2)),
    ("duration", Throttle::new(Some("1.5s"), 1)),
    ("micros", Throttle::new(Some("880.092µs"), 1)),
    ("nonsense", Throttle::new(Some("when it suits you"), 1)),
    ("wordless", Throttle::new(None, 1)),
    ("abuse", Throttle::new(None, 1)),
    (PATIENT, Throttle::new(Some("8"), 8)),
];
/// Hosts that fail in ways that pass by themselves.
const PASSING: [&str; 8] = ["hang", "reset", "cut", "slow", "errors", "pulls", "seventh", "blobs"];
/// Hosts that are good at first, and what comes then.
const TURNING: [&str; 6] = ["renewed", "stranger", "empty", "without", "half", "page"];
/// Hosts that lead elsewhere, for good.
const LEADING_AWAY: [&str; 2] = ["seduced", "realm"];

/// A host of the cast.
pub(super) struct Host {
    pub(super) name: &'static str,
    pub(super) server: ScriptedRegistry,
    /// What it holds.
    pub(super) registry: Registry,
    pub(super) canary: Canary,
    /// Where its tokens come from, if that is another server.
    pub(super) tokens: Option<ScriptedRegistry>,
    pub(super) tls: bool,
}

/// All servers but git's.
pub(super) struct Cast {
    pub(super) ca: Ca,
    pub(super) hosts: Vec<Host>,
    /// Where blobs are redirected to; it has a credential of its own, which nobody should show it.
    pub(super) blobs: ScriptedRegistry,
    /// Where lists and questions for tokens are led to; nobody should follow.
    pub(super) elsewhere: Recorder,
    /// Takes connections and says nothing, not even a handshake.
    pub(super) silent: TcpListener,
}

impl Host {
    fn new(name: &'static str, ca: Option<&Ca>) -> Self {
        let (registry, canary) = (Registry::new(), Canary::of(name));
        registry.set_authentication(Authentication::basic(users(name, &canary)));
        Self {
            name,
            server: ScriptedRegistry::listen("127.0.0.1", ca, Some(&registry)).unwrap(),
            registry,
            canary,
            tokens: None,
            tls: ca.is_some(),
        }
    }

    /// The image's name, without its registry.
    pub(super) fn repository(&self) -> String {
        format!("team/{}", self.name)
    }

    /// The route of its list.
    pub(super) fn list(&self) -> String {
        format!("GET /v2/{}/tags/list", self.repository())
    }

    fn push(&self, tag: &str) {
        self.registry.push(&self.repository(), tag, &faults::build(tag));
    }

    /// Wants tokens, which `tokens` gives for the same users; each is good for so many requests.
    fn wants_tokens(&mut self, ca: Option<&Ca>, uses: Option<u32>) {
        let tokens = ScriptedRegistry::listen("127.0.0.1", ca, Some(&self.registry)).unwrap();
        self.registry.set_authentication(Authentication::Bearer(TokenService {
            realm: Some(format!("{}/token", tokens.url())),
            uses,
            ..TokenService::new(users(self.name, &self.canary))
        }));
        self.tokens = Some(tokens);
    }
}

fn users(name: &str, canary: &Canary) -> Users {
    Users::new().with(name, canary.secret(), Rights::pull("*"))
}

impl Cast {
    /// Everybody, with the faults of the first act; all images have the tags 1.0.0 and 1.1.0.
    pub(super) fn new() -> Self {
        let ca = Ca::new().unwrap();
        let names = HEALTHY
            .into_iter()
            .chain(THROTTLING.map(|(name, _)| name))
            .chain(PASSING)
            .chain(TURNING)
            .chain(LEADING_AWAY);
        let over_tls = |name: &str| ["tls", "token", "renewed", "stranger"].contains(&name).then_some(&ca);
        let hosts: Vec<Host> = names.map(|name| Host::new(name, over_tls(name))).collect();
        let mut cast = Self {
            hosts,
            blobs: ScriptedRegistry::listen("127.0.0.2", None, Some(&Registry::new())).unwrap(),
            elsewhere: Recorder::start("127.0.0.3").unwrap(),
            silent: TcpListener::bind("127.0.0.1:0").unwrap(),
            ca,
        };
        let ca = cast.ca.clone();
        cast.host_mut("token").wants_tokens(Some(&ca), None);
        cast.host_mut("seventh").wants_tokens(None, Some(6));
        for host in &cast.hosts {
            host.push("1.0.0");
            host.push("1.1.0");
        }
        cast.misbehave();
        cast
    }

    /// The faults of the first act.
    fn misbehave(&self) {
        for (name, throttle) in THROTTLING {
            let host = self.host(name);
            let answer = if name == "abuse" {
                faults::abuse()
            } else {
                throttle.answer()
            };
            faults::then(host, vec![answer]);
        }
        for name in PASSING {
            faults::passing(self, self.host(name));
        }
        for name in LEADING_AWAY {
            faults::leading_away(self, self.host(name));
        }
    }

    /// Who is at 1.1.0 at the end of the first act.
    pub(super) fn recovering() -> Vec<&'static str> {
        let throttling = THROTTLING.map(|(name, _)| name);
        HEALTHY
            .into_iter()
            .chain(throttling)
            .chain(PASSING)
            .chain(TURNING)
            .collect()
    }

    /// A new tag for all that take part in the second act.
    pub(super) fn push_everywhere(&self, tag: &str) {
        for name in HEALTHY.into_iter().chain(TURNING).chain([PATIENT]) {
            self.push(name, tag);
        }
    }

    /// A new tag for one host.
    pub(super) fn push(&self, name: &str, tag: &str) {
        self.host(name).push(tag);
    }

    /// The second act: lists that lack something, and certificates that are others than before.
    pub(super) fn get_worse(&self) {
        let bad = |name: &str, list| {
            let host = self.host(name);
            host.server.tag_list(&host.repository(), list);
        };
        bad("empty", TagList::Empty);
        bad("without", TagList::Without("1.1.0".to_owned()));
        bad("half", TagList::CutAtPageTwo);
        let page = self.host("page");
        let log_in = Answer::html("<html><body>Please log in.</body></html>");
        page.server.always(&page.list(), log_in);
        self.host("renewed").server.change_certificate(&self.ca).unwrap();
        let stranger = Ca::new().unwrap();
        self.host("stranger").server.change_certificate(&stranger).unwrap();
    }

    /// The third act: whoever can be well is well.
    pub(super) fn get_better(&self) {
        for name in ["empty", "without", "half"] {
            let host = self.host(name);
            host.server.tag_list(&host.repository(), TagList::Good);
        }
        self.host("stranger").server.change_certificate(&self.ca).unwrap();
        let page = self.host("page");
        page.server.never(&page.list());
    }

    /// The host of this name.
    pub(super) fn host(&self, name: &str) -> &Host {
        self.hosts.iter().find(|host| host.name == name).unwrap()
    }

    fn host_mut(&mut self, name: &str) -> &mut Host {
        self.hosts.iter_mut().find(|host| host.name == name).unwrap()
    }

    /// Each image's name and the `HOST:PORT` of its registry, that of the silent host included.
    pub(super) fn images(&self) -> Vec<(&'static str, String)> {
        let silent = ("silent", self.silent.local_addr().unwrap().to_string());
        let hosts = self.hosts.iter().map(|host| (host.name, host.server.host()));
        hosts.chain([silent]).collect()
    }

    /// What an image is at the end, and on the way there.
    pub(super) fn history(name: &str) -> &'static [&'static str] {
        match name {
            name if HEALTHY.contains(&name) => &["1.0.0", "1.1.0", "1.2.0", "1.3.0"],
            name if TURNING.contains(&name) || name == PATIENT => &["1.0.0", "1.1.0", "1.2.0"],
            name if LEADING_AWAY.contains(&name) || name == "silent" => &["1.0.0"],
            _ => &["1.0.0", "1.1.0"],
        }
    }

    /// Pages of ten tags, so that a token which is good for six requests ends on the seventh.
    pub(super) fn make_long(host: &Host) {
        host.registry.set_manners(Manners {
            largest_page: Some(10),
            ..Manners::default()
        });
        host.registry
            .push_tags(&host.repository(), (0..98).map(|patch| format!("1.0.{}", patch + 1)));
    }
}
