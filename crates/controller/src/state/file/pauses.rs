//! Pauses, in the state file. One that cannot be read is no reason to forget the marks.

use std::collections::BTreeMap;

use domain::reference::{Registry, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use transport::Origin;

use super::super::pauses::{HostPause, Pauses};

/// So many of the hosts that one registry leads to are read; the scanner writes no more.
const MOST_ELSEWHERE: usize = 16;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PauseEntry {
    until_unix_seconds: i64,
    reason: String,
}

/// Those of registries by their names, and by the names of registries those of the hosts that they lead to, by their origins.
pub(super) type Own = BTreeMap<String, PauseEntry>;
pub(super) type Elsewhere = BTreeMap<String, Own>;

/// The entries that can be read.
pub(super) fn read_elsewhere<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Elsewhere, D::Error> {
    let entries = |value: Value| match value {
        Value::Object(entries) => Some(entries.into_iter()),
        _ => None,
    };
    let of_registry = |value: Value| -> Option<Own> {
        let entry = |(origin, entry): (String, Value)| Some((origin, serde_json::from_value(entry).ok()?));
        Some(entries(value)?.filter_map(entry).collect())
    };
    let found = entries(Value::deserialize(deserializer)?).into_iter().flatten();
    Ok(found
        .filter_map(|(host, value)| Some((host, of_registry(value)?)))
        .collect())
}

pub(super) fn of_file(own: Own, elsewhere: Elsewhere) -> BTreeMap<Registry, Pauses> {
    let mut pauses: BTreeMap<Registry, Pauses> = BTreeMap::new();
    for (host, entry) in own {
        if let Ok(registry) = Registry::parse(&host) {
            pauses.entry(registry).or_default().own = Some(entry.into());
        }
    }
    for (host, entries) in elsewhere {
        if let Ok(registry) = Registry::parse(&host) {
            let pause = |(origin, entry): (String, PauseEntry)| Some((Origin::of_text(&origin).ok()?, entry.into()));
            let entries = entries.into_iter().filter_map(pause).take(MOST_ELSEWHERE);
            pauses.entry(registry).or_default().elsewhere = entries.collect();
        }
    }
    pauses
}

pub(super) fn to_file(pauses: &BTreeMap<Registry, Pauses>) -> (Own, Elsewhere) {
    let own = |(host, pauses): (&Registry, &Pauses)| Some((host.to_string(), pauses.own.as_ref()?.into()));
    let entries = |pauses: &Pauses| -> Own {
        let entry = |(origin, pause): (&Origin, &HostPause)| (origin.to_string(), pause.into());
        pauses.elsewhere.iter().map(entry).collect()
    };
    let elsewhere = pauses.iter().map(|(host, pauses)| (host.to_string(), entries(pauses)));
    let elsewhere = elsewhere.filter(|(_, entries)| !entries.is_empty());
    (pauses.iter().filter_map(own).collect(), elsewhere.collect())
}

impl From<PauseEntry> for HostPause {
    fn from(entry: PauseEntry) -> Self {
        Self {
            until: Timestamp::from_unix_seconds(entry.until_unix_seconds),
            reason: entry.reason,
        }
    }
}

impl From<&HostPause> for PauseEntry {
    fn from(pause: &HostPause) -> Self {
        Self {
            until_unix_seconds: pause.until.as_unix_seconds(),
            reason: pause.reason.clone(),
        }
    }
}
