//! Who is looked at again, and how long it takes until everybody was.

use std::collections::BTreeSet;

use super::*;

fn tag(number: usize) -> Tag {
    Tag::parse(&format!("main-{number:05}")).unwrap()
}

fn at(scan: i64) -> Timestamp {
    Timestamp::from_unix_seconds(scan * 300)
}

/// `count` tags that were all resolved in one scan.
fn resolved(count: usize) -> BTreeMap<Tag, Timestamp> {
    (0..count).map(|number| (tag(number), at(0))).collect()
}

/// One scan: it sweeps, and says what it looked at.
fn scan(tags: &mut BTreeMap<Tag, Timestamp>, now: i64) -> Vec<Tag> {
    let again = sweep(tags.iter().map(|(tag, &at)| (tag, at)));
    for tag in &again {
        tags.insert(tag.clone(), at(now));
    }
    again
}

/// How many scans it takes until each of `count` tags was looked at again, and how many a scan looks at.
fn check(count: usize, scans: usize, each: usize) {
    let mut tags = resolved(count);
    let mut seen = BTreeSet::new();
    let mut made = 0;
    while seen.len() < count {
        made += 1;
        let again = scan(&mut tags, made);
        assert!(again.len() <= each, "{} of {count} tags in one scan", again.len());
        seen.extend(again);
    }
    assert_eq!(
        usize::try_from(made).unwrap(),
        scans,
        "scans until all {count} tags were seen"
    );
}

#[test]
fn a_few_tags_are_all_looked_at_in_each_scan() {
    check(1, 1, 1);
    check(100, 1, 100);
}

#[test]
fn many_tags_take_a_bounded_number_of_scans() {
    check(101, 2, 100);
    check(1_000, 10, 100);
    check(5_000, 20, 250);
    check(5_001, 20, 251);
    check(20_000, 20, 1_000);
}

#[test]
fn the_longest_unseen_come_first_and_the_order_of_names_decides_between_equals() {
    let mut tags = resolved(300);
    tags.insert(tag(250), at(-1));
    let again = sweep(tags.iter().map(|(tag, &at)| (tag, at)));
    let expected: Vec<Tag> = [250].into_iter().chain(0..99).map(tag).collect();
    assert_eq!(again, expected);
}

#[test]
fn tags_that_come_and_go_do_not_keep_an_old_one_from_being_looked_at() {
    let mut tags = resolved(2_000);
    let last = tag(1_999);
    for now in 1.. {
        if scan(&mut tags, now).contains(&last) {
            assert!(now <= 20, "it took {now} scans");
            return;
        }
        let first = usize::try_from(now).unwrap() * 50;
        tags.extend((first..first + 50).map(|number| (tag(10_000 + number), at(now))));
        tags.remove(&tag(first));
    }
}

#[test]
fn an_image_that_no_tag_has_is_forgotten() {
    let digest = |letter: char| Digest::parse(&format!("sha256:{}", letter.to_string().repeat(64))).unwrap();
    let image = Arc::new(Image::default());
    let old = HashMap::from([(digest('a'), image.clone()), (digest('b'), image.clone())]);
    let resolved = |digest| Resolved { digest, at: at(1) };
    let tags = BTreeMap::from([(tag(1), resolved(Some(digest('a')))), (tag(2), resolved(None))]);
    let memory = Memory::of(tags, |digest| old.get(digest).cloned());
    assert_eq!(memory.images, HashMap::from([(digest('a'), image)]));
    assert_eq!(memory.digest(&tag(1)), Some(&digest('a')));
    assert_eq!(memory.digest(&tag(2)), None);
}
