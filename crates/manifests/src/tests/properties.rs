//! What holds for every text.

use domain::reference::{Reference, Value};
use proptest::prelude::*;

use super::deployment;
use crate::{Edit, FileKind, Manifest, plain_is_text};

const STYLES: [fn(&str) -> String; 8] = [
    |text| text.to_owned(),
    |text| format!("'{text}'"),
    |text| format!("\"{text}\""),
    |text| format!("\"{}\"", text.replace('/', "\\/")),
    |text| format!("|-\n  {text}"),
    |text| format!(">\n  {text}"),
    |text| format!("&a {text} # comment"),
    |text| format!("!!str {text}"),
];

const NOISE: [&str; 7] = [
    "args: [a, \"b\\n\", 'c''d'] # x",
    "env:\n- {name: é, value: \"image: x\"}",
    "# image: nginx:1",
    "command:\n- |\n  image: nginx\n\n  # no comment",
    "resources: {limits: &l {cpu: 1}, requests: *l}",
    "stdin: 0o17",
    "workingDir: >+\n  a\n  b\n\n",
];

fn reference() -> impl Strategy<Value = String> {
    let name = "([a-z0-9]{1,3}(\\.[a-z]{2})?(:[1-9][0-9]{0,3})?/)?[a-z0-9]{1,4}(/[a-z0-9]{1,4})?";
    (name, prop::option::of("[A-Za-z0-9_][A-Za-z0-9._-]{0,6}"))
        .prop_map(|(name, tag)| tag.map_or(name.clone(), |tag| format!("{name}:{tag}")))
        .prop_filter("a reference, and text even where it is plain", |text| {
            Reference::parse(text).is_ok() && plain_is_text(text)
        })
}

/// A manifest of a few containers, each in its own style and with its own noise.
fn manifest() -> impl Strategy<Value = String> {
    let container = (reference(), 0..STYLES.len(), 0..NOISE.len(), any::<bool>());
    let documents = prop::collection::vec(container, 1..5).prop_map(|containers| {
        let document = |(image, style, noise, noisy_first): (String, usize, usize, bool)| {
            let image = format!("image: {}", STYLES[style](&image).replace('\n', "\n  "));
            let noise = NOISE[noise];
            let lines = if noisy_first { [noise, &image] } else { [&image, noise] };
            deployment(&format!("name: a\n{}", lines.join("\n")))
        };
        containers.into_iter().map(document).collect::<Vec<_>>().join("---\n")
    });
    (documents, any::<bool>(), any::<bool>()).prop_map(|(text, windows, mark)| {
        let text = if windows { text.replace('\n', "\r\n") } else { text };
        if mark { format!("\u{feff}{text}") } else { text }
    })
}

/// Helm values of a few images in every shape; the tags are whatever plain text is a tag.
fn values() -> impl Strategy<Value = String> {
    let tag = "[A-Za-z0-9_][A-Za-z0-9._-]{0,6}";
    let image = (0..SHAPES.len(), tag, 0..STYLES.len(), 0..NOISE.len());
    let images = prop::collection::vec(image, 1..5).prop_map(|images| {
        let mut text = String::new();
        for (number, (shape, tag, style, noise)) in images.into_iter().enumerate() {
            let tag = STYLES[style](&tag).replace('\n', "\n    ");
            let body = SHAPES[shape].replace("TAG", &tag);
            text.push_str(&format!(
                "app{number}:\n{body}\nother{number}:\n  {}\n",
                NOISE[noise].replace('\n', "\n  ")
            ));
        }
        text
    });
    (images, any::<bool>()).prop_map(|(text, windows)| if windows { text.replace('\n', "\r\n") } else { text })
}

const SHAPES: [&str; 5] = [
    "  image:\n    repository: nginx # r\n    tag: TAG",
    "  proxyImage:\n    tag: TAG\n    registry: 'quay.io'\n    name: \"acme/nginx\"",
    "  image: nginx\n  tag: TAG",
    "  list:\n  - image:\n      digest: ''\n      repository: nginx\n      tag: TAG",
    "  image: {repository: nginx, tag: ''}\n  x: TAG",
];

/// Texts that are anything but what is expected.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    let spoiled = (manifest(), any::<prop::sample::Index>(), any::<Vec<u8>>()).prop_map(|(text, at, bytes)| {
        let mut text = text.into_bytes();
        let at = at.index(text.len());
        text.splice(at..(at + bytes.len() / 2).min(text.len()), bytes);
        text
    });
    prop_oneof![any::<Vec<u8>>(), spoiled]
}

/// The text without its images.
fn around(manifest: &Manifest) -> Vec<String> {
    let parts = manifest.places().iter().flat_map(|place| &place.parts);
    let mut spans = parts.map(|part| part.span.clone()).collect::<Vec<_>>();
    spans.sort_by_key(|span| span.start);
    let mut at = 0;
    let mut pieces = Vec::new();
    for span in spans {
        pieces.push(manifest.text()[at..span.start].to_owned());
        at = span.end;
    }
    pieces.push(manifest.text()[at..].to_owned());
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in broken(), value in "[a-z0-9]{1,5}") {
        if let Ok(manifest) = Manifest::read_bytes(&bytes) {
            let to = Value::parse(&value).unwrap();
            let edit = |place| Edit { place, to: to.clone(), name: None };
            let edits = (0..manifest.places().len()).map(edit).collect::<Vec<_>>();
            prop_assert!(manifest.edit(&edits).is_ok());
        }
    }

    #[test]
    fn an_edit_changes_only_the_bytes_it_names(
        text in manifest(),
        chosen in any::<prop::sample::Index>(),
        tag in "[A-Za-z0-9_][A-Za-z0-9._-]{0,6}",
    ) {
        let Ok(manifest) = Manifest::read(text.as_str()) else { return Ok(()) };
        prop_assume!(!manifest.places().is_empty());
        let index = chosen.index(manifest.places().len());
        let place = &manifest.places()[index];
        let to = Value::parse(&tag).unwrap();
        let edited = manifest.edit(&[Edit { place: index, to: to.clone(), name: None }]).unwrap();
        prop_assert!(edited.refused.is_empty());

        let (before, after) = (&text[..place.parts[0].span.start], &text[place.parts[0].span.end..]);
        prop_assert!(edited.text.starts_with(before) && edited.text.ends_with(after));

        let again = Manifest::read(edited.text.as_str()).unwrap();
        let old = place.reference.clone().unwrap();
        let wanted = Reference { repository: old.repository.clone(), tag: to.tag, digest: None };
        prop_assert_eq!(again.places()[index].reference.as_ref(), Some(&wanted));
        for (other, (old, new)) in manifest.places().iter().zip(again.places()).enumerate() {
            prop_assert!(other == index || old.text == new.text);
        }
    }

    #[test]
    fn an_edit_of_several_scalars_changes_only_them(
        text in values(),
        value in "[A-Za-z0-9_][A-Za-z0-9._-]{0,6}(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64}",
        name in prop::option::of("([a-z]{1,3}\\.[a-z]{2}/)?[a-z]{1,4}(/[a-z]{1,4})?"),
    ) {
        let Ok(manifest) = Manifest::read_as(FileKind::Values, text.as_str()) else { return Ok(()) };
        let to = Value::parse(&value).unwrap();
        let edits = (0..manifest.places().len()).map(|place| Edit { place, to: to.clone(), name: name.clone() });
        let edited = manifest.edit(&edits.collect::<Vec<_>>()).unwrap();
        prop_assert!(edited.refused.is_empty());

        // Outside the scalars both texts are the same bytes.
        let again = Manifest::read_as(FileKind::Values, edited.text.as_str()).unwrap();
        prop_assert_eq!(around(&manifest), around(&again));
        for (index, (old, new)) in manifest.places().iter().zip(again.places()).enumerate() {
            if edited.nothing_to_set.contains(&index) {
                prop_assert_eq!(&old.text, &new.text);
                continue;
            }
            let (old, new) = (old.reference.as_ref().unwrap(), new.reference.as_ref().unwrap());
            let wanted = Value { tag: to.tag.clone().or(old.tag.clone()), digest: to.digest.clone() };
            prop_assert_eq!(new.value(), wanted);
            if name.is_none() {
                prop_assert_eq!(&old.repository, &new.repository);
            }
        }
    }

    #[test]
    fn an_edit_and_its_reverse_are_nothing(text in manifest()) {
        let Ok(manifest) = Manifest::read(text.as_str()) else { return Ok(()) };
        let tagged = |reference: &Reference| reference.tag.is_some();
        let places = manifest.places().iter().map(|place| place.reference.clone().unwrap());
        let places = places.enumerate().filter(|(_, reference)| tagged(reference));
        let places = places.collect::<Vec<_>>();
        let to = |place: usize, to| Edit { place, to, name: None };
        let other = Value::parse("x").unwrap();
        let there = places.iter().map(|(place, _)| to(*place, other.clone())).collect::<Vec<_>>();
        let there = Manifest::read(manifest.edit(&there).unwrap().text).unwrap();
        let back = places.iter().map(|(place, old)| to(*place, old.value())).collect::<Vec<_>>();
        prop_assert_eq!(there.edit(&back).unwrap().text, text);
    }
}
