//! Releases of Flux: values and post-renderers.

use expect_test::expect;

use super::{check, check_places};

const RELEASE: &str = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: shop}\nspec:\n  \
    chart: {spec: {chart: nginx, version: 1.0.0}}\n  values:\n    image:\n      repository: nginx\n      tag: 1.25.0\n    \
    sidecars: [{image: 'nginx:1'}]\n  postRenderers:\n  - kustomize:\n      patches: []\n      images:\n      - name: nginx\n        \
    newTag: 1.24.0\n";

#[test]
fn values_and_post_renderers_have_places() {
    check_places(
        RELEASE,
        &expect![[r#"
        8:19 shop/HelmRelease/web: spec.values.image "nginx:1.25.0"
        10:24 shop/HelmRelease/web: spec.values.sidecars[0].image "nginx:1"
        15:15 shop/HelmRelease/web: spec.postRenderers[0].kustomize.images[0] "nginx:1.24.0"
    "#]],
    );
    check(
        RELEASE,
        "1.27.0",
        &expect![[r#"
        -       tag: 1.25.0
        +       tag: 1.27.0
        -     sidecars: [{image: \'nginx:1\'}]
        +     sidecars: [{image: \'nginx:1.27.0\'}]
        -         newTag: 1.24.0
        +         newTag: 1.27.0
    "#]],
    );
}

#[test]
fn the_releases_of_flux_v1_are_known_too() {
    let text = RELEASE.replace("helm.toolkit.fluxcd.io/v2", "helm.fluxcd.io/v1");
    check(
        &text.replace("image:\n      repository: nginx\n      tag", "image: nginx\n    tag"),
        "2-x",
        &expect![[r#"
        -     tag: 1.25.0
        +     tag: 2-x
        -     sidecars: [{image: \'nginx:1\'}]
        +     sidecars: [{image: \'nginx:2-x\'}]
        -         newTag: 1.24.0
        +         newTag: 2-x
    "#]],
    );
}

#[test]
fn other_releases_are_left_alone() {
    check(
        &RELEASE.replace("helm.toolkit.fluxcd.io", "example.com"),
        "2",
        &expect![[""]],
    );
    check(&RELEASE.replace("HelmRelease", "HelmChart"), "2", &expect![[""]]);
}

#[test]
fn duplicate_keys_of_a_release_are_refused() {
    check(
        &RELEASE.replace("  values:", "  values: {}\n  values:"),
        "2",
        &expect![[r#"
        7:3: duplicateKey: duplicate key `values` on the way to an image; remove one of the two
    "#]],
    );
}
