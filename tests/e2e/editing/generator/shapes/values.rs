//! Helm values: images in every shape and at any depth.

use super::super::chance::Chance;
use super::super::tree::{Node, below, list, map, other_image, text, verbatim};
use super::super::wish::Wish;
use super::{Name, Sheet};

const FOUND: &[&str] = &[
    "values.yaml",
    "values.yml",
    "values-prod.yaml",
    "values.staging.yml",
    "prod-values.yaml",
    "shop.values.yml",
    "myvalues.yaml",
];
const NAMED: &[&str] = &["prod.yaml", "overrides.yml", "cluster-a.yaml"];

/// A file whose name says that it is values.
pub(super) fn found(chance: &mut Chance, wish: &Wish) -> Sheet {
    Sheet {
        documents: vec![values(chance, &wish.outside_pods(None))],
        name: Name::Found(chance.of(FOUND)),
        row: "row: Helm values",
    }
}

/// A file that is values because it is named to the command.
pub(super) fn named(chance: &mut Chance, wish: &Wish) -> Sheet {
    Sheet {
        documents: vec![values(chance, &wish.outside_pods(None))],
        name: Name::Named(chance.of(NAMED)),
        row: "row: Helm values by name",
    }
}

/// Values of a chart.
pub(super) fn values(chance: &mut Chance, wish: &Wish) -> Node {
    let mut entries = vec![
        ("replicaCount", verbatim("2")),
        ("imagePullPolicy", text("Always")),
        ("imagePullSecrets", list([map([("name", text("nginx"))])])),
        ("tag", text("1.2.3")),
        (
            "images",
            list([map([("name", text("nginx")), ("newTag", text("1.2.3"))])]),
        ),
        ("baseimage", text(wish.text(chance))),
        ("imageName", text(wish.text(chance))),
        ("chart", map([("repository", text("nginx")), ("tag", text("1.2.3"))])),
        ("env", map([("IMAGE", text(wish.text(chance)))])),
    ];
    chance.shuffle(&mut entries);
    entries.truncate(chance.below(9));
    let count = 1 + chance.below(3);
    for component in ["web", "api", "worker"].iter().take(count) {
        let place = deep(chance, wish);
        entries.push((component, place));
    }
    if chance.once_in(6) {
        let image = wish.granted(chance, ["registry", "repository"], ["tag", "digest"]);
        let name = format!("global{}", chance.below(1_000_000));
        let alias = Node::Alias(name.clone());
        entries.push(("global", map([("image", Node::Anchored(name, Box::new(image)))])));
        entries.push(("cron", map([("image", alias)])));
    } else if chance.once_in(2) {
        // What stands beside an image would belong to it.
        entries.retain(|(key, _)| *key != "tag");
        entries.extend(place(chance, wish));
    }
    let mut root = map([]);
    let mut seen = Vec::new();
    // A file has each key once.
    for (key, node) in entries {
        if !seen.contains(&key) {
            seen.push(key);
            root.entries().push((key.to_owned(), node));
        }
    }
    root
}

/// A place some levels down, in maps and lists.
fn deep(chance: &mut Chance, wish: &Wish) -> Node {
    let mut node = map([]);
    for (key, value) in place(chance, wish) {
        node.entries().push((key.to_owned(), value));
    }
    if chance.once_in(3) {
        node.entries().insert(0, ("enabled".to_owned(), verbatim("true")));
    }
    match chance.below(5) {
        0 => below("controller.pod", node),
        1 => map([("extraContainers", list([map([("name", text("x"))]), node]))]),
        2 => map([("jobs", list([below("spec", node)])), ("tag", text("1.2.3"))]),
        _ => node,
    }
}

/// The entries that say an image, in one of its shapes.
fn place(chance: &mut Chance, wish: &Wish) -> Vec<(&'static str, Node)> {
    let key = chance.of(&["image", "image", "image", "sidecarImage", "initImage", "proxyImage"]);
    match chance.below(9) {
        0 | 1 => vec![(key, wish.whole(chance))],
        2 => vec![(key, wish.other(chance))],
        3 => beside(chance, wish),
        4 => vec![(key, untagged(chance, wish))],
        5 => vec![(key, other_map(chance, wish))],
        6 => vec![(key, wish.over_several(chance, ["registry", "name"], ["tag", "digest"]))],
        _ => {
            let image = wish.over_several(chance, ["registry", "repository"], ["tag", "digest"]);
            vec![(key, image.with("pullPolicy", text("IfNotPresent")))]
        }
    }
}

/// The name under `image`, and the tag beside it, as Flux v1 knew it.
fn beside(chance: &mut Chance, wish: &Wish) -> Vec<(&'static str, Node)> {
    let mut entries = wish.names(chance, ["registry", "image"]);
    entries.push(("tag", wish.tag(chance)));
    entries
}

/// There is no tag that could be set.
fn untagged(chance: &mut Chance, wish: &Wish) -> Node {
    let repository = other_image(wish.spelled(chance));
    match chance.below(3) {
        0 => map([("repository", repository)]),
        1 => map([("repository", repository), ("tag", other_image(""))]),
        _ => map([("repository", repository), ("tag", verbatim("null"))]),
    }
}

fn other_map(chance: &mut Chance, wish: &Wish) -> Node {
    let name = chance.of(wish.image.others);
    map([("repository", other_image(name)), ("tag", other_image("1.2.3"))])
}
