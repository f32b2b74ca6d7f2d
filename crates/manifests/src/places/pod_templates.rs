//! Images in the pod templates of Kubernetes' own workloads.
//!
//! A strategic-merge patch has the shape of what it patches, so it is found
//! like it. In any API version: what is retired still lies in repositories.

use yaml_spans::Document;

use super::{CORE, Cursor, Finder, Site, object, types};
use crate::{Refusal, Row};

/// A kind of object, the API groups it has lived in, and where its pods are described.
struct Workload {
    kind: &'static str,
    groups: &'static [&'static str],
    pod: &'static [&'static str],
}

const WORKLOADS: [Workload; 9] = [
    Workload {
        kind: "Pod",
        groups: &[CORE],
        pod: &["spec"],
    },
    Workload {
        kind: "PodTemplate",
        groups: &[CORE],
        pod: &["template", "spec"],
    },
    Workload {
        kind: "ReplicationController",
        groups: &[CORE],
        pod: TEMPLATE,
    },
    Workload {
        kind: "Deployment",
        groups: &["apps", "extensions"],
        pod: TEMPLATE,
    },
    Workload {
        kind: "StatefulSet",
        groups: &["apps"],
        pod: TEMPLATE,
    },
    Workload {
        kind: "DaemonSet",
        groups: &["apps", "extensions"],
        pod: TEMPLATE,
    },
    Workload {
        kind: "ReplicaSet",
        groups: &["apps", "extensions"],
        pod: TEMPLATE,
    },
    Workload {
        kind: "Job",
        groups: &["batch", "extensions"],
        pod: TEMPLATE,
    },
    Workload {
        kind: "CronJob",
        groups: &["batch"],
        pod: &["spec", "jobTemplate", "spec", "template", "spec"],
    },
];

const TEMPLATE: &[&str] = &["spec", "template", "spec"];

const CONTAINERS: [&str; 3] = ["containers", "initContainers", "ephemeralContainers"];

/// An object, and the type that the items of the list around it have.
type Candidate<'s> = (Cursor<'s>, Option<&'static Workload>);

/// Finds the images of all workloads of a document.
pub(super) fn find(document: Document<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let mut waiting: Vec<Candidate<'_>> = vec![(Cursor::top(document.root()), None)];
    while let Some((cursor, inherited)) = waiting.pop() {
        for kind in kinds(&cursor, inherited) {
            match kind {
                Kind::Workload(workload) => find_in(document, &cursor, workload, finder)?,
                Kind::List(of) => {
                    let lists = cursor.each("items");
                    let items = lists.iter().flat_map(Cursor::items).map(|item| (item, of));
                    // The first item is to be the next one.
                    let place = waiting.len();
                    waiting.extend(items);
                    waiting[place..].reverse();
                }
            }
        }
    }
    Ok(())
}

enum Kind {
    Workload(&'static Workload),
    /// A list; of one kind, or of objects that name theirs.
    List(Option<&'static Workload>),
}

/// What an object says it is; more than once only where those keys are duplicate.
fn kinds(object: &Cursor<'_>, inherited: Option<&'static Workload>) -> Vec<Kind> {
    if object.each("kind").is_empty() && object.each("apiVersion").is_empty() {
        // The items of a typed list, as the API server prints it, do not repeat their type.
        return inherited.map(Kind::Workload).into_iter().collect();
    }
    let types = types(object).into_iter();
    types.filter_map(|(group, name)| kind(group, name)).collect()
}

fn kind(group: &str, name: &str) -> Option<Kind> {
    if let Some(workload) = workload(group, name) {
        return Some(Kind::Workload(workload));
    }
    match name.strip_suffix("List")? {
        "" => (group == CORE).then_some(Kind::List(None)),
        of => workload(group, of).map(|workload| Kind::List(Some(workload))),
    }
}

fn workload(group: &str, name: &str) -> Option<&'static Workload> {
    let is_it = |workload: &&Workload| workload.kind == name && workload.groups.contains(&group);
    WORKLOADS.iter().find(is_it)
}

fn find_in(
    document: Document<'_>,
    cursor: &Cursor<'_>,
    workload: &'static Workload,
    finder: &mut Finder,
) -> Result<(), Refusal> {
    let pods = cursor.descend(workload.pod);
    if pods.is_empty() {
        return Ok(());
    }
    let object = object(document, cursor, workload.kind);
    let site = Site {
        row: Row::PodTemplate,
        object: &object,
        container: None,
    };
    for pod in &pods {
        containers(site, pod, finder)?;
        volumes(site, pod, finder)?;
    }
    Ok(())
}

fn containers(site: Site<'_>, pod: &Cursor<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let lists = CONTAINERS.iter().flat_map(|key| pod.each(key));
    for container in lists.collect::<Vec<_>>().iter().flat_map(Cursor::items) {
        let name = container.last("name");
        let name = name.as_ref().and_then(|name| name.node.as_text());
        for image in container.each("image") {
            finder.image(
                Site {
                    container: name,
                    ..site
                },
                &image,
            )?;
        }
    }
    Ok(())
}

fn volumes(site: Site<'_>, pod: &Cursor<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    for volume in pod.each("volumes").iter().flat_map(Cursor::items) {
        for reference in volume.descend(&["image", "reference"]) {
            finder.image(site, &reference)?;
        }
    }
    Ok(())
}
