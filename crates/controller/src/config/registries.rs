//! How often registries are asked, and which images are left alone. How much they are asked at a time is the scanner's.

use std::time::Duration;

use domain::accept::SuspectLimits;
use domain::reference::Registry;

/// How often the images of each registry are scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedules {
    /// For registries without words of their own.
    pub defaults: Schedule,
    /// For the others; no registry twice.
    pub hosts: Vec<(Registry, Schedule)>,
}

/// How often an image is scanned, and when a strange answer is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The longest time between two scans while all is well.
    pub interval: Duration,
    /// The shortest time between two scans; never longer than `interval`.
    pub min_interval: Duration,
    /// When a tag list that looks wrong is believed after all.
    pub suspect: SuspectLimits,
}

impl Schedules {
    /// How often images of `registry` are scanned.
    pub fn of(&self, registry: &Registry) -> Schedule {
        let own = self.hosts.iter().find(|(host, _)| host == registry);
        own.map_or(self.defaults, |(_, schedule)| *schedule)
    }
}
