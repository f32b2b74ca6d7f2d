//! Fifty thousand tags at the registry of the distribution project.

use testkit::{RealRegistry, RegistrySettings};

use super::{Reader, huge, lists, reach_of};
use registry_scanner::{Reading, Seek};

const NAME: &str = "immich";
/// The project's newest tags: builds, pull requests, releases.
const TAGS: usize = 50_000;
/// A full page names a next one, though nothing is left for it.
const PAGES: usize = TAGS / 1_000 + 1;

fn filled() -> RealRegistry {
    let registry = RealRegistry::distribution(&RegistrySettings::new()).unwrap();
    let tags: Vec<String> = huge().collect();
    registry.push_tags(NAME, &tags[tags.len() - TAGS..]).unwrap();
    registry
}

#[tokio::test]
async fn fifty_thousand_tags_at_distribution_3_are_two_requests() {
    let registry = filled();
    let mut reader = Reader::new(&registry.address().to_string(), [NAME.to_owned()]);
    let wanted = reach_of("semver:^1", "v1.156.0");
    reader.read(&wanted).await;
    assert_eq!((lists(&registry), reader.tags(0).len()), (PAGES, TAGS));

    // Once more whole, and the two questions of the test.
    reader.read(&wanted).await;
    assert_eq!(lists(&registry), 2 * PAGES + 2);
    assert_eq!(reader.profile().seek, Seek::AnyLast);

    // What can be newer begins with `1.` or with `v1.`.
    registry.push_tags(NAME, &["v1.157.0", "1.158.0"]).unwrap();
    reader.read(&wanted).await;
    assert_eq!(lists(&registry), 2 * PAGES + 2 + 2);
    assert!(reader.were(|reading| matches!(reading, Reading::Parts(parts) if parts.len() == 2)));
    let found = reader.tags(0);
    assert!(found.contains("v1.157.0") && found.contains("1.158.0") && found.len() == TAGS + 2);
}
