//! An origin on a real server, and mirrors of it.

use std::cell::Cell;
use std::fs;
use std::ops::Deref;

use git_writer::{
    Auth, BranchName, Change, Commit, Draft, GitUrl, Head, Limits, Mirror, PushOutcome, Remote, Signature,
};
use tempfile::TempDir;
use testkit::{BareRepository, Ca, GitHttp, GitHttpSettings, Sshd};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use transport::{Secret, Trust, chain};

/// A repository with one commit on `main`, at a server of kind `S`.
pub(crate) struct Origin<S> {
    pub(crate) server: S,
    pub(crate) repository: BareRepository,
    pub(crate) remote: Remote,
    pub(crate) runtime: Runtime,
    folder: TempDir,
    mirrors: Cell<usize>,
}

impl<S> Deref for Origin<S> {
    type Target = BareRepository;

    fn deref(&self) -> &BareRepository {
        &self.repository
    }
}

const NAME: &str = "team/config.git";

pub(crate) fn http() -> Origin<GitHttp> {
    let server = GitHttp::start(&GitHttpSettings::new().user("bot", "tok3n-long")).unwrap();
    let remote = remote(&server.url(NAME), basic());
    Origin::seeded(server.repository(NAME).unwrap(), server, remote)
}

pub(crate) fn https() -> Origin<GitHttp> {
    let ca = Ca::new().unwrap();
    let server = GitHttp::start(&GitHttpSettings::new().user("bot", "tok3n-long").tls(&ca)).unwrap();
    let trust = Trust::Only(ca.certificate_pem().as_bytes().to_vec());
    let remote = Remote {
        trust,
        ..remote(&server.url(NAME), basic())
    };
    Origin::seeded(server.repository(NAME).unwrap(), server, remote)
}

pub(crate) fn ssh() -> Origin<Sshd> {
    let server = Sshd::start().unwrap();
    let remote = remote(&server.url(NAME), key(&server.client_key(), &server.known_hosts()));
    Origin::seeded(server.repository(NAME).unwrap(), server, remote)
}

fn remote(url: &str, auth: Auth) -> Remote {
    Remote {
        url: GitUrl::parse(url).unwrap(),
        branch: BranchName::parse("main").unwrap(),
        auth,
        trust: Trust::System,
        proxy: None,
        limits: Limits::default(),
    }
}

pub(crate) fn basic() -> Auth {
    Auth::Basic {
        username: "bot".to_owned(),
        password: Secret::new("tok3n-long"),
    }
}

pub(crate) fn key(key: &std::path::Path, known_hosts: &std::path::Path) -> Auth {
    Auth::SshKey {
        private_key_pem: Secret::new(fs::read_to_string(key).unwrap()),
        known_hosts: fs::read_to_string(known_hosts).unwrap(),
    }
}

impl<S> Origin<S> {
    fn seeded(repository: BareRepository, server: S, remote: Remote) -> Self {
        repository
            .seed([("apps/api.yaml", "image: api:1\n"), ("apps/web.yaml", "image: web:1\n")])
            .unwrap();
        let (folder, mirrors) = (TempDir::new().unwrap(), Cell::new(0));
        Self {
            server,
            repository,
            remote,
            runtime: Runtime::new().unwrap(),
            folder,
            mirrors,
        }
    }

    /// A new mirror in a folder of its own.
    pub(crate) fn open(&self, remote: Remote) -> Result<Mirror, git_writer::OpenError> {
        self.mirrors.set(self.mirrors.get() + 1);
        let folder = self.folder.path().join(self.mirrors.get().to_string());
        Mirror::open(&folder, remote, self.runtime.handle().clone())
    }

    pub(crate) fn mirror(&self) -> Mirror {
        self.open(self.remote.clone()).unwrap()
    }
}

pub(crate) fn go() -> CancellationToken {
    CancellationToken::new()
}

pub(crate) fn fetch(mirror: &mut Mirror) -> Head {
    mirror.fetch(&go()).unwrap_or_else(|error| panic!("{}", chain(&error)))
}

/// A commit on `head` that gives one file a new content.
pub(crate) fn edit(mirror: &mut Mirror, head: &Head, path: &str, text: &str) -> Commit {
    let files = mirror.files(head, &[]).unwrap();
    let file = files.files.into_iter().find(|file| file.path == path).unwrap();
    let change = Change {
        path: file.path,
        old_blob: file.blob,
        bytes: text.as_bytes().to_vec(),
    };
    let author = Signature::new("Tidemark", "tidemark@example.com").unwrap();
    let draft = Draft {
        author,
        message: format!("Update {path}\n"),
        time: 1_900_000_000,
    };
    mirror.commit(head, &[change], &draft).unwrap()
}

pub(crate) fn push(mirror: &mut Mirror, head: &Head, commit: &Commit) -> PushOutcome {
    mirror
        .push(head, commit, &go())
        .unwrap_or_else(|error| panic!("{}", chain(&error)))
}
