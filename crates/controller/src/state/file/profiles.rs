//! How registries list tags, in the state file.

use std::collections::BTreeMap;

use domain::reference::{Registry, Timestamp};
use registry_scanner::{Coded, Heads, Linkless, ListOrder, Manifests, Marks, Profile, Seek};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ProfileEntry {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    largest_page: Option<u32>,
    order: String,
    seek: String,
    #[serde(default)]
    bulk: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tested_unix_seconds: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    linkless: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    linkless_tested_unix_seconds: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    manifests: Option<ManifestsEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ManifestsEntry {
    heads: String,
    marks: String,
    found_unix_seconds: i64,
}

impl ManifestsEntry {
    fn of(manifests: Manifests) -> Option<Self> {
        Some(Self {
            heads: manifests.heads.code().to_owned(),
            marks: manifests.marks.code().to_owned(),
            found_unix_seconds: manifests.found?.as_unix_seconds(),
        })
    }

    fn manifests(&self) -> Option<Manifests> {
        Some(Manifests {
            heads: Heads::of_code(&self.heads)?,
            marks: Marks::of_code(&self.marks)?,
            found: Some(Timestamp::from_unix_seconds(self.found_unix_seconds)),
        })
    }
}

/// The entries that can be read. A profile is found out again; what else the file holds is not.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, ProfileEntry>, D::Error> {
    let Value::Object(entries) = Value::deserialize(deserializer)? else {
        return Ok(BTreeMap::new());
    };
    let entry = |(host, entry): (String, Value)| Some((host, serde_json::from_value(entry).ok()?));
    Ok(entries.into_iter().filter_map(entry).collect())
}

pub(super) fn of_file(entries: BTreeMap<String, ProfileEntry>) -> BTreeMap<Registry, Profile> {
    let profile = |(host, entry): (String, ProfileEntry)| {
        let linkless = entry.linkless.as_deref().and_then(Linkless::of_code);
        let profile = Profile {
            largest_page: entry.largest_page.filter(|&largest| largest > 0),
            order: ListOrder::of_code(&entry.order)?,
            seek: Seek::of_code(&entry.seek)?,
            bulk: entry.bulk,
            tested: entry.tested_unix_seconds.map(Timestamp::from_unix_seconds),
            linkless: linkless.unwrap_or_default(),
            linkless_tested: linkless
                .and(entry.linkless_tested_unix_seconds)
                .map(Timestamp::from_unix_seconds),
            manifests: entry.manifests.and_then(|entry| entry.manifests()).unwrap_or_default(),
        };
        Some((Registry::parse(&host).ok()?, profile))
    };
    entries.into_iter().filter_map(profile).collect()
}

pub(super) fn to_file(profiles: &BTreeMap<Registry, Profile>) -> BTreeMap<String, ProfileEntry> {
    let entry = |(host, profile): (&Registry, &Profile)| {
        let entry = ProfileEntry {
            largest_page: profile.largest_page,
            order: profile.order.code().to_owned(),
            seek: profile.seek.code().to_owned(),
            bulk: profile.bulk,
            // A test that did not come to its end is made again.
            tested_unix_seconds: profile
                .tested
                .filter(|_| profile.seek != Seek::Unknown)
                .map(|tested| tested.as_unix_seconds()),
            linkless: profile.linkless_tested.map(|_| profile.linkless.code().to_owned()),
            linkless_tested_unix_seconds: profile.linkless_tested.map(|tested| tested.as_unix_seconds()),
            manifests: ManifestsEntry::of(profile.manifests),
        };
        (host.to_string(), entry)
    };
    profiles.iter().map(entry).collect()
}
