//! What each scalar of a place is to read.

use crate::{
    Edit, Part, Place, Role,
    place::{filled, name, whole_name},
};

/// What is to become of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// These scalars are to read so; what reads so already may be among them.
    Texts(Vec<PartText>),
    /// There is no scalar that the value could be written to.
    NothingToSet,
    /// It must not be changed.
    Refused(Objection),
}

/// The text that a scalar is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartText {
    /// The scalar, by its index in the parts of the place.
    pub(crate) part: usize,
    pub(crate) text: String,
    /// How many bytes at the start stay.
    pub(crate) kept: usize,
}

/// Why a place is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Objection {
    /// The part that is in the way, by its index.
    pub(crate) part: usize,
    pub(crate) code: &'static str,
    pub(crate) reason: String,
}

/// Spreads a value, and a new name if there is one, over the scalars of `place`.
pub(crate) fn wanted(place: &Place, edit: &Edit) -> Wanted {
    let needs_tag = edit.to.tag.is_none() && place.part(Role::Digest).is_none();
    if place.image.is_none() || needs_tag && place.reference.is_none() {
        let reason = "what is written is no image reference".to_owned();
        return refused(0, "notAReference", reason);
    }
    let written = match value(place, edit) {
        Ok(written) if written.tag.is_none() && written.digest.is_none() => return Wanted::NothingToSet,
        Ok(written) => written,
        Err(objection) => return Wanted::Refused(objection),
    };
    match names(place, edit.name.as_deref()) {
        Ok(names) => Wanted::Texts(texts(place, &written, &names)),
        Err(objection) => Wanted::Refused(objection),
    }
}

fn refused(part: usize, code: &'static str, reason: String) -> Wanted {
    Wanted::Refused(Objection { part, code, reason })
}

/// What is to stand in the scalars that hold tag and digest; what is `None` is not there, or stays.
struct Written {
    /// `TAG`, `TAG@DIGEST`, or `@DIGEST` behind the name of a whole reference.
    tag: Option<String>,
    digest: Option<String>,
}

fn value(place: &Place, edit: &Edit) -> Result<Written, Objection> {
    let (tag, digest) = (edit.to.tag.as_ref(), edit.to.digest.as_ref());
    let there = place.reference.as_ref().and_then(|reference| reference.tag.as_ref());
    let is_whole = filled(&place.parts, Role::Whole).is_some();
    let holds_tag = is_whole || filled(&place.parts, Role::Tag).is_some();
    let Some(digest) = digest else {
        if let Some(part) = index(&place.parts, Role::Digest).filter(|&part| !place.parts[part].text.is_empty()) {
            let reason = format!(
                "{place}: digest key in the way: `{}` would stay beside a tag that it was not made for; \
                 give `--to` a digest, too, or remove the key",
                place.parts[part].path
            );
            let code = "digestKeyInTheWay";
            return Err(Objection { part, code, reason });
        }
        let tag = tag.filter(|_| holds_tag).map(ToString::to_string);
        return Ok(Written { tag, digest: None });
    };
    if place.part(Role::Digest).is_some() {
        let tag = tag.or(there).filter(|_| holds_tag).map(ToString::to_string);
        let digest = Some(digest.to_string());
        return Ok(Written { tag, digest });
    }
    // Behind the name of a whole reference a digest can stand alone, in a tag's own scalar it cannot.
    let tag = if is_whole { tag } else { tag.or(there) };
    let tag = tag.map(ToString::to_string).unwrap_or_default();
    let tag = holds_tag.then(|| format!("{tag}@{digest}"));
    Ok(Written { tag, digest: None })
}

/// What is to stand in the scalars that hold the name; what is `None` stays.
#[derive(Default)]
struct Names {
    registry: Option<String>,
    name: Option<String>,
}

fn names(place: &Place, new: Option<&str>) -> Result<Names, Objection> {
    let Some(new) = new.filter(|&new| name(&place.parts).as_deref() != Some(new)) else {
        return Ok(Names::default());
    };
    let has_name = place.part(Role::Whole).or_else(|| place.part(Role::Name)).is_some();
    if !has_name {
        let reason = format!("{place}: there is no `newName` that the new name could be written to; add one");
        let (part, code) = (0, "noNewName");
        return Err(Objection { part, code, reason });
    }
    if filled(&place.parts, Role::Registry).is_none() {
        let name = Some(new.to_owned());
        return Ok(Names { registry: None, name });
    }
    let (registry, name) = new
        .split_once('/')
        .filter(|(first, _)| names_registry(first))
        .unwrap_or(("docker.io", new));
    Ok(Names {
        registry: Some(registry.to_owned()),
        name: Some(name.to_owned()),
    })
}

/// Whether the first of several components is a registry, by Docker's rule.
fn names_registry(first: &str) -> bool {
    let tells = |char: char| matches!(char, '.' | ':') || char.is_ascii_uppercase();
    first == "localhost" || first.contains(tells)
}

/// The texts of the parts that are to be written.
fn texts(place: &Place, written: &Written, names: &Names) -> Vec<PartText> {
    let text = |part: &Part| match part.role {
        Role::Whole => Some(whole(part, written, names.name.as_deref())),
        Role::Name => names.name.clone().map(|text| (text, 0)),
        Role::Registry => names.registry.clone().map(|text| (text, 0)),
        // An empty tag stays empty: what it stands for is not written here.
        Role::Tag if part.text.is_empty() => None,
        Role::Tag => written.tag.clone().map(|text| kept(part, text)),
        Role::Digest => written.digest.clone().map(|text| (text, 0)),
        Role::FixedName => None,
    };
    let parts = place.parts.iter().enumerate();
    parts
        .filter_map(|(part, written)| {
            let (text, kept) = text(written)?;
            Some(PartText { part, text, kept })
        })
        .collect()
}

/// The text of a tag, and how much of it at the start stays: the tag, where it is only the digest behind it that changes.
fn kept(part: &Part, text: String) -> (String, usize) {
    let tag = |text: &str| text.find('@').unwrap_or(text.len());
    let (old, new) = (tag(&part.text), tag(&text));
    let kept = if part.text[..old] == text[..new] { new } else { 0 };
    (text, kept)
}

/// The text of a whole reference, and how much of it at the start stays.
fn whole(part: &Part, written: &Written, new_name: Option<&str>) -> (String, usize) {
    let old = whole_name(&part.text);
    let name = new_name.unwrap_or(old);
    let kept = if name == old { old.len() } else { 0 };
    let text = match written.tag.as_deref() {
        None => name.to_owned(),
        Some(value) if value.starts_with('@') => format!("{name}{value}"),
        Some(value) => format!("{name}:{value}"),
    };
    // What the image is put in the place of must go on to be said.
    let is_substitute = name != old && part.substituted.as_deref() == Some("");
    let text = if is_substitute { format!("{old}={text}") } else { text };
    (text, kept)
}

fn index(parts: &[Part], role: Role) -> Option<usize> {
    parts.iter().position(|part| part.role == role)
}
