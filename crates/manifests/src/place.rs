//! Where an image is written.

use std::{fmt, ops::Range, sync::Arc};

use domain::reference::{Reference, Repository};
use yaml_spans::Location;

use crate::{FieldPath, Marker};

/// An object of a file that has images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// As written; `default` where none is.
    pub namespace: String,
    /// As written, for example `Deployment`; empty where none is, as in Helm values.
    pub kind: String,
    /// As written; empty where none is.
    pub name: String,
    /// The annotations of its own metadata, as written, in the order of the text.
    pub annotations: Vec<(String, String)>,
    /// The number of its document in the file, from 0.
    pub document: usize,
}

impl Object {
    /// The value of an annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        let found = self.annotations.iter().rfind(|(name, _)| name == key);
        found.map(|(_, value)| value.as_str())
    }

    /// How many bytes it takes to name it.
    pub(crate) fn bytes(&self) -> usize {
        self.namespace.len() + self.kind.len() + self.name.len()
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.namespace, self.kind, self.name)
    }
}

/// What kind of place it is: a row of the table of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Row {
    /// Containers and image volumes of Kubernetes' own workloads.
    PodTemplate,
    /// `images` of a kustomization, Flux's `Kustomization` included.
    Kustomize,
    /// A file of Helm values.
    HelmValues,
    /// The values and post-renderers of a `HelmRelease`.
    HelmRelease,
    /// The sources of an Argo CD `Application` or `ApplicationSet`.
    ArgoCd,
    /// Scalars that a marker of Flux is written beside, and no other row knows.
    Marker,
    /// A field that a pattern leads to, and no other row knows.
    Field,
}

/// One image of a file: all scalars that together say which image is to run.
///
/// Displays as `NAMESPACE/KIND/NAME[/CONTAINER]: PATH`, without an object as `PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What kind of place it is.
    pub row: Row,
    /// What the image belongs to; in a list, the item.
    pub object: Arc<Object>,
    /// The container that runs it, init and ephemeral ones included; `None` for a volume, or one without a name.
    pub container: Option<String>,
    /// The name that annotations of the object call it by.
    ///
    /// Of a pod template the container. Of Helm values the way to the keys that describe it,
    /// `redis.metrics`, and `chart-image` at the top, as Flux v1 named them. Of a kustomization
    /// the last component of the name that the image goes by.
    pub alias: Option<String>,
    /// The way to the scalar or map that describes it from the top of the document, `spec.containers[0].image`.
    pub path: FieldPath,
    /// What is written there, put together: of one scalar its text, without the line end of a block scalar.
    pub text: String,
    /// What is written there, if it is a reference.
    pub reference: Option<Reference>,
    /// The name in it, if it is one; also where tag or digest are none, such as `${TAG}`.
    pub image: Option<Repository>,
    /// Where the first of its parts begins.
    pub location: Location,
    /// The scalars that it is written in; at least one.
    pub parts: Vec<Part>,
    /// The patterns that lead to it, by their number in [`Reading::fields`](crate::Reading::fields).
    pub fields: Vec<usize>,
    /// The text inside a scalar that it is written in, by its number in the manifest.
    pub(crate) within: Option<usize>,
}

/// What a scalar says of its image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Name, tag and digest.
    Whole,
    /// The name; beside a registry that is set, what stands behind that.
    Name,
    /// A name that others know the image by, so that it is never written: `name` of a kustomization.
    FixedName,
    /// The registry, which stands before the name.
    Registry,
    /// The tag; `TAG@DIGEST` where the digest has no key of its own.
    Tag,
    /// The digest.
    Digest,
}

/// One scalar of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it says of the image.
    pub role: Role,
    /// The way to it from the top of the document.
    pub path: FieldPath,
    /// What it says of the image; empty for null.
    pub text: String,
    /// The bytes of the scalar, quotes included. Parts that share a scalar have the same.
    pub span: Range<usize>,
    /// Where the scalar begins.
    pub location: Location,
    /// The marker on the scalar's line, if it fits what the scalar says.
    pub marker: Option<Marker>,
    /// Where one may stand: the name that the image is put in the place of, with its `=`; empty where none is written.
    pub(crate) substituted: Option<String>,
    /// The scalar's number in the tree.
    pub(crate) node: usize,
}

impl Place {
    /// The part with a role, whether or not anything is written there.
    pub fn part(&self, role: Role) -> Option<&Part> {
        part(&self.parts, role)
    }

    /// The marker that it follows; all of its markers name the same policy.
    pub fn marker(&self) -> Option<&Marker> {
        self.parts.iter().find_map(|part| part.marker.as_ref())
    }

    /// The name that a part goes by, as [`Display`](fmt::Display) has it for the place.
    pub fn spot(&self, part: &Part) -> String {
        self.at(&part.path)
    }

    fn at(&self, path: &FieldPath) -> String {
        match &self.container {
            _ if self.object.kind.is_empty() => path.to_string(),
            None => format!("{}: {path}", self.object),
            Some(container) => format!("{}/{container}: {path}", self.object),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.at(&self.path))
    }
}

fn part(parts: &[Part], role: Role) -> Option<&Part> {
    parts.iter().find(|part| part.role == role)
}

/// The part with a role, if something is written there.
pub(crate) fn filled(parts: &[Part], role: Role) -> Option<&Part> {
    part(parts, role).filter(|part| !part.text.is_empty())
}

/// The name in `parts`, as it is put together.
pub(crate) fn name(parts: &[Part]) -> Option<String> {
    let own = match filled(parts, Role::Whole) {
        Some(whole) => whole_name(&whole.text),
        None => &filled(parts, Role::Name).or(filled(parts, Role::FixedName))?.text,
    };
    Some(match filled(parts, Role::Registry) {
        Some(registry) => format!("{}/{own}", registry.text),
        None => own.to_owned(),
    })
}

/// The name in the text of a whole reference, in its own spelling.
pub(crate) fn whole_name(text: &str) -> &str {
    let Ok(reference) = Reference::parse(text) else {
        return text;
    };
    let tag = reference.tag.as_ref().map_or(0, |tag| 1 + tag.as_str().len());
    let digest = reference.digest.as_ref().map_or(0, |digest| 1 + digest.as_str().len());
    &text[..text.len() - tag - digest]
}

/// What is written in several parts, or in one.
pub(crate) struct Written {
    pub(crate) text: String,
    /// The reference that it is.
    pub(crate) reference: Option<Reference>,
    /// The name in it.
    pub(crate) image: Option<Repository>,
}

/// What `parts` say together; `None` if they have no name.
pub(crate) fn read(parts: &[Part]) -> Option<Written> {
    let name = name(parts)?;
    let mut text = match (filled(parts, Role::Whole), filled(parts, Role::Tag)) {
        (Some(whole), _) => format!("{name}{}", &whole.text[whole_name(&whole.text).len()..]),
        (None, Some(tag)) => format!("{name}:{}", tag.text),
        (None, None) => name.clone(),
    };
    if let Some(digest) = filled(parts, Role::Digest) {
        text.truncate(text.find('@').unwrap_or(text.len()));
        text = format!("{text}@{}", digest.text);
    }
    let reference = Reference::parse(&text).ok();
    let image = match (filled(parts, Role::Whole), &reference) {
        (Some(_), reference) => reference.as_ref().map(|reference| reference.repository.clone()),
        // What stands apart can be wrong apart.
        (None, _) => Repository::parse(&name).ok(),
    };
    Some(Written {
        text,
        // A tag that is none can make another name: `nginx` and `1/25` are no image of the registry `nginx:1`.
        reference: reference.filter(|reference| image.as_ref() == Some(&reference.repository)),
        image,
    })
}
