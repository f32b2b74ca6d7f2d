//! What is asked for, and how an image is written in one scalar or in several.

use super::chance::Chance;
use super::tree::{Node, image, map, other_image, refused};

/// An image, with the names that mean it and names that do not.
#[derive(Debug)]
pub(super) struct Image {
    pub(super) spellings: &'static [&'static str],
    pub(super) others: &'static [&'static str],
}

/// The images that are asked for.
pub(super) const IMAGES: &[Image] = &[
    Image {
        spellings: &[
            "nginx",
            "nginx",
            "docker.io/nginx",
            "library/nginx",
            "docker.io/library/nginx",
            "index.docker.io/library/nginx",
            "registry-1.docker.io/library/nginx",
            "registry.hub.docker.com/library/nginx",
            "DOCKER.IO/library/nginx",
        ],
        others: &[
            "nginxinc/nginx",
            "quay.io/library/nginx",
            "nginx-exporter",
            "docker.io/library/nginx2",
            "xnginx",
        ],
    },
    Image {
        spellings: &["ghcr.io/acme/api", "ghcr.io/acme/api", "GHCR.io/acme/api"],
        others: &[
            "acme/api",
            "ghcr.io/acme/api-worker",
            "ghcr.io/acme/api/web",
            "ghcr.io:443/acme/api",
            "ghcr.io.example.com/acme/api",
        ],
    },
    Image {
        spellings: &["registry.example.com:5000/shop/web-front_end.v2"],
        others: &[
            "registry.example.com/shop/web-front_end.v2",
            "registry.example.com:5001/shop/web-front_end.v2",
            "shop/web",
        ],
    },
    Image {
        spellings: &[
            "bitnami/redis",
            "docker.io/bitnami/redis",
            "index.docker.io/bitnami/redis",
        ],
        others: &["redis", "bitnami/redis-cluster", "ghcr.io/bitnami/redis"],
    },
    Image {
        spellings: &["localhost/tools/migrate"],
        others: &["localhost:5000/tools/migrate", "tools/migrate"],
    },
    Image {
        spellings: &["[2001:db8::1]:5000/edge/proxy"],
        others: &["[2001:db8::2]:5000/edge/proxy", "edge/proxy"],
    },
    Image {
        spellings: &["22"],
        others: &["2222", "ghcr.io/22"],
    },
];

/// Tags that are there before.
const OLD_TAGS: &[&str] = &[
    "1.2.3",
    "v1.0.0",
    "stable",
    "1.26-alpine",
    "2020-02-02-rc1",
    "sha-0a1b2c3",
    "1.26",
    "007",
];

/// Where alone something is to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    /// Namespace, kind and name.
    pub(super) workload: Option<[&'static str; 3]>,
    pub(super) container: Option<&'static str>,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) image: &'static Image,
    pub(super) tag: Option<String>,
    pub(super) digest: Option<String>,
    pub(super) new_name: Option<&'static str>,
    pub(super) scope: Option<Scope>,
    /// What is written for it stays as it is: it stands where nothing may change.
    pub(super) is_idle: bool,
}

impl Wish {
    /// What `--to` gets.
    pub(super) fn value(&self) -> String {
        let digest = self.digest.as_ref().map(|digest| format!("@{digest}"));
        self.tag.clone().unwrap_or_default() + &digest.unwrap_or_default()
    }

    /// The same wish where it is not for `here`.
    pub(super) fn only_if(&self, here: bool) -> Self {
        Self {
            is_idle: self.is_idle || !here,
            ..self.clone()
        }
    }

    /// The same wish where no scope reaches: in what is no pod template.
    pub(super) fn outside_pods(&self, workload: Option<[&str; 3]>) -> Self {
        let is_named = |scope: &Scope| {
            let named = scope.workload.is_some_and(|named| workload == Some(named));
            named && scope.container.is_none()
        };
        self.only_if(self.scope.as_ref().is_none_or(is_named))
    }

    /// The same wish in a container of a workload.
    pub(super) fn in_container(&self, workload: [&str; 3], container: Option<&str>) -> Self {
        let is_meant = |scope: &Scope| {
            let workload = scope.workload.is_none_or(|named| named == workload);
            workload && scope.container.is_none_or(|named| container == Some(named))
        };
        self.only_if(self.scope.as_ref().is_none_or(is_meant))
    }

    /// A name that means the image.
    pub(super) fn spelled(&self, chance: &mut Chance) -> &'static str {
        chance.of(self.image.spellings)
    }

    /// A text that is to change from `kept` and `old` to `kept` and `new`, or that stays.
    pub(super) fn change(&self, kept: &str, old: &str, new: &str) -> Node {
        if self.is_idle || old == new {
            return other_image(format!("{kept}{old}"));
        }
        image(kept, old, new)
    }

    /// What stands behind a name now.
    fn old_suffix(&self, chance: &mut Chance) -> String {
        let tag = format!(":{}", chance.of(OLD_TAGS));
        match chance.below(8) {
            0 => String::new(),
            1 => format!("@{}", chance.digest()),
            2 => format!("{tag}@{}", chance.digest()),
            _ => tag,
        }
    }

    /// What is to stand behind a name.
    fn suffix(&self) -> String {
        let tag = self.tag.as_ref().map(|tag| format!(":{tag}"));
        let digest = self.digest.as_ref().map(|digest| format!("@{digest}"));
        tag.unwrap_or_default() + &digest.unwrap_or_default()
    }

    /// The whole reference behind `prefix`.
    pub(super) fn whole_behind(&self, chance: &mut Chance, prefix: &str) -> Node {
        let written = self.spelled(chance);
        let old = self.old_suffix(chance);
        match self.new_name {
            Some(new) => self.change(prefix, &format!("{written}{old}"), &format!("{new}{}", self.suffix())),
            None => self.change(&format!("{prefix}{written}"), &old, &self.suffix()),
        }
    }

    /// The whole reference in one scalar.
    pub(super) fn whole(&self, chance: &mut Chance) -> Node {
        self.whole_behind(chance, "")
    }

    /// A whole reference of another image.
    pub(super) fn other(&self, chance: &mut Chance) -> Node {
        other_image(self.other_text(chance))
    }

    /// The same, as a text.
    pub(super) fn other_text(&self, chance: &mut Chance) -> String {
        format!("{}{}", chance.of(self.image.others), self.old_suffix(chance))
    }

    /// The image as a text that stands where no image is.
    pub(super) fn text(&self, chance: &mut Chance) -> String {
        format!("{}{}", self.spelled(chance), self.old_suffix(chance))
    }

    /// The tag in a scalar of its own, where no scalar is for a digest.
    pub(super) fn tag(&self, chance: &mut Chance) -> Node {
        let old = chance.of(OLD_TAGS);
        let digest = if chance.once_in(4) {
            format!("@{}", chance.digest())
        } else {
            String::new()
        };
        match (&self.tag, &self.digest) {
            (Some(_), _) => self.change("", &format!("{old}{digest}"), &self.value()),
            (None, _) => self.change(old, &digest, &self.value()),
        }
    }

    /// The tag in a scalar beside one for a digest.
    fn tag_beside_digest(&self, chance: &mut Chance) -> Node {
        let old = chance.of(OLD_TAGS);
        self.change("", old, self.tag.as_deref().unwrap_or(old))
    }

    /// The digest in a scalar of its own: an old one, or none yet.
    fn digest(&self, old: &str) -> Node {
        self.change("", old, self.digest.as_deref().unwrap_or(old))
    }

    /// Tag and digest under keys of their own, in any way that this wish can be granted in.
    pub(super) fn tag_and_digest(
        &self,
        chance: &mut Chance,
        [tag, digest]: [&'static str; 2],
    ) -> Vec<(&'static str, Node)> {
        let old = chance.digest();
        let empty = || other_image("");
        match (chance.below(6), &self.digest) {
            (0, Some(_)) => vec![(tag, self.tag_beside_digest(chance)), (digest, self.digest(&old))],
            (1, Some(_)) => vec![(digest, self.digest(&old))],
            (2, Some(_)) => vec![(tag, self.tag_beside_digest(chance)), (digest, self.digest(""))],
            (2, None) => vec![(digest, empty()), (tag, self.tag_beside_digest(chance))],
            _ => vec![(tag, self.tag(chance))],
        }
    }

    /// The name in one scalar or in two, under the keys for a registry and the rest.
    pub(super) fn names(&self, chance: &mut Chance, [registry, rest]: [&'static str; 2]) -> Vec<(&'static str, Node)> {
        let written = self.spelled(chance);
        let new = self.new_name.unwrap_or(written);
        match (split(written), split(new), chance.below(3)) {
            (Some(old), Some(new), 0) if self.new_name.is_some() => {
                vec![
                    (registry, self.change("", old[0], new[0])),
                    (rest, self.change("", old[1], new[1])),
                ]
            }
            (Some(old), _, 0) if self.new_name.is_none() => {
                vec![(registry, other_image(old[0])), (rest, other_image(old[1]))]
            }
            (_, _, 1) => vec![(registry, other_image("")), (rest, self.change("", written, new))],
            _ => vec![(rest, self.change("", written, new))],
        }
    }

    /// Tag and digest under keys of their own, so that this wish cannot be granted.
    pub(super) fn refused(&self, chance: &mut Chance, [tag, digest]: [&'static str; 2]) -> Vec<(&'static str, Node)> {
        let digest = (digest, refused(chance.digest(), "digest key in the way"));
        let tag = (tag, other_image(chance.of(OLD_TAGS)));
        if chance.once_in(2) {
            vec![tag, digest]
        } else {
            vec![digest]
        }
    }

    /// Whether this wish could be refused, for want of a digest.
    pub(super) fn can_be_refused(&self) -> bool {
        !self.is_idle && self.digest.is_none()
    }

    /// An image over the scalars of one mapping, in some order; now and then one that is refused.
    pub(super) fn over_several(
        &self,
        chance: &mut Chance,
        names: [&'static str; 2],
        values: [&'static str; 2],
    ) -> Node {
        if !self.can_be_refused() || !chance.once_in(12) {
            return self.granted(chance, names, values);
        }
        let mut entries = self.only_if(false).names(chance, names);
        entries.extend(self.refused(chance, values));
        in_map(entries)
    }

    /// The same where it is never refused.
    pub(super) fn granted(&self, chance: &mut Chance, names: [&'static str; 2], values: [&'static str; 2]) -> Node {
        let mut entries = self.names(chance, names);
        entries.extend(self.tag_and_digest(chance, values));
        if chance.once_in(4) {
            chance.shuffle(&mut entries);
        }
        in_map(entries)
    }
}

fn in_map(entries: Vec<(&'static str, Node)>) -> Node {
    let mut node = map([]);
    node.entries()
        .extend(entries.into_iter().map(|(key, node)| (key.to_owned(), node)));
    node
}

/// The registry and the rest of a name, if it names a registry.
fn split(name: &'static str) -> Option<[&'static str; 2]> {
    let (first, rest) = name.split_once('/')?;
    let is_registry = first == "localhost" || first.contains(['.', ':']);
    is_registry.then_some([first, rest])
}
