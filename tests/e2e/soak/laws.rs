//! What must hold of all that was seen and said.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use testkit::{Canary, Seen};

use super::cast::{Cast, HEALTHY, THROTTLING};
use super::stage::{INTERVAL, Stage};

/// Clocks are not read at one and the same moment.
const JITTER: Duration = Duration::from_millis(50);

impl Stage<'_> {
    /// Each image went through its history, in so many commits and without a change of anything else.
    pub(super) fn assert_exactly_the_right_commits(&self) {
        let log = self
            .repository
            .git(&[
                "log",
                "--reverse",
                "-p",
                "--unified=0",
                "--format=tformat:commit",
                "main",
            ])
            .unwrap();
        let mut histories: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut commits = log.split("commit\n").filter(|commit| !commit.is_empty());
        let _seed = commits.next().unwrap();
        for commit in commits {
            for (name, from, to) in changes(commit) {
                let history = histories
                    .entry(name.clone())
                    .or_insert_with(|| vec!["1.0.0".to_owned()]);
                assert_eq!(history.last(), Some(&from), "{name}:\n{commit}");
                history.push(to);
            }
        }
        for (name, _) in self.cast.images() {
            let history = histories.remove(name).unwrap_or_else(|| vec!["1.0.0".to_owned()]);
            assert_eq!(history, Cast::history(name), "{name}");
        }
        assert!(histories.is_empty(), "{histories:?}");
        assert!(self.repository.is_linear().unwrap());
        self.repository.fsck().unwrap();
    }

    /// Between two lists of a healthy host, before the first and after the last, were two intervals at most.
    pub(super) fn assert_no_interval_was_missed(&self) {
        let ended = self.ended.unwrap();
        for name in HEALTHY {
            let lists = self.lists(name);
            let times: Vec<Instant> = [self.began].into_iter().chain(lists).chain([ended]).collect();
            let longest = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
            assert!(longest <= 2 * INTERVAL, "{name} was left alone for {longest:?}");
        }
    }

    /// Whoever says for how long it wants to be left alone is left alone for so long.
    pub(super) fn assert_patience(&self) {
        for (name, throttle) in THROTTLING {
            let lists = self.lists(name);
            let (first, next) = (lists[1], lists[2]);
            let wait = Duration::from_secs(throttle.heeded);
            assert!(
                next - first + JITTER >= wait,
                "{name} was asked again after {:?}",
                next - first
            );
        }
    }

    /// When the list of a host was asked for. (The first request is the one that brings the challenge, if one comes.)
    fn lists(&self, name: &str) -> Vec<Instant> {
        let host = self.cast.host(name);
        let path = format!("/v2/{}/tags/list", host.repository());
        let seen = host.server.seen();
        seen.iter()
            .filter(|seen| seen.path == path)
            .map(|seen| seen.at)
            .collect()
    }

    /// No canary is in anything that the daemon has said, in whatever encoding.
    pub(super) fn assert_nothing_was_told(&self) {
        for (place, text) in &self.said {
            let told = Canary::any_in(text);
            assert!(told.is_none(), "a secret is in {place}: {}", told.unwrap());
        }
        for token in self.cast.tokens() {
            let told = self.said.iter().find(|(_, text)| text.contains(&token));
            assert!(told.is_none(), "a token is in {}", told.unwrap().0);
        }
        assert!(self.said["standard error"].len() > 100_000, "it was to log all it can");
    }
}

/// The image, the old tag and the new one of each change in a commit; there are no other changes.
fn changes(commit: &str) -> Vec<(String, String, String)> {
    let lines = |sign: &str, header: &str| {
        let lines = commit
            .lines()
            .filter(|line| line.starts_with(sign) && !line.starts_with(header));
        lines.map(|line| image(&line[1..])).collect::<Vec<_>>()
    };
    let (before, after) = (lines("-", "---"), lines("+", "+++"));
    assert_eq!(before.len(), after.len(), "{commit}");
    let pairs = before.into_iter().zip(after);
    pairs
        .map(|((old, from), (new, to))| {
            assert_eq!(old, new, "{commit}");
            (old, from, to)
        })
        .collect()
}

/// The name and tag of the image in a line of a manifest.
fn image(line: &str) -> (String, String) {
    let image = line
        .strip_prefix("          image: ")
        .and_then(|line| line.strip_suffix("   # keep me"));
    let (_, name) = image
        .and_then(|image| image.split_once("/team/"))
        .unwrap_or_else(|| panic!("{line}"));
    let (name, tag) = name.split_once(':').unwrap();
    (name.to_owned(), tag.to_owned())
}

impl Cast {
    /// A server has seen no secret but that of its own registry, and those that are led to have seen none at all.
    pub(super) fn assert_credentials_stayed_at_home(&self) {
        let mut places: Vec<(String, Option<&Canary>, Vec<Seen>)> = Vec::new();
        for host in &self.hosts {
            places.push((host.name.to_owned(), Some(&host.canary), host.server.seen()));
            let tokens = host.tokens.as_ref();
            places.extend(tokens.map(|tokens| (format!("tokens of {}", host.name), Some(&host.canary), tokens.seen())));
        }
        places.push(("blobs".to_owned(), None, self.blobs.seen()));
        places.push(("elsewhere".to_owned(), None, self.elsewhere.seen()));
        let owners = self.hosts.iter().map(|host| host.canary.clone());
        let others = (0..4).map(|number| Canary::of(&format!("other{number}")));
        let canaries: Vec<Canary> = owners.chain(others).chain([Canary::of("pusher")]).collect();
        for (place, own, seen) in &places {
            let text: String = seen.iter().map(Seen::text).collect();
            for canary in canaries.iter().filter(|canary| *own != Some(canary)) {
                assert!(!canary.is_in(&text), "{} is at {place}:\n{text}", canary.secret());
            }
            if own.is_none() {
                let shown = seen.iter().find(|seen| !seen.credentials().is_empty());
                assert!(shown.is_none(), "{place} was shown something: {shown:?}");
            }
        }
        assert!(!self.blobs.seen().is_empty(), "blobs are fetched from where they are");
        assert_eq!(self.elsewhere.connections(), 0, "nobody is led away");
        for host in self.hosts.iter().filter(|host| host.name != "realm") {
            let shown = host
                .server
                .seen()
                .iter()
                .any(|seen| seen.header("authorization").is_some());
            assert!(shown, "{} was never shown its own credential", host.name);
        }
    }

    /// All tokens that were ever shown to a registry.
    pub(super) fn tokens(&self) -> Vec<String> {
        let mut tokens = Vec::new();
        for host in &self.hosts {
            for seen in host.server.seen() {
                let token = seen
                    .header("authorization")
                    .and_then(|value| value.strip_prefix("Bearer "));
                tokens.extend(token.map(str::to_owned));
            }
        }
        tokens.sort();
        tokens.dedup();
        assert!(tokens.len() > 2, "tokens are shown and renewed: {tokens:?}");
        tokens
    }
}
