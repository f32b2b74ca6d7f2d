//! Images in the pod templates of Kubernetes' own workloads.
//!
//! A strategic-merge patch has the shape of what it patches, so it is found
//! like it. In any API version: what is retired still lies in repositories.

use super::{
    Cursor, Finder, Naming, Site,
    objects::{CORE, Typed},
};
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

/// Finds the images of an object, if it is a workload.
pub(super) fn find(object: &Typed<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let Some(workload) = workload(object.group, object.kind) else {
        return Ok(());
    };
    let pods = object.cursor.descend(workload.pod);
    if pods.is_empty() {
        return Ok(());
    }
    let owner = finder.owner(object.document, &object.cursor, workload.kind)?;
    let site = Site {
        row: Row::PodTemplate,
        object: &owner,
        naming: Naming::Container(None),
    };
    for pod in &pods {
        containers(site, pod, finder)?;
        volumes(site, pod, finder)?;
    }
    Ok(())
}

/// What an object says of its pods' own metadata, if it is a workload that makes others.
pub(super) fn metadata<'s>(object: &Typed<'s>) -> Vec<Cursor<'s>> {
    let Some(workload) = workload(object.group, object.kind) else {
        return Vec::new();
    };
    match workload.pod.split_last() {
        Some((_, template)) if !template.is_empty() => object.cursor.descend(&[template, &["metadata"]].concat()),
        _ => Vec::new(),
    }
}

/// Whether a kind is one of Kubernetes' own with a pod template.
pub(super) fn is_workload(group: &str, kind: &str) -> bool {
    workload(group, kind).is_some()
}

fn workload(group: &str, kind: &str) -> Option<&'static Workload> {
    let is_it = |workload: &&Workload| workload.kind == kind && workload.groups.contains(&group);
    WORKLOADS.iter().find(is_it)
}

fn containers(site: Site<'_>, pod: &Cursor<'_>, finder: &mut Finder) -> Result<(), Refusal> {
    let lists = CONTAINERS.iter().flat_map(|key| pod.each(*key));
    for container in lists.collect::<Vec<_>>().iter().flat_map(Cursor::items) {
        let name = container.last("name");
        let name = name.as_ref().and_then(|name| name.node.as_text());
        for image in container.each("image") {
            finder.image(
                Site {
                    naming: Naming::Container(name),
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
