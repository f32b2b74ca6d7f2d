//! Helm releases of Flux, version 2 and version 1.

use super::super::chance::Chance;
use super::super::tree::{Node, below, list, map, text};
use super::super::wish::Wish;
use super::{Name, Sheet, kustomize, values};

/// A `HelmRelease` of Flux v2.
pub(super) fn of_flux(chance: &mut Chance, wish: &Wish) -> Sheet {
    let version = chance.of(&[
        "helm.toolkit.fluxcd.io/v2",
        "helm.toolkit.fluxcd.io/v2beta2",
        "helm.toolkit.fluxcd.io/v2beta1",
    ]);
    let source = map([("kind", text("HelmRepository")), ("name", text("nginx"))]);
    let chart = below(
        "spec",
        map([
            ("chart", text("nginx")),
            ("version", text("1.2.3")),
            ("sourceRef", source),
        ]),
    );
    release(chance, wish, version, chart, "row: HelmRelease v2")
}

/// A `HelmRelease` of Flux v1.
pub(super) fn of_flux_v1(chance: &mut Chance, wish: &Wish) -> Sheet {
    let chart = map([
        ("repository", text("https://charts.example.com")),
        ("name", text("nginx")),
        ("version", text("1.2.3")),
    ]);
    release(chance, wish, "helm.fluxcd.io/v1", chart, "row: HelmRelease v1")
}

fn release(chance: &mut Chance, wish: &Wish, version: &str, chart: Node, row: &'static str) -> Sheet {
    let name = chance.of(&["web", "api"]);
    let wish = wish.outside_pods(Some(["shop", "HelmRelease", name]));
    let mut spec = map([
        ("interval", text("5m")),
        ("releaseName", text("nginx")),
        ("chart", chart),
        ("values", values::values(chance, &wish)),
    ]);
    if version.starts_with("helm.toolkit") && chance.once_in(2) {
        spec = spec.with("postRenderers", renderers(chance, &wish));
    }
    let node = map([
        ("apiVersion", text(version)),
        ("kind", text("HelmRelease")),
        ("metadata", map([("name", text(name)), ("namespace", text("shop"))])),
        ("spec", spec),
    ]);
    Sheet {
        documents: vec![node],
        name: Name::Any,
        row,
    }
}

fn renderers(chance: &mut Chance, wish: &Wish) -> Node {
    let mut kustomize = map([("images", kustomize::images(chance, wish))]);
    if chance.once_in(2) {
        let patch = map([("patch", text("[{op: replace, path: /image, value: nginx:1.2.3}]"))]);
        kustomize = kustomize.with("patches", list([patch]));
    }
    list([map([("kustomize", kustomize)])])
}
