//! Lets one at a time pass; who waits is served by turns of the repository that they ask for.
//!
//! A repository with hundreds of requests waiting thus holds up each of the others by one of them, not by all.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// The gate. Not a lock over data: it only decides who is next.
#[derive(Default)]
pub(super) struct Turnstile(Mutex<State>);

#[derive(Default)]
struct State {
    /// Someone is inside.
    taken: bool,
    /// Who waits, by what they wait for; nobody's list is empty.
    waiting: HashMap<Box<str>, VecDeque<oneshot::Sender<Inside>>>,
    /// The keys of `waiting` in the order in which they are served.
    order: VecDeque<Box<str>>,
}

/// Held by the one inside; the next one is let in when it is dropped.
pub(super) struct Inside(Option<Arc<Turnstile>>);

impl Drop for Inside {
    fn drop(&mut self) {
        if let Some(turnstile) = self.0.take() {
            turnstile.let_next_in();
        }
    }
}

impl Turnstile {
    /// Waits for one's turn among those that wait for `subject`, and for the turn of `subject` among the others.
    ///
    /// Whoever stops waiting leaves the queue, and hands the turn on if it was theirs already.
    pub(super) async fn enter(self: &Arc<Self>, subject: &str) -> Inside {
        let turn = {
            let mut state = self.lock();
            if !state.taken {
                state.taken = true;
                return Inside(Some(self.clone()));
            }
            state.line_up(subject)
        };
        turn.await.expect("nobody is sent away from the queue")
    }

    fn let_next_in(self: &Arc<Self>) {
        loop {
            let Some(next) = self.lock().next() else { return };
            match next.send(Inside(Some(self.clone()))) {
                Ok(()) => return,
                // They are gone; the loop goes on to the next, so what comes back must not.
                Err(mut unused) => unused.0 = None,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn line_up(&mut self, subject: &str) -> oneshot::Receiver<Inside> {
        let (turn, waits) = oneshot::channel();
        if let Some(others) = self.waiting.get_mut(subject) {
            others.push_back(turn);
        } else {
            self.waiting.insert(subject.into(), VecDeque::from([turn]));
            self.order.push_back(subject.into());
        }
        waits
    }

    /// Takes the next one out of the queue; with nobody in it, the gate is free.
    fn next(&mut self) -> Option<oneshot::Sender<Inside>> {
        let Some(subject) = self.order.pop_front() else {
            self.taken = false;
            return None;
        };
        let others = self
            .waiting
            .get_mut(&subject)
            .expect("every key in the order has its list");
        let next = others.pop_front().expect("no list is empty");
        if others.is_empty() {
            self.waiting.remove(&subject);
        } else {
            self.order.push_back(subject);
        }
        Some(next)
    }
}
