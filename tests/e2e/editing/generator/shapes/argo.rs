//! Applications of Argo CD, sets of them, and the files that its image updater leaves beside them.

use super::super::chance::Chance;
use super::super::tree::{Node, below, list, map, other_image, text, verbatim};
use super::super::wish::Wish;
use super::{Name, Sheet, values};

/// An `Application`.
pub(super) fn application(chance: &mut Chance, wish: &Wish) -> Sheet {
    let name = chance.of(&["web", "api"]);
    let wish = wish.outside_pods(Some(["argocd", "Application", name]));
    let node = map([
        ("apiVersion", text("argoproj.io/v1alpha1")),
        ("kind", text("Application")),
        ("metadata", metadata(chance, &wish, name)),
        ("spec", spec(chance, &wish)),
    ]);
    Sheet {
        documents: vec![node],
        name: Name::Any,
        row: "row: Application",
    }
}

/// An `ApplicationSet`, whose template is an application.
pub(super) fn application_set(chance: &mut Chance, wish: &Wish) -> Sheet {
    let wish = wish.outside_pods(None);
    let element = map([("cluster", text("a")), ("image", text(wish.text(chance)))]);
    let template = map([
        ("metadata", below("name", text("web-{{.cluster}}"))),
        ("spec", spec(chance, &wish)),
    ]);
    let spec = map([
        ("generators", list([below("list.elements", list([element]))])),
        ("template", template),
    ]);
    let node = map([
        ("apiVersion", text("argoproj.io/v1alpha1")),
        ("kind", text("ApplicationSet")),
        ("metadata", metadata(chance, &wish, "set")),
        ("spec", spec),
    ]);
    Sheet {
        documents: vec![node],
        name: Name::Any,
        row: "row: ApplicationSet",
    }
}

/// What overrides the source of an application, in a file beside it.
pub(super) fn source_file(chance: &mut Chance, wish: &Wish) -> Sheet {
    let wish = wish.outside_pods(None);
    let node = match chance.below(3) {
        0 => map([("kustomize", kustomize(chance, &wish))]),
        _ => map([("helm", map([("parameters", parameters(chance, &wish))]))]),
    };
    Sheet {
        documents: vec![node],
        name: Name::Found(chance.of(&[".argocd-source-web.yaml", ".argocd-source-shop_api.yaml"])),
        row: "row: .argocd-source",
    }
}

fn metadata(chance: &mut Chance, wish: &Wish, name: &str) -> Node {
    let image = text(format!("web={}", wish.text(chance)));
    map([
        ("name", text(name)),
        ("namespace", text("argocd")),
        (
            "annotations",
            map([("argocd-image-updater.argoproj.io/image-list", image)]),
        ),
    ])
}

fn spec(chance: &mut Chance, wish: &Wish) -> Node {
    let sources = if chance.once_in(3) {
        let count = 1 + chance.below(3);
        let sources = (0..count).map(|_| source(chance, wish)).collect();
        ("sources", Node::List(sources))
    } else {
        ("source", source(chance, wish))
    };
    map([
        ("project", text("default")),
        sources,
        ("destination", map([("namespace", text("shop"))])),
        (
            "info",
            list([map([("name", text("image")), ("value", text(wish.text(chance)))])]),
        ),
    ])
}

fn source(chance: &mut Chance, wish: &Wish) -> Node {
    let (key, node) = match chance.below(8) {
        0 | 1 => ("kustomize", kustomize(chance, wish)),
        2 | 3 => ("helm", map([("parameters", parameters(chance, wish))])),
        4 => ("helm", map([("valuesObject", values::values(chance, wish))])),
        5 | 6 => {
            let values = Node::Within(Box::new(values::values(chance, wish)));
            ("helm", map([("releaseName", text("nginx")), ("values", values)]))
        }
        _ => {
            let values = values::values(chance, wish);
            (
                "helm",
                map([("valuesObject", values), ("parameters", parameters(chance, wish))]),
            )
        }
    };
    map([
        ("repoURL", text("https://git.example.com/shop.git")),
        ("targetRevision", text("1.2.3")),
        (key, node),
        (
            "plugin",
            below(
                "env",
                list([map([("name", text("IMAGE")), ("value", text(wish.text(chance)))])]),
            ),
        ),
    ])
}

fn kustomize(chance: &mut Chance, wish: &Wish) -> Node {
    let count = 1 + chance.below(3);
    // Behind a name, brackets of an address may need quotes or not.
    let has_brackets = wish.new_name.is_some_and(|name| name.starts_with('['));
    let images = (0..count).map(|_| match chance.below(4) {
        0 => wish.other(chance),
        _ if has_brackets => wish.other(chance),
        // Alone, the name is that of the image which is replaced.
        1 if wish.new_name.is_none() => wish.whole(chance),
        2 => wish.whole_behind(chance, "ghcr.io/acme/app="),
        _ => wish.whole_behind(chance, "nginx="),
    });
    let images = Node::List(images.collect());
    map([
        ("images", images),
        ("commonAnnotations", map([("image", text(wish.text(chance)))])),
    ])
}

fn parameter(name: &str, value: Node) -> Node {
    map([("name", text(name)), ("value", value)])
}

/// Parameters of several images, in some order.
fn parameters(chance: &mut Chance, wish: &Wish) -> Node {
    let mut items = vec![
        parameter("replicaCount", text("2")),
        parameter("chart.version", text("1.2.3")),
    ];
    let whole = chance.of(&["image", "sidecar.image", "jobs.cleanup.image"]);
    if chance.once_in(2) {
        items.push(parameter(whole, wish.whole(chance)));
    } else {
        items.push(parameter(whole, wish.other(chance)));
    }
    let prefix = chance.of(&["web.image", "controller.image", "api", "global.images.web"]);
    for (key, value) in wish
        .over_several(chance, ["registry", "repository"], ["tag", "digest"])
        .entries()
        .drain(..)
    {
        let mut item = parameter(&format!("{prefix}.{key}"), value);
        if chance.once_in(3) {
            item = item.with("forceString", verbatim("true"));
        }
        items.push(item);
    }
    let other = chance.of(wish.image.others);
    items.push(parameter("other.image.repository", other_image(other)));
    items.push(parameter("other.image.tag", other_image("1.2.3")));
    chance.shuffle(&mut items);
    Node::List(items)
}
