use super::*;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_unix_seconds(hours * 3600)
}

fn digest() -> Digest {
    Digest::parse(&format!("sha256:{}", "a".repeat(64))).expect("a digest")
}

#[test]
fn what_is_known_is_known_for_a_day() {
    let mut known = Manifests::default();
    assert!(known.heads_work(at(0)) && !known.knows_digests(at(0)));
    known.note_heads(Heads::Nothing, at(0));
    known.note_mark(mark_of(&digest()).as_ref(), &digest(), at(20));
    assert!(!known.heads_work(at(23)) && known.knows_digests(at(23)));
    assert!(known.heads_work(at(24)) && !known.knows_digests(at(24)));
    assert!(known.heads_work(at(-1)), "the clock was set back");
}

#[test]
fn what_is_known_already_is_no_change() {
    let mut known = Manifests::default();
    known.note_heads(Heads::Digest, at(0));
    let before = known;
    known.note_heads(Heads::Digest, at(23));
    assert_eq!(known, before);
    known.note_heads(Heads::Digest, at(24));
    assert_eq!(known.found, Some(at(24)));
}

#[test]
fn marks_are_digests_or_something_else_or_none() {
    let other = HeaderValue::from_static("\"W/1\"");
    for (mark, expected) in [
        (mark_of(&digest()), Marks::Digest),
        (Some(other), Marks::Other),
        (None, Marks::None),
    ] {
        let mut known = Manifests::default();
        known.note_mark(mark.as_ref(), &digest(), at(0));
        assert_eq!(known.marks, expected);
    }
}

#[test]
fn who_sends_what_is_known_is_not_told_of_it_again() {
    let mut known = Manifests::default();
    known.note_mark(mark_of(&digest()).as_ref(), &digest(), at(0));
    known.note_ignored(at(1));
    known.note_mark(mark_of(&digest()).as_ref(), &digest(), at(2));
    assert!(!known.knows_digests(at(2)));
}

#[test]
fn codes_are_read_as_they_are_shown() {
    for heads in [Heads::Unknown, Heads::Digest, Heads::Nothing] {
        assert_eq!(Heads::of_code(heads.code()), Some(heads));
    }
    for marks in [Marks::Unknown, Marks::None, Marks::Digest, Marks::Ignored, Marks::Other] {
        assert_eq!(Marks::of_code(marks.code()), Some(marks));
    }
    assert_eq!((Heads::of_code("digests"), Marks::of_code("")), (None, None));
}
