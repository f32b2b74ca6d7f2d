//! The map of `ARCHITECTURE.md`, held: who may import whom, and what never reaches a pure crate.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Our crates and which of ours each may import (dev-dependencies aside).
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("yaml-spans", &[]),
    ("manifests", &["domain", "yaml-spans"]),
    ("transport", &[]),
    ("registry-scanner", &["domain", "transport"]),
    ("metadata-cache", &["domain"]),
    ("git-writer", &["transport"]),
    ("status-api", &["domain", "transport"]),
    (
        "controller",
        &[
            "domain",
            "git-writer",
            "manifests",
            "metadata-cache",
            "registry-scanner",
            "status-api",
            "transport",
            "yaml-spans",
        ],
    ),
    ("memory-registry", &[]),
    (
        "tidemark",
        &[
            "controller",
            "domain",
            "git-writer",
            "manifests",
            "memory-registry",
            "metadata-cache",
            "registry-scanner",
            "status-api",
            "transport",
            "yaml-spans",
        ],
    ),
    ("testkit", &["memory-registry"]),
    (
        "fuzz-checks",
        &[
            "controller",
            "domain",
            "manifests",
            "registry-scanner",
            "transport",
            "yaml-spans",
        ],
    ),
];

/// Crates that are functions of values and nothing else.
const PURE: &[&str] = &["domain", "yaml-spans", "manifests"];

/// What would make a pure crate wait, serialise or talk.
const IMPURE: &[&str] = &[
    "tokio",
    "serde",
    "serde_core",
    "reqwest",
    "hyper",
    "async-trait",
    "futures-core",
    "mio",
    "socket2",
];

/// What may not be compiled into the product at all.
const BANNED: &[&str] = &[
    "ring",
    "native-tls",
    "openssl",
    "openssl-sys",
    "libssh2-sys",
    "serde_yaml",
    "serde_yml",
];

struct Graph {
    names: BTreeMap<String, String>,
    edges: BTreeMap<String, BTreeSet<String>>,
    ours: BTreeSet<String>,
}

impl Graph {
    /// Normal and build dependencies as resolved for this workspace.
    fn read() -> Self {
        let output = Command::new(env!("CARGO"))
            .args([
                "metadata",
                "--format-version",
                "1",
                "--locked",
                "--filter-platform",
                "x86_64-unknown-linux-gnu",
            ])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata is JSON");
        let text = |value: &Value| value.as_str().expect("a string").to_owned();
        let array = |value: &Value| value.as_array().expect("an array").clone();
        let names = array(&metadata["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let mut edges = BTreeMap::new();
        for node in array(&metadata["resolve"]["nodes"]) {
            let kept = array(&node["deps"])
                .into_iter()
                .filter(|dep| array(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()));
            edges.insert(text(&node["id"]), kept.map(|dep| text(&dep["pkg"])).collect());
        }
        Self {
            names,
            edges,
            ours: array(&metadata["workspace_members"]).iter().map(text).collect(),
        }
    }

    fn id(&self, name: &str) -> &str {
        let found = self.ours.iter().find(|id| self.names[*id] == name);
        found.unwrap_or_else(|| panic!("the workspace has no crate `{name}`"))
    }

    fn direct(&self, id: &str) -> BTreeSet<String> {
        self.edges[id].iter().map(|id| self.names[id].clone()).collect()
    }

    /// Everything that is compiled in, however far down.
    fn reachable(&self, id: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut open = vec![id.to_owned()];
        while let Some(id) = open.pop() {
            if seen.insert(id.clone()) {
                open.extend(self.edges[&id].iter().cloned());
            }
        }
        seen.iter().map(|id| self.names[id].clone()).collect()
    }
}

#[test]
fn crates_import_only_what_the_map_allows() {
    let graph = Graph::read();
    let ours: BTreeSet<String> = graph.ours.iter().map(|id| graph.names[id].clone()).collect();
    for (name, allowed) in ALLOWED {
        let imported: Vec<String> = graph.direct(graph.id(name)).intersection(&ours).cloned().collect();
        for import in imported {
            assert!(
                allowed.contains(&import.as_str()),
                "`{name}` imports `{import}`, which the map does not allow"
            );
        }
    }
    let mapped: BTreeSet<String> = ALLOWED.iter().map(|(name, _)| (*name).to_owned()).collect();
    let unmapped: Vec<_> = ours
        .difference(&mapped)
        .filter(|name| !["tests", "benches"].contains(&name.as_str()))
        .collect();
    assert!(unmapped.is_empty(), "crates that the map does not know: {unmapped:?}");
}

#[test]
fn nothing_that_waits_or_serialises_reaches_a_pure_crate() {
    let graph = Graph::read();
    for name in PURE {
        let reachable = graph.reachable(graph.id(name));
        let impure: Vec<_> = IMPURE
            .iter()
            .filter(|dependency| reachable.contains(**dependency))
            .collect();
        assert!(impure.is_empty(), "`{name}` is pure, but {impure:?} reach it");
    }
}

#[test]
fn there_is_one_tls_stack_and_no_archived_yaml() {
    // The metadata have `ring` as an option that nothing turns on; the tree has what is compiled.
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--package",
            "tidemark",
            "--edges",
            "normal,build",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "--locked",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout).into_owned();
    let compiled: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(
        compiled.contains("rustls") && compiled.contains("aws-lc-rs"),
        "the tree is read wrongly:\n{tree}"
    );
    let banned: Vec<_> = BANNED.iter().filter(|name| compiled.contains(**name)).collect();
    assert!(banned.is_empty(), "{banned:?} would be compiled in");
    assert!(
        !compiled.contains("testkit"),
        "the product must not contain its test servers"
    );
}
