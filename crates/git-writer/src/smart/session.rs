//! One conversation with a server: its limits, and what went wrong in it.
//!
//! libgit2 hands a transport nothing but the remote, so what a conversation needs is put into a thread-local for the time of
//! the call; every call runs on one thread from start to end.

use std::{
    cell::RefCell,
    future::Future,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use git2::{
    Error, ErrorClass, ErrorCode, Remote,
    transport::{Service, SmartSubtransport, SmartSubtransportStream, Transport},
};
use tokio::{runtime::Handle, time::Instant};
use tokio_util::sync::CancellationToken;
use transport::Redactor;

use super::{
    http::{HttpRoute, HttpStream},
    ssh::{SshRoute, SshStream},
};
use crate::{Failure, Limits, PushOutcome, fault::Fault};

/// What libgit2 calls a pack that the server could not unpack.
const UNPACK_FAILED: &str = "unpacking the sent packfile failed on the remote";

/// Most bytes of the list of branches and tags that starts each conversation; libgit2 keeps it in memory.
const MOST_REFERENCE_BYTES: u64 = 32 << 20;

thread_local! {
    /// The conversation of the call that runs on this thread.
    static CURRENT: RefCell<Option<Arc<Session>>> = const { RefCell::new(None) };
}

/// How a server is reached.
#[derive(Clone)]
pub(crate) enum Route {
    Http(HttpRoute),
    Ssh(SshRoute),
}

/// One conversation.
pub(crate) struct Session {
    runtime: Handle,
    route: Route,
    pub(crate) limits: Limits,
    pub(crate) redactor: Redactor,
    cancel: CancellationToken,
    deadline: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    fault: Option<Fault>,
    received: u64,
    /// The list of branches is over, and a pack may come.
    is_pack_allowed: bool,
    /// Something that may move the branch is on its way to the server.
    is_sent: bool,
    /// The server has answered that with a refusal.
    is_refused: bool,
}

/// Gives libgit2 the transport of this thread's conversation.
pub(crate) fn subtransport(remote: &Remote<'_>) -> Result<Transport, Error> {
    let session = CURRENT
        .with_borrow(Clone::clone)
        .ok_or_else(|| Error::from_str("no conversation was begun"))?;
    let is_stateless = matches!(session.route, Route::Http(_));
    Transport::smart(remote, is_stateless, Subtransport { session })
}

struct Subtransport {
    session: Arc<Session>,
}

impl SmartSubtransport for Subtransport {
    // The URL that libgit2 passes is ours; the route was made from it, checked.
    fn action(&self, _url: &str, action: Service) -> Result<Box<dyn SmartSubtransportStream>, Error> {
        let session = Arc::clone(&self.session);
        match &self.session.route {
            Route::Http(route) => Ok(Box::new(HttpStream::new(route.clone(), session, action))),
            Route::Ssh(route) => match SshStream::connect(route, session, action) {
                Ok(stream) => Ok(Box::new(stream)),
                Err(fault) => Err(self.session.note(fault)),
            },
        }
    }

    fn close(&self) -> Result<(), Error> {
        Ok(())
    }
}

impl Session {
    pub(crate) fn new(
        runtime: Handle,
        route: Route,
        limits: Limits,
        redactor: Redactor,
        cancel: CancellationToken,
    ) -> Self {
        let deadline = Instant::now() + limits.total_timeout;
        Self {
            runtime,
            route,
            limits,
            redactor,
            cancel,
            deadline,
            state: Mutex::default(),
        }
    }

    /// Runs calls of libgit2 in this conversation.
    pub(crate) fn run<T>(self: &Arc<Self>, call: impl FnOnce() -> T) -> T {
        /// Ends the conversation even if the call panics.
        struct End;
        impl Drop for End {
            fn drop(&mut self) {
                CURRENT.set(None);
            }
        }
        CURRENT.set(Some(Arc::clone(self)));
        let _end = End;
        call()
    }

    /// Waits for the network, as long as nobody cancels and the time is not over.
    pub(crate) fn wait<T>(&self, longest: Duration, work: impl Future<Output = T>) -> Result<T, Fault> {
        let deadline = self.deadline.min(Instant::now() + longest);
        self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => Err(Fault::cancelled()),
                done = tokio::time::timeout_at(deadline, work) => {
                    done.map_err(|_| Fault::new(Failure::Unreachable, "the server did not answer in time"))
                }
            }
        })
    }

    /// How much time the conversation has left.
    pub(crate) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Keeps a fault until libgit2 has given up, and makes the error for libgit2. The first fault counts.
    pub(crate) fn note(&self, fault: Fault) -> Error {
        let error = Error::new(ErrorCode::GenericError, ErrorClass::Net, "the transport failed");
        self.state().fault.get_or_insert(fault);
        error
    }

    /// As [`Session::note`], for a stream.
    pub(crate) fn note_io(&self, fault: Fault) -> io::Error {
        self.note(fault);
        io::Error::other("the transport failed")
    }

    pub(crate) fn mark_sent(&self) {
        self.state().is_sent = true;
    }

    pub(crate) fn mark_not_sent(&self) {
        self.state().is_sent = false;
    }

    pub(crate) fn mark_refused(&self) {
        self.state().is_refused = true;
    }

    /// Counts what was received against the limit.
    pub(crate) fn count(&self, bytes: usize) -> Result<(), Fault> {
        let mut state = self.state();
        state.received += bytes as u64;
        let limit = if state.is_pack_allowed {
            self.limits.pack_bytes
        } else {
            MOST_REFERENCE_BYTES
        };
        if state.received > limit {
            return Err(Fault::new(
                Failure::TooLarge,
                format!("the server sent more than {limit} bytes"),
            ));
        }
        Ok(())
    }

    /// From now on a pack may come.
    pub(crate) fn allow_pack(&self) {
        let mut state = self.state();
        state.is_pack_allowed = true;
        state.received = 0;
    }

    /// Whether a pack of so many objects is wanted; if not, the fault is noted.
    pub(crate) fn is_within_objects(&self, objects: u64) -> bool {
        if objects > self.limits.objects {
            let words = format!(
                "the fetch would bring {objects} objects, more than {}",
                self.limits.objects
            );
            self.note(Fault::new(Failure::TooLarge, words));
            return false;
        }
        !self.cancel.is_cancelled()
    }

    /// What went wrong, now that libgit2 has failed.
    pub(crate) fn fault(&self, error: &Error) -> Fault {
        if self.cancel.is_cancelled() {
            return Fault::cancelled();
        }
        let noted = self.state().fault.take();
        noted.unwrap_or_else(|| Fault::of_libgit2(error, &self.redactor))
    }

    /// What a push that failed with `error` came to; `words` adds what the server said.
    pub(crate) fn outcome_of(&self, error: &Error, words: impl Fn(&str) -> String) -> Result<PushOutcome, Fault> {
        let (is_sent, is_refused) = {
            let state = self.state();
            (state.is_sent, state.is_refused)
        };
        if error.message() == UNPACK_FAILED {
            return Ok(PushOutcome::Refused {
                message: words(UNPACK_FAILED),
            });
        }
        let fault = self.fault(error);
        if is_sent && !is_refused {
            return Ok(PushOutcome::Unknown {
                reason: transport::chain(&fault).to_string(),
            });
        }
        Err(fault)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // A thread that panicked has left no half-made change: each is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
