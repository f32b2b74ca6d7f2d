//! What is forgotten.

use super::*;

fn tag(number: usize) -> Tag {
    Tag::parse(&format!("main-{number:05}")).unwrap()
}

#[test]
fn an_image_that_no_tag_has_is_forgotten() {
    let digest = |letter: char| Digest::parse(&format!("sha256:{}", letter.to_string().repeat(64))).unwrap();
    let image = Arc::new(Image::default());
    let old = HashMap::from([(digest('a'), image.clone()), (digest('b'), image.clone())]);
    let at = Timestamp::from_unix_seconds(300);
    let resolved = |digest| Resolved { digest, at };
    let tags = BTreeMap::from([(tag(1), resolved(Some(digest('a')))), (tag(2), resolved(None))]);
    let memory = Memory::of(tags, |digest| old.get(digest).cloned());
    assert_eq!(memory.images, HashMap::from([(digest('a'), image)]));
    assert_eq!(memory.digest(&tag(1)), Some(&digest('a')));
    assert_eq!(memory.digest(&tag(2)), None);
}
