//! Places for connections: when all are taken, the longest waiting one makes room.
//!
//! A server that only stops accepting at its limit can be silenced by that many idle connections;
//! here a new client always gets in, and who keeps the server waiting goes first.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio_util::sync::CancellationToken;

/// All places; a clone is the same places.
#[derive(Debug, Clone)]
pub(super) struct Slots(Arc<Mutex<Taken>>);

#[derive(Debug)]
struct Taken {
    limit: usize,
    next: u64,
    /// In the order of their last activity.
    waiting: BTreeMap<u64, CancellationToken>,
    busy: usize,
}

/// One connection's place, given back on drop.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Slots,
    evicted: CancellationToken,
    /// Where the connection stands among the waiting; `None` while it is being answered.
    place: Mutex<Option<u64>>,
}

/// The time in which a request is being answered; its connection is then not evicted.
#[derive(Debug)]
pub(super) struct Busy(Arc<Slot>);

impl Slots {
    pub(super) fn new(limit: usize) -> Self {
        Self(Arc::new(Mutex::new(Taken {
            limit,
            next: 0,
            waiting: BTreeMap::new(),
            busy: 0,
        })))
    }

    /// Takes a place; also says how many waiting connections had to go for it.
    pub(super) fn take(&self) -> (Slot, u64) {
        let evicted = CancellationToken::new();
        let mut taken = self.lock();
        let place = taken.wait(evicted.clone());
        let gone = taken.make_room();
        drop(taken);
        let slot = Slot {
            slots: self.clone(),
            evicted,
            place: Mutex::new(Some(place)),
        };
        (slot, gone)
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn wait(&mut self, connection: CancellationToken) -> u64 {
        let place = self.next;
        self.next += 1;
        self.waiting.insert(place, connection);
        place
    }

    fn make_room(&mut self) -> u64 {
        let mut gone = 0;
        while self.waiting.len() + self.busy > self.limit {
            let Some((_, connection)) = self.waiting.pop_first() else {
                break;
            };
            connection.cancel();
            gone += 1;
        }
        gone
    }
}

impl Slot {
    /// Resolves when the connection has to make room for another.
    pub(super) async fn evicted(&self) {
        self.evicted.cancelled().await;
    }

    /// Marks the connection as being answered until the result is dropped.
    pub(super) fn busy(self: &Arc<Self>) -> Busy {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = place.take() {
            let mut taken = self.slots.lock();
            taken.waiting.remove(&waiting);
            taken.busy += 1;
        }
        Busy(Arc::clone(self))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut place = self.0.place.lock().unwrap_or_else(PoisonError::into_inner);
        if place.is_none() {
            let mut taken = self.0.slots.lock();
            taken.busy -= 1;
            *place = Some(taken.wait(self.0.evicted.clone()));
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let place = self.place.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        let mut taken = self.slots.lock();
        match place {
            Some(waiting) => drop(taken.waiting.remove(&waiting)),
            None => taken.busy -= 1,
        }
    }
}
