use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{
    Failure, Mirror, ObjectId,
    fixture::{Fixture, go},
};

/// A mirror with `count` files of different sizes, in the order of their numbers.
fn mirror(count: usize) -> (Fixture, Mirror, Vec<ObjectId>) {
    let files: Vec<_> = (0..count)
        .map(|number| (format!("{number:04}.yaml"), content(number)))
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let fixture = Fixture::new(&files);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let blobs = mirror.files(&head, &[]).unwrap().files;
    let blobs = blobs.into_iter().map(|file| file.blob).collect();
    (fixture, mirror, blobs)
}

fn content(number: usize) -> String {
    format!("{number}: {}\n", "x".repeat(number % 50))
}

#[test]
fn many_contents_come_in_the_order_they_were_asked_for() {
    let (_fixture, mut mirror, blobs) = mirror(500);
    let looks = AtomicUsize::new(0);
    let seen = mirror.look_at(&blobs, 1000, |number, bytes| {
        looks.fetch_add(1, Ordering::Relaxed);
        (number, String::from_utf8(bytes.unwrap().to_vec()).unwrap())
    });
    let expected: Vec<_> = (0..500).map(|number| (number, content(number))).collect();
    assert_eq!(seen.unwrap(), expected);
    assert_eq!(looks.into_inner(), 500);
}

#[test]
fn a_content_over_the_limit_is_not_shown() {
    let (_fixture, mut mirror, blobs) = mirror(100);
    let shown = mirror.look_at(&blobs, 40, |_, bytes| bytes.map(<[u8]>::len)).unwrap();
    let expected: Vec<_> = (0..100)
        .map(|number| Some(content(number).len()).filter(|&size| size <= 40))
        .collect();
    assert_eq!(shown, expected);
}

#[test]
fn contents_that_are_large_are_looked_at_one_by_one() {
    let large = ["a", "b", "c"].map(|text| text.repeat(2 << 20));
    let small: Vec<_> = (0..200).map(|number| (format!("{number}"), content(number))).collect();
    let mut files: Vec<_> = small
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    files.extend(large.iter().map(|text| (&text[..1], text.as_str())));
    let fixture = Fixture::new(&files);
    let mut mirror = fixture.mirror();
    let head = mirror.fetch(&go()).unwrap();
    let blobs: Vec<_> = mirror
        .files(&head, &[])
        .unwrap()
        .files
        .iter()
        .map(|file| file.blob)
        .collect();
    let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let sizes = mirror.look_at(&blobs, 16 << 20, |_, bytes| {
        let size = bytes.unwrap().len();
        if size > 1 << 20 {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            now.fetch_sub(1, Ordering::SeqCst);
        }
        size
    });
    assert_eq!(sizes.unwrap().iter().filter(|&&size| size == 2 << 20).count(), 3);
    assert_eq!(most.into_inner(), 1);
}

#[test]
fn a_content_that_is_missing_ends_the_look_and_the_mirror() {
    let (_fixture, mut mirror, mut blobs) = mirror(200);
    blobs[150] = ObjectId::of_blob(b"nobody has this");
    let looked = mirror.look_at(&blobs, 1000, |_, _| ());
    assert_eq!(looked.expect_err("one is missing").failure(), Failure::Damaged);
    mirror.fetch(&go()).unwrap();
    blobs.remove(150);
    assert_eq!(mirror.look_at(&blobs, 1000, |_, _| ()).unwrap().len(), 199);
}

#[test]
fn nothing_is_looked_at_where_nothing_is_asked_for() {
    let (_fixture, mut mirror, _) = mirror(1);
    let looked = mirror.look_at(&[], 0, |_, _| ());
    assert_eq!(looked.unwrap(), []);
}

#[test]
#[should_panic(expected = "file 77 is too much")]
fn a_panic_of_the_looker_is_the_callers() {
    let (_fixture, mut mirror, blobs) = mirror(100);
    let _ = mirror.look_at(&blobs, 1000, |number, _| {
        assert_ne!(number, 77, "file {number} is too much")
    });
}
