//! Files as people have them, with what is to become of them known by construction.
//!
//! A file begins as a tree of what it says, in which the images that are asked for know their texts before and after; then it is
//! written in a manner that chance gives. Nothing here looks for an image, or shares a line with what does.

mod chance;
mod scalars;
mod shapes;
mod stream;
mod tags;
mod tree;
mod wish;
mod writer;
mod written;

use std::collections::BTreeSet;

use chance::Chance;
use shapes::Name;
use stream::Notation;
pub(super) use tags::{Plain, REFERENCES, TAGS};
use wish::{IMAGES, Image, Scope, Wish};
pub(super) use written::Spot;

/// Another number makes other files.
const SEED: u64 = 0x6279_7465_7320_6f6b;

/// How many commands there are, and how many files each gets.
const COMMANDS: usize = 84;
const FILES: usize = 36;

/// Names to write instead of what is there.
const NEW_NAMES: &[&str] = &[
    "mirror.example.com:5000/hub/web",
    "ghcr.io/acme/renamed",
    "[2001:db8::7]:5000/edge/new",
];

/// One command, and files for it.
#[derive(Debug)]
pub(super) struct Group {
    /// The options of `tidemark edit` but for `--write` and the files.
    pub(super) options: Vec<String>,
    pub(super) files: Vec<File>,
}

/// A file before and after.
#[derive(Debug)]
pub(super) struct File {
    /// Its name, in a folder of its own.
    pub(super) path: String,
    /// It is named to the command; else it is found in a folder.
    pub(super) is_named: bool,
    pub(super) before: String,
    pub(super) after: String,
    /// What changes, in the order of the file.
    pub(super) spots: Vec<Spot>,
    /// Words of the reasons why places in it are refused.
    pub(super) refused: Vec<&'static str>,
    /// What is special about it, in words.
    pub(super) features: BTreeSet<&'static str>,
}

/// All commands, with their files.
pub(super) fn groups() -> Vec<Group> {
    let mut chance = Chance(SEED);
    (0..COMMANDS).map(|number| group(&mut chance, number)).collect()
}

fn group(chance: &mut Chance, number: usize) -> Group {
    let wish = wish(chance, number);
    let file = |turn| file(chance, &wish, turn);
    Group {
        files: (0..FILES).map(file).collect(),
        options: options(&wish),
    }
}

/// What the command of this number asks for.
fn wish(chance: &mut Chance, number: usize) -> Wish {
    let image: &'static Image = &IMAGES[number % IMAGES.len()];
    let tag = if image.spellings == ["22"] {
        let (reference, _) = REFERENCES[(number / IMAGES.len()) % REFERENCES.len()];
        reference.strip_prefix("22:").expect("they are all of this image")
    } else {
        TAGS[number % TAGS.len()].0
    };
    let kind = chance.below(6);
    let has_new_name = chance.once_in(6);
    let scope = (!has_new_name && chance.once_in(8)).then(|| scope(chance));
    Wish {
        image,
        tag: (kind != 0).then(|| tag.to_owned()),
        digest: (kind < 2).then(|| chance.digest()),
        new_name: has_new_name.then(|| chance.of(NEW_NAMES)),
        scope,
        is_idle: false,
    }
}

fn scope(chance: &mut Chance) -> Scope {
    let workload = chance.of(&[
        None,
        Some(["shop", "Deployment", "web"]),
        Some(["default", "CronJob", "api"]),
        Some(["shop", "HelmRelease", "web"]),
        Some(["argocd", "Application", "web"]),
    ]);
    let is_workload = workload.is_some_and(|[_, kind, _]| ["Deployment", "CronJob"].contains(&kind));
    let can_name = workload.is_none() || is_workload && chance.once_in(2);
    Scope {
        workload,
        container: can_name.then(|| chance.of(&["app", "proxy"])),
    }
}

fn options(wish: &Wish) -> Vec<String> {
    let mut options = vec![
        "--image".to_owned(),
        wish.image.spellings[0].to_owned(),
        "--to".to_owned(),
        wish.value(),
    ];
    if let Some(name) = wish.new_name {
        options.extend(["--name".to_owned(), name.to_owned()]);
    }
    let scope = wish.scope.as_ref();
    if let Some([namespace, kind, name]) = scope.and_then(|scope| scope.workload) {
        // Kinds are compared without regard to case.
        let kind = kind.to_lowercase();
        options.extend(["--workload".to_owned(), format!("{namespace}/{kind}/{name}")]);
    }
    if let Some(container) = scope.and_then(|scope| scope.container) {
        options.extend(["--container".to_owned(), container.to_owned()]);
    }
    options
}

fn file(chance: &mut Chance, wish: &Wish, turn: usize) -> File {
    let sheet = shapes::sheet(chance, wish, turn);
    let can_be_json = sheet.documents.len() == 1 && !sheet.documents[0].is_more_than_json();
    let is_json = can_be_json && sheet.name == Name::Any && chance.once_in(5);
    let notation = if is_json { Notation::Json } else { Notation::Yaml };
    let mut written = stream::write(chance, &sheet.documents, notation);
    written.locate();
    written.features.insert(sheet.row);
    written.features.extend(&written.refused);
    let name = match sheet.name {
        Name::Any if is_json => "web.json",
        Name::Any => chance.of(&["web.yaml", "deploy.yml", "40-api.prod.yaml"]),
        Name::Found(name) | Name::Named(name) => name,
    };
    File {
        path: format!("{turn:02}/{name}"),
        is_named: matches!(sheet.name, Name::Named(_)),
        before: written.before(),
        after: written.after(),
        refused: written.refused,
        features: written.features,
        spots: written.spots,
    }
}
