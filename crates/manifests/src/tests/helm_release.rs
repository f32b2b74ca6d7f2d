//! Releases of Flux: values and post-renderers.

use expect_test::expect;

use super::{check, check_places};
use crate::Manifest;

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

const MAPPED: &str = "apiVersion: helm.fluxcd.io/v1\nkind: HelmRelease\nmetadata:\n  name: web\n  annotations:\n    \
    repository.fluxcd.io/app: appImage\n    tag.fluxcd.io/app: appTag\n    registry.fluxcd.io/sub: sub.marine.reg\n    \
    repository.fluxcd.io/sub: sub.marine.img\n    tag.fluxcd.io/sub: sub.marine.tag\n    repository.fluxcd.io/list: list.1.ref\n\
    spec:\n  values:\n    appImage: nginx\n    appTag: '1'\n    sub:\n      marine:\n        reg: docker.io\n        \
    img: library/nginx\n        tag: 1.10\n    list:\n    - ref: redis:1\n    - ref: nginx:1\n";

#[test]
fn annotations_of_flux_v1_say_where_in_the_values_an_image_is() {
    check_places(
        MAPPED,
        &expect![[r#"
        14:15 default/HelmRelease/web: spec.values.appImage "nginx:1"
        18:14 default/HelmRelease/web: spec.values.sub.marine.img "docker.io/library/nginx:1.10"
        23:12 default/HelmRelease/web: spec.values.list[1].ref "nginx:1"
    "#]],
    );
    check(
        MAPPED,
        "1.20",
        &expect![[r#"
        -     appTag: \'1\'
        +     appTag: \'1.20\'
        -         tag: 1.10
        +         tag: \"1.20\"
        -     - ref: nginx:1
        +     - ref: nginx:1.20
    "#]],
    );
}

#[test]
fn an_alias_goes_before_what_is_found_by_its_keys() {
    let text = MAPPED.replace("appImage\n", "image\n").replace("appImage:", "image:");
    check_places(
        &text,
        &expect![[r#"
        14:12 default/HelmRelease/web: spec.values.image "nginx:1"
        18:14 default/HelmRelease/web: spec.values.sub.marine.img "docker.io/library/nginx:1.10"
        23:12 default/HelmRelease/web: spec.values.list[1].ref "nginx:1"
    "#]],
    );
}

#[test]
fn an_alias_that_leads_nowhere_is_told() {
    let text = MAPPED.replace("sub.marine.img", "sub.image");
    let manifest = Manifest::read(text).unwrap();
    let notes = manifest.notes().iter().map(ToString::to_string).collect::<Vec<_>>();
    expect!["default/HelmRelease/web: `repository.fluxcd.io/sub` names `sub.image`, which is not among the values"]
        .assert_eq(&notes.join("\n"));
}

#[test]
fn releases_kustomizations_and_applications_are_found_in_lists() {
    let release = "  - metadata: {name: a}\n    spec: {values: {image: 'nginx:1'}}\n";
    let typed = format!("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmReleaseList\nitems:\n{release}");
    check(
        &typed,
        "2",
        &expect![[r#"
        -     spec: {values: {image: \'nginx:1\'}}
        +     spec: {values: {image: \'nginx:2\'}}
    "#]],
    );
    let list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: helm.toolkit.fluxcd.io/v2\n  kind: HelmRelease\n  \
                spec: {values: {image: 'nginx:1'}}\n- apiVersion: kustomize.toolkit.fluxcd.io/v1\n  kind: Kustomization\n  \
                spec: {images: [{name: nginx, newTag: '1'}]}\n- apiVersion: argoproj.io/v1alpha1\n  kind: Application\n  \
                spec: {source: {kustomize: {images: ['nginx:1']}}}\n";
    check(
        list,
        "2",
        &expect![[r#"
        -   spec: {values: {image: \'nginx:1\'}}
        +   spec: {values: {image: \'nginx:2\'}}
        -   spec: {images: [{name: nginx, newTag: \'1\'}]}
        +   spec: {images: [{name: nginx, newTag: \'2\'}]}
        -   spec: {source: {kustomize: {images: [\'nginx:1\']}}}
        +   spec: {source: {kustomize: {images: [\'nginx:2\']}}}
    "#]],
    );
}

#[test]
fn a_scalar_that_two_aliases_name_is_changed_for_both_or_for_none() {
    let annotations = |second: &str| {
        format!(
            "apiVersion: helm.fluxcd.io/v1\nkind: HelmRelease\nmetadata:\n  annotations:\n    repository.fluxcd.io/a: r\n    \
             tag.fluxcd.io/a: t\n    repository.fluxcd.io/b: {second}\n    tag.fluxcd.io/b: t\nspec:\n  values:\n    r: nginx\n    \
             q: redis\n    t: '1'\n"
        )
    };
    check(
        &annotations("r"),
        "2",
        &expect![[r#"
        -     t: \'1\'
        +     t: \'2\'
    "#]],
    );
    check(
        &annotations("q"),
        "2",
        &expect![[r#"
            sharedAnchor: default/HelmRelease/: spec.values.t: the scalar at 13:8 is part of another image, too, which is not to be changed in the same way
        "#]],
    );
}

#[test]
fn a_tag_that_an_alias_names_in_vain_is_nowhere_else() {
    let text = MAPPED.replace("tag.fluxcd.io/app: appTag", "tag.fluxcd.io/app: gone");
    check(
        &text,
        "2",
        &expect![[r#"
        -         tag: 1.10
        +         tag: \"2\"
        -     - ref: nginx:1
        +     - ref: nginx:2
        nothing to set: [0]
    "#]],
    );
}

#[test]
fn templates_in_the_values_of_a_list_are_data() {
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: helm.toolkit.fluxcd.io/v2\n  kind: HelmRelease\n  spec:\n    \
                values: {host: '{{ .Values.x }}', image: 'nginx:1'}\n";
    check(
        text,
        "2",
        &expect![[r#"
        -     values: {host: \'{{ .Values.x }}\', image: \'nginx:1\'}
        +     values: {host: \'{{ .Values.x }}\', image: \'nginx:2\'}
    "#]],
    );
}
