//! Pod templates: Kubernetes' own workloads, patches of them, and lists.

use super::super::chance::Chance;
use super::super::tree::{Node, below, list, map, refused, text, verbatim};
use super::super::wish::Wish;
use super::{Name, Sheet, elsewhere};

/// A kind with the versions that it has or had, and the way to its pods.
type Kind = (&'static str, &'static [&'static str], &'static str);

const KINDS: &[Kind] = &[
    ("Pod", &["v1"], "spec"),
    ("PodTemplate", &["v1"], "template.spec"),
    ("ReplicationController", &["v1"], "spec.template.spec"),
    (
        "Deployment",
        &[
            "apps/v1",
            "apps/v1",
            "apps/v1beta1",
            "apps/v1beta2",
            "extensions/v1beta1",
        ],
        "spec.template.spec",
    ),
    (
        "StatefulSet",
        &["apps/v1", "apps/v1beta1", "apps/v1beta2"],
        "spec.template.spec",
    ),
    (
        "DaemonSet",
        &["apps/v1", "apps/v1beta2", "extensions/v1beta1"],
        "spec.template.spec",
    ),
    (
        "ReplicaSet",
        &["apps/v1", "apps/v1beta2", "extensions/v1beta1"],
        "spec.template.spec",
    ),
    ("Job", &["batch/v1"], "spec.template.spec"),
    (
        "CronJob",
        &["batch/v1", "batch/v1beta1", "batch/v2alpha1"],
        "spec.jobTemplate.spec.template.spec",
    ),
];

const NAMESPACES: &[&str] = &["shop", "default", "kube-system"];
const NAMES: &[&str] = &["web", "api", "worker"];
pub(super) const CONTAINERS: &[&str] = &["app", "proxy", "sidecar"];

/// Who an object is.
struct Who {
    kind: Kind,
    namespace: &'static str,
    name: &'static str,
}

impl Who {
    fn any(chance: &mut Chance) -> Self {
        Self {
            kind: chance.of(KINDS),
            namespace: chance.of(NAMESPACES),
            name: chance.of(NAMES),
        }
    }

    fn workload(&self) -> [&'static str; 3] {
        [self.namespace, self.kind.0, self.name]
    }
}

/// Some workloads, one after another.
pub(super) fn workloads(chance: &mut Chance, wish: &Wish) -> Sheet {
    let count = chance.of(&[1, 1, 1, 2, 3]);
    Sheet {
        documents: (0..count).map(|_| workload(chance, wish)).collect(),
        name: Name::Any,
        row: "row: pod templates",
    }
}

/// A workload with all that one has.
pub(super) fn workload(chance: &mut Chance, wish: &Wish) -> Node {
    let who = Who::any(chance);
    let mut pod = pod_spec(chance, wish, &who);
    if chance.once_in(2) {
        pod = pod.with("serviceAccountName", text("nginx"));
    }
    let mut root = object(chance, &who, pod);
    if chance.once_in(4) {
        let image = text(wish.text(chance));
        root = root.with(
            "status",
            below(
                "containerStatuses",
                list([map([("image", image), ("imageID", text(""))])]),
            ),
        );
    }
    root
}

/// The object around a pod.
fn object(chance: &mut Chance, who: &Who, pod: Node) -> Node {
    let (kind, versions, path) = who.kind;
    let mut metadata = map([("name", text(who.name))]);
    // A namespace that is not written is `default`.
    if who.namespace != "default" || chance.once_in(2) {
        metadata = metadata.with("namespace", text(who.namespace));
    }
    if chance.once_in(3) {
        let annotations = map([
            ("tidemark.dev/hold", text("true")),
            ("example.com/image", text("nginx:1.2.3")),
        ]);
        metadata = metadata.with("annotations", annotations);
    }
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let mut inner = if rest.is_empty() { pod } else { below(rest, pod) };
    if rest == "template.spec" && chance.once_in(2) {
        inner.entries().insert(0, ("replicas".to_owned(), verbatim("3")));
        inner = inner.with("selector", below("matchLabels.app", text(who.name)));
    }
    let version = chance.of(versions);
    map([
        ("apiVersion", text(version)),
        ("kind", text(kind)),
        ("metadata", metadata),
        (first, inner),
    ])
}

fn pod_spec(chance: &mut Chance, wish: &Wish, who: &Who) -> Node {
    let mut spec = map([("containers", containers(chance, wish, who))]);
    if chance.once_in(3) {
        spec.entries()
            .insert(0, ("initContainers".to_owned(), containers(chance, wish, who)));
    }
    if chance.once_in(6) {
        spec = spec.with("ephemeralContainers", containers(chance, wish, who));
    }
    if chance.once_in(4) {
        spec = spec.with("volumes", volumes(chance, wish, who));
    }
    spec
}

fn volumes(chance: &mut Chance, wish: &Wish, who: &Who) -> Node {
    // An image of a volume is in no container.
    let wish = wish.in_container(who.workload(), None);
    let reference = if chance.once_in(4) {
        wish.other(chance)
    } else {
        wish.whole(chance)
    };
    let image = map([("reference", reference), ("pullPolicy", text("IfNotPresent"))]);
    list([
        map([("name", text("tmp")), ("emptyDir", map([]))]),
        map([("name", text("models")), ("image", image)]),
    ])
}

fn containers(chance: &mut Chance, wish: &Wish, who: &Who) -> Node {
    // What two share is changed for both or not at all.
    let can_share = wish.scope.as_ref().is_none_or(|scope| scope.container.is_none());
    if can_share && chance.once_in(12) {
        return shared(chance, &wish.in_container(who.workload(), None));
    }
    let count = 1 + chance.below(3);
    let containers = CONTAINERS[..count].iter();
    Node::List(containers.map(|name| container(chance, wish, who, name)).collect())
}

fn container(chance: &mut Chance, wish: &Wish, who: &Who, name: &'static str) -> Node {
    let wish = wish.in_container(who.workload(), Some(name));
    let image = if chance.once_in(4) {
        wish.other(chance)
    } else {
        wish.whole(chance)
    };
    let mut container = map([("name", text(name)), ("image", image)]);
    let mut more = [
        ("imagePullPolicy", text("Always")),
        (
            "args",
            list([
                text(format!("--image={}", wish.text(chance))),
                text("--tag=1.2.3"),
                text("image: nginx:1.2"),
            ]),
        ),
        (
            "command",
            list([text("sh"), text("-c"), text("echo \"nginx:1.2.3\"; exec nginx")]),
        ),
        ("env", elsewhere::environment(chance, &wish)),
        ("ports", list([map([("containerPort", verbatim("8080"))])])),
        (
            "resources",
            map([("limits", map([("cpu", text("100m"))])), ("requests", map([]))]),
        ),
        ("tty", verbatim("false")),
        ("workingDir", text("/café/🚢 nginx:1.2")),
    ];
    chance.shuffle(&mut more);
    let count = chance.below(more.len());
    let more = more.into_iter().take(count);
    container
        .entries()
        .extend(more.map(|(key, node)| (key.to_owned(), node)));
    if chance.once_in(5) {
        chance.shuffle(container.entries());
    }
    container
}

/// Two containers that share an image, or all that one of them has.
fn shared(chance: &mut Chance, wish: &Wish) -> Node {
    let name = format!("shared{}", chance.below(1_000_000));
    if !wish.is_idle && chance.once_in(3) {
        // A variable is no image: it must not change.
        let image = refused(format!("{}:0.0.1", wish.spelled(chance)), "anchor");
        let variable = map([("name", text("IMAGE")), ("value", Node::Alias(name.clone()))]);
        let image = Node::Anchored(name, Box::new(image));
        return list([map([
            ("name", text("app")),
            ("image", image),
            ("env", list([variable])),
        ])]);
    }
    let image = wish.whole(chance);
    if chance.once_in(2) {
        let alias = Node::Alias(name.clone());
        let first = map([("name", text("app")), ("image", Node::Anchored(name, Box::new(image)))]);
        return list([first, map([("name", text("proxy")), ("image", alias)])]);
    }
    let first = map([("name", text("app")), ("image", image), ("tty", verbatim("true"))]);
    let second = map([("<<", Node::Alias(name.clone())), ("name", text("proxy"))]);
    list([Node::Anchored(name, Box::new(first)), second])
}

/// A strategic merge patch: the least that names a workload and its containers.
pub(super) fn patch(chance: &mut Chance, wish: &Wish) -> Sheet {
    let who = Who::any(chance);
    let wish_for = |name| wish.in_container(who.workload(), Some(name));
    let mut first = map([("name", text("app")), ("image", wish_for("app").whole(chance))]);
    if chance.once_in(4) {
        first = first.with("$patch", text("replace"));
    }
    let mut pod = map([]);
    if chance.once_in(3) {
        let order = list([map([("name", text("app"))]), map([("name", text("proxy"))])]);
        pod = pod.with("$setElementOrder/containers", order);
    }
    let removed = map([("$patch", text("delete")), ("name", text("proxy"))]);
    let pod = pod.with(
        "containers",
        if chance.once_in(3) {
            list([removed, first])
        } else {
            list([first])
        },
    );
    Sheet {
        documents: vec![object(chance, &who, pod)],
        name: Name::Any,
        row: "row: patches",
    }
}

/// Workloads as items.
pub(super) fn in_list(chance: &mut Chance, wish: &Wish) -> Sheet {
    let count = 1 + chance.below(3);
    let items = (0..count).map(|_| match chance.below(4) {
        0 => elsewhere::object(chance, wish),
        _ => workload(chance, wish),
    });
    let items = Node::List(items.collect());
    let (version, kind) = chance.of(&[
        ("v1", "List"),
        ("v1", "List"),
        ("apps/v1", "DeploymentList"),
        ("v1", "PodList"),
    ]);
    let metadata = map([("resourceVersion", text(""))]);
    let mut root = map([
        ("apiVersion", text(version)),
        ("kind", text(kind)),
        ("metadata", metadata),
    ]);
    root = root.with("items", items);
    Sheet {
        documents: vec![root],
        name: Name::Any,
        row: "row: lists",
    }
}
