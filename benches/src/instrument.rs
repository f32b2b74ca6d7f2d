//! Clocks, and the median of what they say.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// What a piece of work took.
#[derive(Debug, Clone, Copy)]
pub struct Spent {
    /// Processor time of all threads of this process; other processes do not change it.
    pub cpu: Duration,
    /// Time as people wait for it; a busy machine makes it longer.
    pub wall: Duration,
}

/// Does `work` and says what it took.
pub fn spent<T>(work: impl FnOnce() -> T) -> (Spent, T) {
    let (cpu, wall) = (processor_time(), Instant::now());
    let done = work();
    let spent = Spent {
        cpu: processor_time().saturating_sub(cpu),
        wall: wall.elapsed(),
    };
    (spent, done)
}

/// The processor time of this process so far.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).unwrap_or_default()
}

/// The same figure, taken several times.
#[derive(Debug, Clone, Default)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Takes one more.
    pub fn add(&mut self, value: f64) {
        self.0.push(value);
    }

    /// Takes one more, in milliseconds.
    pub fn add_milliseconds(&mut self, time: Duration) {
        self.add(time.as_secs_f64() * 1e3);
    }

    /// The middle one; of two middle ones the higher.
    ///
    /// # Panics
    ///
    /// If nothing was taken.
    pub fn median(&self) -> f64 {
        self.sorted()[self.0.len() / 2]
    }

    /// The least and the greatest.
    ///
    /// # Panics
    ///
    /// If nothing was taken.
    pub fn range(&self) -> (f64, f64) {
        let sorted = self.sorted();
        (sorted[0], sorted[sorted.len() - 1])
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }
}

#[cfg(test)]
mod tests;
