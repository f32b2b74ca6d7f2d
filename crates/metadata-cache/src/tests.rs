//! What the embedded cache keeps.

use super::*;

fn digest(number: u32) -> Digest {
    Digest::parse(&format!("sha256:{number:064x}")).unwrap()
}

fn image() -> Image {
    Image {
        platforms: Some(vec![]),
        created: Created::Never,
        ..Image::default()
    }
}

#[test]
fn a_fact_is_kept_for_its_own_repository() {
    let cache = MetadataCache::embedded(1 << 20);
    let (ours, theirs) = (
        Repository::parse("example.com/ours").unwrap(),
        Repository::parse("example.com/theirs").unwrap(),
    );
    cache.put(&ours, &digest(1), image());
    assert_eq!(cache.get(&ours, &digest(1)), Some(image()));
    assert_eq!(cache.get(&theirs, &digest(1)), None);
    assert_eq!(cache.get(&ours, &digest(2)), None);
}

#[test]
fn it_stays_within_its_bytes() {
    let cache = MetadataCache::embedded(10_000);
    let repository = Repository::parse("example.com/app").unwrap();
    for number in 0..1_000 {
        cache.put(&repository, &digest(number), image());
    }
    cache.images.run_pending_tasks();
    assert!(cache.images.weighted_size() <= 10_000);
    assert!(cache.images.entry_count() > 10);
}

#[test]
fn two_looks_at_one_digest_add_up() {
    let platforms = Image {
        platforms: Some(vec![]),
        created: Created::Unknown,
        ..Image::default()
    };
    let time = Image {
        platforms: None,
        created: Created::Never,
        ..Image::default()
    };
    assert_eq!(platforms.clone().and(&time), image());
    assert_eq!(time.and(&platforms), image());
    assert_eq!(image().and(&Image::default()), image());
}
