//! A shared scalar changes for all who share it, or not at all.

use expect_test::expect;

use super::{check, check_places, check_where, deployment};

/// A Pod with the containers of `list`.
fn pod(list: &str) -> String {
    let list = list.replace('\n', "\n  ");
    format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  {list}\n")
}

#[test]
fn an_image_shared_by_containers_changes_for_both() {
    check(
        &pod("- {name: a, image: &web nginx:1}\n- name: b\n  image: *web"),
        "2",
        &expect![[r#"
            -   - {name: a, image: &web nginx:1}
            +   - {name: a, image: &web nginx:2}
        "#]],
    );
}

#[test]
fn an_image_shared_with_something_else_is_refused() {
    check(
        &pod("- name: a\n  image: &web nginx:1\n  env: [{name: WEB, value: *web}]"),
        "2",
        &expect![[r#"
            sharedAnchor: default/Pod//a: spec.containers[0].image: 2 spots show the scalar at 6:17 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
        "#]],
    );
    let text = "apiVersion: v1\nkind: Pod\nmetadata:\n  labels: {image: &web nginx:1}\nspec:\n  \
                containers:\n  - image: *web\n";
    check(
        text,
        "2",
        &expect![[r#"
        sharedAnchor: default/Pod/: spec.containers[0].image: 2 spots show the scalar at 4:24 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
    "#]],
    );
}

#[test]
fn an_image_that_is_wanted_in_one_container_only_is_refused() {
    check_where(
        &pod("- {name: a, image: &web nginx:1}\n- {name: b, image: *web}"),
        "2",
        |place| place.container.as_deref() == Some("b"),
        &expect![[r#"
            sharedAnchor: default/Pod//b: spec.containers[1].image: 2 spots show the scalar at 5:27 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
        "#]],
    );
    check_where(
        &pod("- {name: a, image: &web nginx:1}\n- {name: b, image: *web}"),
        "2",
        |place| place.container.as_deref() == Some("a"),
        &expect![[r#"
            sharedAnchor: default/Pod//a: spec.containers[0].image: 2 spots show the scalar at 5:27 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
        "#]],
    );
}

#[test]
fn merged_images_change_if_all_that_merge_them_are_images() {
    check(
        &pod("- &base\n  name: a\n  image: nginx:1\n- <<: *base\n  name: b\n- {<<: [*base], name: c}"),
        "2",
        &expect![[r#"
            -     image: nginx:1
            +     image: nginx:2
        "#]],
    );
}

#[test]
fn merged_images_that_also_stand_elsewhere_are_refused() {
    let text = format!("x-base: &base {{image: nginx:1}}\n{}", pod("- <<: *base\n  name: b"));
    check(
        &text,
        "2",
        &expect![[r#"
        sharedAnchor: default/Pod//b: spec.containers[0].image: 2 spots show the scalar at 1:23 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
    "#]],
    );
}

#[test]
fn an_overridden_merge_shares_nothing() {
    check(
        &pod("- &base\n  name: a\n  image: nginx:1\n- <<: *base\n  name: b\n  image: nginx:1.5"),
        "2",
        &expect![[r#"
            -     image: nginx:1
            +     image: nginx:2
            -     image: nginx:1.5
            +     image: nginx:2
        "#]],
    );
    check(
        &pod("- &x {name: a, image: nginx:1}\n- &y {name: b, image: nginx:1.1}\n- <<: [*y, *x]\n  name: c"),
        "2",
        &expect![[r#"
            -   - &x {name: a, image: nginx:1}
            +   - &x {name: a, image: nginx:2}
            -   - &y {name: b, image: nginx:1.1}
            +   - &y {name: b, image: nginx:2}
        "#]],
    );
}

#[test]
fn merges_go_through_one_another() {
    check(
        &pod("- &x {name: a, image: nginx:1}\n- &y {<<: *x, name: b}\n- {<<: *y, name: c}"),
        "2",
        &expect![[r#"
            -   - &x {name: a, image: nginx:1}
            +   - &x {name: a, image: nginx:2}
        "#]],
    );
}

#[test]
fn whole_containers_lists_and_templates_can_be_shared() {
    let text = "apiVersion: v1\nkind: List\nitems:\n\
        - {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: &t {spec: {containers: [{name: c, image: nginx:1}]}}}}\n\
        - {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}, spec: {template: *t}}\n";
    check_places(
        text,
        &expect![[r#"
            4:122 default/Deployment/a/c: items[0].spec.template.spec.containers[0].image "nginx:1"
            4:122 default/Deployment/b/c: items[1].spec.template.spec.containers[0].image "nginx:1"
        "#]],
    );
    check(
        text,
        "2",
        &expect![[r#"
        - - {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: &t {spec: {containers: [{name: c, image: nginx:1}]}}}}
        + - {apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: &t {spec: {containers: [{name: c, image: nginx:2}]}}}}
    "#]],
    );
    check_where(
        text,
        "2",
        |place| place.object.name == "b",
        &expect![[r#"
        sharedAnchor: default/Deployment/b/c: items[1].spec.template.spec.containers[0].image: 2 spots show the scalar at 4:122 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
    "#]],
    );
}

#[test]
fn an_anchor_that_nobody_uses_is_no_obstacle() {
    check(
        &deployment("image: &web nginx:1\nname: &x a\nenv: [{name: *x}]"),
        "2",
        &expect![[r#"
            -         - image: &web nginx:1
            +         - image: &web nginx:2
        "#]],
    );
}

#[test]
fn anchors_do_not_reach_into_other_documents() {
    let one = pod("- {name: a, image: &web nginx:1}\n- {name: b, image: *web}");
    check(
        &format!("{one}---\n{one}---\n{one}"),
        "2",
        &expect![[r#"
        -   - {name: a, image: &web nginx:1}
        +   - {name: a, image: &web nginx:2}
        -   - {name: a, image: &web nginx:1}
        +   - {name: a, image: &web nginx:2}
        -   - {name: a, image: &web nginx:1}
        +   - {name: a, image: &web nginx:2}
    "#]],
    );
}

#[test]
fn other_places_of_the_file_are_still_changed() {
    check(
        &pod("- {name: a, image: &web nginx:1, args: [*web]}\n- {name: b, image: nginx:1}"),
        "2",
        &expect![[r#"
            -   - {name: b, image: nginx:1}
            +   - {name: b, image: nginx:2}
            sharedAnchor: default/Pod//a: spec.containers[0].image: 2 spots show the scalar at 5:27 through an anchor or a merge key, and not all of them are this image and to be changed in the same way
        "#]],
    );
}
