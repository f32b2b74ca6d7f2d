//! How far long work has come: a line now and then.

use std::time::Duration;

use tokio::time::Instant;

/// Time between two lines. Work that is done sooner has none.
const PERIOD: Duration = Duration::from_secs(10);

/// Work of many equal parts.
#[derive(Debug)]
pub(super) struct Progress {
    whole: usize,
    done: usize,
    next: Instant,
}

impl Progress {
    /// Work of `whole` parts that starts now.
    pub(super) fn of(whole: usize, now: Instant) -> Self {
        Self {
            whole,
            done: 0,
            next: now + PERIOD,
        }
    }

    /// A part is done. Where it is time for a line, the parts that are done, and all.
    pub(super) fn step(&mut self, now: Instant) -> Option<(usize, usize)> {
        self.done += 1;
        if now < self.next || self.done == self.whole {
            return None;
        }
        self.next = now + PERIOD;
        Some((self.done, self.whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_work_is_told_of_now_and_then() {
        let start = Instant::now();
        let mut progress = Progress::of(1_000, start);
        // A part each 40 ms: the whole takes 40 seconds.
        let told: Vec<_> = (1..=1_000)
            .filter_map(|part| progress.step(start + Duration::from_millis(40 * part)))
            .collect();
        assert_eq!(told, [(250, 1_000), (500, 1_000), (750, 1_000)]);
    }

    #[test]
    fn short_work_is_not_told_of() {
        let start = Instant::now();
        let mut progress = Progress::of(5_000, start);
        assert!((0..5_000).all(|_| progress.step(start + Duration::from_secs(9)).is_none()));
    }
}
