//! git's smart protocol, spoken by libgit2, carried by our own HTTP and SSH.

mod http;
mod session;
mod ssh;

use std::{cell::RefCell, sync::Arc};

use git2::{AutotagOption, Direction, Error, ErrorCode, FetchOptions, Oid, PushOptions, RemoteCallbacks, Repository};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use transport::Redactor;

pub(crate) use self::session::subtransport;
use self::{
    http::HttpRoute,
    session::{Route, Session},
    ssh::SshRoute,
};
use crate::{
    Auth, Commit, Failure, Head, PushOutcome, Remote,
    fault::{Fault, LONGEST_WORDS},
    mirror::no_branch,
    url::Location,
};

/// Most bytes of a server's progress messages that are kept, for the words of a refusal.
const MOST_PROGRESS: usize = 4096;

/// The way to a server, made once for a mirror.
pub(crate) struct Network {
    runtime: Handle,
    route: Option<Route>,
}

impl Network {
    /// Prepares the way, and checks that the credentials fit it.
    pub(crate) fn new(remote: &Remote, runtime: Handle) -> Result<Self, Fault> {
        let route = match remote.url.location() {
            Location::File(_) => None,
            Location::Http(url) => Some(Route::Http(HttpRoute::new(url, remote)?)),
            Location::Ssh(location) => Some(Route::Ssh(SshRoute::new(location, &remote.auth)?)),
        };
        if route.is_none() && remote.auth != Auth::None {
            return Err(Fault::new(
                Failure::Local,
                "a `file://` repository takes no credentials; leave out its `auth`",
            ));
        }
        Ok(Self { runtime, route })
    }

    /// Asks where the branch is, and downloads it if it is not at `have`.
    pub(crate) fn fetch(
        &self,
        mirror: &Repository,
        remote: &Remote,
        redactor: &Redactor,
        have: Option<Oid>,
        cancel: &CancellationToken,
    ) -> Result<Oid, Fault> {
        let session = self.session(remote, redactor, cancel);
        let fetched = session.run(|| self.download(&session, mirror, remote, have));
        match fetched {
            Ok(Some(tip)) => Ok(tip),
            Ok(None) => Err(no_branch(remote)),
            Err(error) => Err(session.fault(&error)),
        }
    }

    fn download(
        &self,
        session: &Session,
        mirror: &Repository,
        remote: &Remote,
        have: Option<Oid>,
    ) -> Result<Option<Oid>, Error> {
        let mut anonymous = mirror.remote_anonymous(&remote.url.to_string())?;
        let mut connection = anonymous.connect_auth(Direction::Fetch, None, None)?;
        let reference = remote.branch.reference();
        let tip = connection
            .list()?
            .iter()
            .find(|head| head.name() == reference)
            .map(git2::RemoteHead::oid);
        if tip.is_none() || tip == have {
            return Ok(tip);
        }
        session.allow_pack();
        let mut callbacks = RemoteCallbacks::new();
        callbacks.transfer_progress(|progress| session.is_within_objects(progress.total_objects() as u64));
        let mut options = FetchOptions::new();
        options
            .remote_callbacks(callbacks)
            .download_tags(AutotagOption::None)
            .update_fetchhead(false);
        connection
            .remote()
            .download(&[format!("+{reference}:{reference}")], Some(&mut options))?;
        Ok(tip)
    }

    /// Moves the branch from `head` to `commit`, if it is still at `head`.
    pub(crate) fn push(
        &self,
        mirror: &Repository,
        remote: &Remote,
        redactor: &Redactor,
        head: &Head,
        commit: &Commit,
        cancel: &CancellationToken,
    ) -> Result<PushOutcome, Fault> {
        let session = self.session(remote, redactor, cancel);
        let talk = RefCell::new(Talk::default());
        let pushed = session.run(|| upload(mirror, remote, head, commit, &talk));
        let talk = talk.into_inner();
        match (pushed, talk) {
            (
                _,
                Talk {
                    found: Some(Found::Commit),
                    ..
                },
            ) => Ok(PushOutcome::Landed),
            (
                _,
                Talk {
                    found: Some(Found::Other),
                    ..
                },
            ) => Ok(PushOutcome::Moved),
            (Ok(()), Talk { status: Some(None), .. }) => Ok(PushOutcome::Landed),
            (
                Ok(()),
                Talk {
                    status: Some(Some(refusal)),
                    progress,
                    ..
                },
            ) => {
                let message = words_of(redactor, &refusal, &progress);
                Ok(self.judge(mirror, remote, redactor, head, message, cancel))
            }
            (Ok(()), Talk { status: None, .. }) => Ok(PushOutcome::Unknown {
                reason: "the server said nothing of the branch".to_owned(),
            }),
            (Err(error), _) if error.code() == ErrorCode::NotFastForward => Ok(PushOutcome::Moved),
            (Err(error), talk) => session.outcome_of(&error, |words| words_of(redactor, words, &talk.progress)),
        }
    }

    /// Tells a race that was lost from a refusal, by looking where the branch is now.
    ///
    /// Servers word a lost race in many ways (`failed to update ref`, `cannot lock ref`, `stale info`), so words do not decide.
    fn judge(
        &self,
        mirror: &Repository,
        remote: &Remote,
        redactor: &Redactor,
        head: &Head,
        message: String,
        cancel: &CancellationToken,
    ) -> PushOutcome {
        let session = self.session(remote, redactor, cancel);
        let now = session.run(|| self.download(&session, mirror, remote, Some(head.commit.0)));
        match now {
            Ok(Some(tip)) if tip == head.commit.0 && !message.contains("lock ref") => PushOutcome::Refused { message },
            Ok(_) => PushOutcome::Moved,
            Err(_) => PushOutcome::Refused { message },
        }
    }

    fn session(&self, remote: &Remote, redactor: &Redactor, cancel: &CancellationToken) -> Arc<Session> {
        let route = self
            .route
            .clone()
            .expect("only a `file://` mirror has no route, and it never comes here");
        Arc::new(Session::new(
            self.runtime.clone(),
            route,
            remote.limits.clone(),
            redactor.clone(),
            cancel.clone(),
        ))
    }
}

/// What the server said during a push.
#[derive(Default)]
struct Talk {
    /// Where the branch was, if not at the expected commit.
    found: Option<Found>,
    /// What became of the branch: `None` inside is success.
    status: Option<Option<String>>,
    /// The `remote:` lines, hooks' words among them.
    progress: Vec<u8>,
}

enum Found {
    Commit,
    Other,
}

fn upload(
    mirror: &Repository,
    remote: &Remote,
    head: &Head,
    commit: &Commit,
    talk: &RefCell<Talk>,
) -> Result<(), Error> {
    let mut anonymous = mirror.remote_anonymous(&remote.url.to_string())?;
    let mut callbacks = RemoteCallbacks::new();
    callbacks.push_negotiation(|updates| {
        // The server has just said where the branch is, and will move it from there and nowhere else. A plain
        // fast-forward check would not do: a branch that was rewound on purpose would be wound forth again.
        let at = updates.first().map(git2::PushUpdate::src);
        if at == Some(head.commit.0) {
            return Ok(());
        }
        talk.borrow_mut().found = Some(if at == Some(commit.id.0) {
            Found::Commit
        } else {
            Found::Other
        });
        Err(Error::from_str("the branch has moved"))
    });
    callbacks.push_update_reference(|_, refusal| {
        talk.borrow_mut().status = Some(refusal.map(str::to_owned));
        Ok(())
    });
    callbacks.sideband_progress(|bytes| {
        let progress = &mut talk.borrow_mut().progress;
        let room = MOST_PROGRESS.saturating_sub(progress.len());
        progress.extend_from_slice(&bytes[..bytes.len().min(room)]);
        true
    });
    let mut options = PushOptions::new();
    options.remote_callbacks(callbacks).packbuilder_parallelism(1);
    anonymous.push(
        &[format!("{}:{}", commit.id, remote.branch.reference())],
        Some(&mut options),
    )
}

/// The reason of a refusal, with what a hook printed.
fn words_of(redactor: &Redactor, refusal: &str, progress: &[u8]) -> String {
    let refusal = redactor.safe_text(refusal.as_bytes(), LONGEST_WORDS);
    let progress = redactor.safe_text(progress, LONGEST_WORDS);
    if progress.is_empty() {
        refusal
    } else {
        format!("{refusal}: {progress}")
    }
}
