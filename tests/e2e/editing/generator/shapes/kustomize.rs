//! Kustomizations by name and by kind, components, and Flux's.

use super::super::chance::Chance;
use super::super::tree::{Node, below, lines, list, map, other_image, text, verbatim};
use super::super::wish::Wish;
use super::{Name, Sheet};

const NAMES: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A kustomization, known by its name, its kind or both.
pub(super) fn kustomization(chance: &mut Chance, wish: &Wish) -> Sheet {
    let wish = wish.outside_pods(None);
    let kind = chance.of(&[
        None,
        Some(("kustomize.config.k8s.io/v1beta1", "Kustomization")),
        Some(("kustomize.config.k8s.io/v1", "Kustomization")),
        Some(("kustomize.config.k8s.io/v1alpha1", "Component")),
    ]);
    let mut node = map([]);
    if let Some((version, kind)) = kind {
        node = node.with("apiVersion", text(version)).with("kind", text(kind));
    }
    let mut parts = vec![
        ("resources", list([text("../base"), text("nginx.yaml")])),
        ("images", images(chance, &wish)),
    ];
    if chance.once_in(2) {
        parts.push(("configMapGenerator", generator(chance, &wish)));
    }
    if chance.once_in(2) {
        parts.push(("patches", patches(chance, &wish)));
    }
    if chance.once_in(4) {
        parts.push(("commonAnnotations", map([("image", text(wish.text(chance)))])));
    }
    chance.shuffle(&mut parts);
    node.entries()
        .extend(parts.into_iter().map(|(key, node)| (key.to_owned(), node)));
    let has_any_name = kind.is_some() && chance.once_in(3);
    Sheet {
        documents: vec![node],
        name: if has_any_name { Name::Any } else { named(chance) },
        row: "row: Kustomize",
    }
}

fn named(chance: &mut Chance) -> Name {
    match chance.of(NAMES) {
        // A folder is looked through for `.yaml`, `.yml` and `.json`.
        name @ "Kustomization" => Name::Named(name),
        name => Name::Found(name),
    }
}

fn generator(chance: &mut Chance, wish: &Wish) -> Node {
    let literal = text(format!("IMAGE={}", wish.text(chance)));
    let images = list([map([("name", text("nginx")), ("newTag", text("1.2.3"))])]);
    list([map([
        ("name", text("env")),
        ("literals", list([literal])),
        ("images", images),
    ])])
}

fn patches(chance: &mut Chance, wish: &Wish) -> Node {
    let image = wish.text(chance);
    let json = format!("- op: replace\n  path: /spec/template/spec/containers/0/image\n  value: {image}\n");
    let merge = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n  containers:\n  - name: web\n    image: {image}\n"
    );
    list([map([("patch", lines(json))]), map([("patch", lines(merge))])])
}

/// The entries of `images`.
pub(super) fn images(chance: &mut Chance, wish: &Wish) -> Node {
    let count = 1 + chance.below(3);
    Node::List((0..count).map(|_| entry(chance, wish)).collect())
}

fn entry(chance: &mut Chance, wish: &Wish) -> Node {
    let written = wish.spelled(chance);
    let other = chance.of(wish.image.others);
    let values = ["newTag", "digest"];
    match chance.below(9) {
        8 if wish.new_name.is_none() && wish.can_be_refused() => {
            let mut node = map([("name", other_image(written))]);
            let values = wish.refused(chance, values);
            node.entries()
                .extend(values.into_iter().map(|(key, node)| (key.to_owned(), node)));
            node
        }
        // What is deployed is another image.
        0 => map([
            ("name", other_image(written)),
            ("newName", other_image(other)),
            ("newTag", other_image("1.2.3")),
        ]),
        1 => map([("name", other_image(other)), ("newTag", other_image("1.2.3"))]),
        2 if wish.new_name.is_none() => map([("name", other_image(written))]),
        3 | 4 if wish.new_name.is_none() => with_values(chance, wish, map([("name", other_image(written))]), values),
        _ => {
            let name = wish.change("", written, wish.new_name.unwrap_or(written));
            let node = map([("name", text("app")), ("newName", name)]);
            with_values(chance, wish, node, values)
        }
    }
}

fn with_values(chance: &mut Chance, wish: &Wish, mut node: Node, values: [&'static str; 2]) -> Node {
    let values = wish.tag_and_digest(chance, values);
    node.entries()
        .extend(values.into_iter().map(|(key, node)| (key.to_owned(), node)));
    if chance.once_in(4) {
        chance.shuffle(node.entries());
    }
    node
}

/// Flux's kustomization.
pub(super) fn of_flux(chance: &mut Chance, wish: &Wish) -> Sheet {
    let wish = wish.outside_pods(None);
    let version = chance.of(&["kustomize.toolkit.fluxcd.io/v1", "kustomize.toolkit.fluxcd.io/v1beta2"]);
    let spec = map([
        ("interval", text("10m")),
        ("path", text("./apps")),
        ("prune", verbatim("true")),
        ("images", images(chance, &wish)),
        ("patches", patches(chance, &wish)),
        ("postBuild", below("substitute.image", text(wish.text(chance)))),
    ]);
    let node = map([
        ("apiVersion", text(version)),
        ("kind", text("Kustomization")),
        (
            "metadata",
            map([("name", text("apps")), ("namespace", text("flux-system"))]),
        ),
        ("spec", spec),
    ]);
    Sheet {
        documents: vec![node],
        name: Name::Any,
        row: "row: Flux Kustomization",
    }
}
