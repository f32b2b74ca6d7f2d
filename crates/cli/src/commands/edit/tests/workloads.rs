//! Workloads and containers that are meant alone.

use super::{Folder, POD};

#[test]
fn a_workload_or_container_can_be_meant_alone() {
    let other = POD.replace("name: web", "name: api").replace("namespace: shop", "x: y");
    let folder = Folder::new(&[("pods.yaml", &format!("{POD}---\n{other}"))]);
    let lines = |words: &str| folder.run(&format!("--image nginx --to 2 {words} -o json @pods.yaml"));
    let changed = |words: &str| lines(words).matches("\"old\"").count();
    assert_eq!(changed(""), 2);
    assert_eq!(changed("--workload shop/pod/web"), 1);
    assert_eq!(changed("--workload default/POD/api"), 1);
    assert_eq!(changed("--workload shop/Pod/api"), 0);
    assert_eq!(changed("--workload shop/Deployment/web"), 0);
    assert_eq!(changed("--container app"), 2);
    assert_eq!(changed("--container log"), 0);
    assert_eq!(changed("--workload shop/pod/web --container app"), 1);
    assert!(lines("--container log").ends_with("exit 3\n"));
}

const RELEASE: &str = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: shop}\nspec:\n  values:\n    image: {repository: nginx, tag: 1.25.0}\n";

#[test]
fn a_release_can_be_meant_alone_and_what_is_no_object_cannot() {
    let folder = Folder::new(&[
        ("k/web.yaml", POD),
        ("k/release.yaml", RELEASE),
        ("k/kustomization.yaml", "images: [{name: nginx, newTag: a}]\n"),
        ("k/values.yaml", "image: nginx:1\n"),
    ]);
    let changed = |words: &str| {
        let out = folder.run(&format!("--image nginx --to 2.0.0 {words} -o json @k"));
        let paths = out
            .lines()
            .filter_map(|line| line.trim().strip_prefix("\"path\": \"/k/"));
        paths
            .map(|path| path.trim_end_matches("\",").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        changed(""),
        ["kustomization.yaml", "release.yaml", "values.yaml", "web.yaml"]
    );
    assert_eq!(changed("--workload shop/pod/web"), ["web.yaml"]);
    assert_eq!(changed("--workload shop/helmrelease/web"), ["release.yaml"]);
    assert_eq!(changed("--workload other/HelmRelease/web"), [""; 0]);
    assert_eq!(changed("--workload default/Kustomization/x"), [""; 0]);
    assert_eq!(changed("--container app"), ["web.yaml"]);
    assert_eq!(changed("--workload shop/HelmRelease/web --container app"), [""; 0]);
}
