//! Where images are written and nobody deploys them from.

use super::super::chance::Chance;
use super::super::tree::{Node, below, lines, list, map, text, verbatim};
use super::super::wish::Wish;
use super::{Name, Sheet};

/// A file without a place.
pub(super) fn alone(chance: &mut Chance, wish: &Wish) -> Sheet {
    let (documents, name) = match chance.below(5) {
        0 => (vec![chart(chance, wish)], Name::Named("Chart.yaml")),
        1 => (vec![compose(chance, wish)], Name::Found("docker-compose.yaml")),
        2 => (vec![compose(chance, wish)], Name::Found("config.yml")),
        _ => {
            let count = 1 + chance.below(3);
            ((0..count).map(|_| object(chance, wish)).collect(), Name::Any)
        }
    };
    Sheet {
        documents,
        name,
        row: "row: none",
    }
}

/// An object without a place.
pub(super) fn object(chance: &mut Chance, wish: &Wish) -> Node {
    match chance.below(7) {
        0 => config_map(chance, wish),
        1 => secret(chance, wish),
        2 => definition(chance, wish),
        3 => custom(chance, wish),
        4 => namesake(chance, wish),
        5 => service(chance, wish),
        _ => marked(chance, wish),
    }
}

/// Values for the environment of a container.
pub(super) fn environment(chance: &mut Chance, wish: &Wish) -> Node {
    list([
        map([("name", text("IMAGE")), ("value", text(wish.text(chance)))]),
        map([("name", text("image")), ("value", text("nginx:1.2.3"))]),
        map([("name", text("TAG")), ("value", text("1.2.3"))]),
    ])
}

fn root(version: &str, kind: &str, name: &str) -> Node {
    map([
        ("apiVersion", text(version)),
        ("kind", text(kind)),
        ("metadata", below("name", text(name))),
    ])
}

/// A whole workload as text.
fn manifest(chance: &mut Chance, wish: &Wish) -> String {
    let image = wish.text(chance);
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: web\n\n    image: {image} # {image}\n"
    )
}

fn config_map(chance: &mut Chance, wish: &Wish) -> Node {
    let data = map([
        ("image", text(wish.text(chance))),
        ("pod.yaml", lines(manifest(chance, wish))),
        ("tag", text("1.2.3")),
        ("values.yaml", text("image: {repository: nginx, tag: 1.2.3}")),
    ]);
    root("v1", "ConfigMap", "web").with("data", data)
}

fn secret(chance: &mut Chance, wish: &Wish) -> Node {
    let data = map([
        ("image", text(wish.text(chance))),
        ("pod.yaml", lines(manifest(chance, wish))),
    ]);
    root("v1", "Secret", "web").with("stringData", data)
}

/// The definition of a custom resource, whose schema looks like a workload.
fn definition(chance: &mut Chance, wish: &Wish) -> Node {
    let image = map([("type", text("string")), ("default", text(wish.text(chance)))]);
    let container = below("items.properties.image", image);
    let pod =
        below("properties.containers", container).with("example", list([map([("image", text(wish.text(chance)))])]));
    let version = map([
        ("name", text("v1")),
        ("served", verbatim("true")),
        ("schema", below("openAPIV3Schema.properties.spec", pod)),
    ]);
    let spec = map([("group", text("example.com")), ("versions", list([version]))]);
    root(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "webs.example.com",
    )
    .with("spec", spec)
}

/// A custom resource that has images of its own.
fn custom(chance: &mut Chance, wish: &Wish) -> Node {
    let (version, kind) = chance.of(&[
        ("monitoring.coreos.com/v1", "Prometheus"),
        ("argoproj.io/v1alpha1", "Rollout"),
        ("serving.knative.dev/v1", "Service"),
        ("postgresql.cnpg.io/v1", "Cluster"),
        ("kustomize.toolkit.example.com/v1", "Kustomization"),
        ("image.toolkit.fluxcd.io/v1beta2", "ImageRepository"),
    ]);
    let container = map([("name", text("app")), ("image", text(wish.text(chance)))]);
    let spec = map([
        ("image", text(wish.text(chance))),
        ("containers", list([container.clone()])),
        ("template", below("spec.containers", list([container]))),
        ("values", below("image.repository", text("nginx"))),
        (
            "images",
            list([map([("name", text("nginx")), ("newTag", text("1.2.3"))])]),
        ),
    ]);
    root(version, kind, "web").with("spec", spec)
}

/// A kind that is only called like one of Kubernetes.
fn namesake(chance: &mut Chance, wish: &Wish) -> Node {
    let (version, kind) = chance.of(&[
        ("example.com/v1", "Deployment"),
        ("apps.example.com/v1", "StatefulSet"),
        ("batch.volcano.sh/v1alpha1", "Job"),
        ("apps.kruise.io/v1alpha1", "DaemonSet"),
    ]);
    let container = map([("name", text("app")), ("image", text(wish.text(chance)))]);
    root(version, kind, "web").with("spec", below("template.spec.containers", list([container])))
}

fn service(chance: &mut Chance, wish: &Wish) -> Node {
    let annotations = map([
        ("example.com/image", text(wish.text(chance))),
        (
            "kubectl.kubernetes.io/last-applied-configuration",
            text("{\"spec\":{\"containers\":[{\"image\":\"nginx:1.2.3\"}]}}\n"),
        ),
    ]);
    let metadata = map([
        ("name", text("web")),
        ("annotations", annotations),
        ("labels", below("image", text("nginx"))),
    ]);
    map([
        ("kind", text("Service")),
        ("apiVersion", text("v1")),
        ("metadata", metadata),
        ("spec", below("ports", list([map([("port", verbatim("80"))])]))),
    ])
}

/// A field that a comment marks for the daemon.
fn marked(chance: &mut Chance, wish: &Wish) -> Node {
    let image = wish.text(chance);
    root("example.com/v1", "Engine", "web").with("spec", map([("engine", map([("image", text(image))]))]))
}

fn chart(chance: &mut Chance, wish: &Wish) -> Node {
    let image = text(wish.text(chance));
    map([
        ("apiVersion", text("v2")),
        ("name", text("web")),
        ("version", text("1.2.3")),
        ("appVersion", text("1.2.3")),
        ("image", image.clone()),
        ("annotations", map([("image", image)])),
    ])
}

/// A file of no known name that is no object.
fn compose(chance: &mut Chance, wish: &Wish) -> Node {
    let web = map([("image", text(wish.text(chance))), ("ports", list([text("80:80")]))]);
    map([("services", map([("web", web)])), ("image", text(wish.text(chance)))])
}
