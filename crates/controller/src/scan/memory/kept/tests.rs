//! What is found again at the next start.

use tempfile::TempDir;

use super::*;

fn repository() -> Repository {
    Repository::parse("registry.example.com/acme/api").unwrap()
}

fn digest(letter: char) -> reference::Digest {
    reference::Digest::parse(&format!("sha256:{}", letter.to_string().repeat(64))).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds)
}

fn resolved(digest: Option<reference::Digest>) -> Resolved {
    Resolved { digest, at: at(300) }
}

/// Three images, an alias, and a tag whose manifest was gone.
fn memory() -> Memory {
    let image = |created, flaw: Option<&str>| {
        Arc::new(Image {
            platforms: Some(vec![Platform::parse("linux/arm64").unwrap()]),
            created,
            flaw: flaw.map(Arc::from),
        })
    };
    let tag = |name: &str, digest| (Tag::parse(name).unwrap(), resolved(digest));
    let undated = Image {
        created: Created::Never,
        ..Image::default()
    };
    Memory {
        tags: BTreeMap::from([
            tag("a", Some(digest('a'))),
            tag("alias", Some(digest('a'))),
            tag("b", Some(digest('b'))),
            tag("c", Some(digest('c'))),
            tag("gone", None),
            tag("known-by-digest-alone", Some(digest('d'))),
        ]),
        images: HashMap::from([
            (
                digest('a'),
                image(Created::At(Timestamp::from_unix_nanoseconds(7)), None),
            ),
            (digest('b'), image(Created::Never, Some("no image"))),
            (digest('c'), Arc::new(undated)),
        ]),
        swept: Some(at(200)),
        kept: None,
    }
}

#[test]
fn what_was_written_is_read_again() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("images");
    assert_eq!(read(&folder, &repository()), Memory::default());
    write(&folder, &repository(), &memory()).unwrap();
    assert_eq!(read(&folder, &repository()), memory());
    let other = Repository::parse("registry.example.com/acme/other").unwrap();
    assert_eq!(read(&folder, &other), Memory::default());
    write(&folder, &repository(), &Memory::default()).unwrap();
    assert_eq!(read(&folder, &repository()), Memory::default());
}

#[test]
fn what_is_damaged_or_of_another_image_or_release_is_as_none() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    write(folder, &repository(), &memory()).unwrap();
    let path = path(folder, &repository());
    let text = fs::read_to_string(&path).unwrap();
    let body = text.split_once('\n').unwrap().1.to_owned();
    let summed = |body: &str| format!("{}\n{body}", checksum(body));
    assert_eq!(summed(&body), text);
    for damaged in [
        String::new(),
        text[..text.len() / 2].to_owned(),
        text.replacen("aaaa", "aaab", 1),
        summed("{}"),
        summed(&body.replace("\"version\":1", "\"version\":2")),
        summed(&body.replace("acme/api", "acme/other")),
        summed(&body.replace("sha256", "sha255")),
        summed(&body.replace("\"image\":0", "\"image\":9")),
        summed(&body.replace("linux/arm64", "?")),
    ] {
        fs::write(&path, &damaged).unwrap();
        assert_eq!(read(folder, &repository()), Memory::default(), "{damaged}");
    }
}

#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("images");
    write(&folder, &repository(), &memory()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&path(&folder, &repository()))), (0o700, 0o600));
}

#[test]
fn news_are_written_at_once_and_what_was_only_asked_again_now_and_then() {
    let minute = |minutes: i64| at(minutes * 60);
    let before = memory();
    let mut after = Memory {
        kept: Some(minute(0)),
        ..memory()
    };
    for resolved in after.tags.values_mut() {
        resolved.at = minute(1);
    }
    assert!(!is_worth_writing(&before, &after, minute(14)));
    assert!(is_worth_writing(&before, &after, minute(15)));
    after.tags.insert(Tag::parse("b").unwrap(), resolved(Some(digest('c'))));
    assert!(is_worth_writing(&before, &after, minute(1)));
    let of_nothing = Memory {
        swept: Some(minute(1)),
        ..Memory::default()
    };
    assert!(!is_worth_writing(&Memory::default(), &of_nothing, minute(60)));
    assert!(
        is_worth_writing(&before, &of_nothing, minute(1)),
        "what was forgotten stays so"
    );
}

#[test]
fn what_nobody_wanted_for_long_is_taken_away() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let other = Repository::parse("registry.example.com/acme/other").unwrap();
    for repository in [repository(), other.clone()] {
        write(folder, &repository, &memory()).unwrap();
    }
    let long_ago = SystemTime::now() - FORGET_AFTER - Duration::from_secs(60);
    let file = OpenOptions::new().write(true).open(path(folder, &other)).unwrap();
    file.set_modified(long_ago).unwrap();
    forget_old(folder);
    assert_eq!(read(folder, &other), Memory::default());
    assert_eq!(read(folder, &repository()), memory());
}
