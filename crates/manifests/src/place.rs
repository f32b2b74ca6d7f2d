//! Where an image is written.

use std::{fmt, ops::Range, sync::Arc};

use domain::reference::Reference;
use yaml_spans::Location;

use crate::FieldPath;

/// An object of a file that has images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// As written; `default` where none is.
    pub namespace: String,
    /// As written, for example `Deployment`.
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
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.namespace, self.kind, self.name)
    }
}

/// One spot of a file that says which image is to run.
///
/// Displays as `NAMESPACE/KIND/NAME[/CONTAINER]: PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// What the image belongs to; in a list, the item.
    pub object: Arc<Object>,
    /// The container that runs it, init and ephemeral ones included; `None` for a volume, or one without a name.
    pub container: Option<String>,
    /// The way to it from the top of the document, `spec.template.spec.containers[0].image`.
    pub path: FieldPath,
    /// What is written there, without the line end of a block scalar.
    pub text: String,
    /// What is written there, if it is a reference.
    pub reference: Option<Reference>,
    /// The bytes of the scalar, quotes included. Places that share a scalar have the same.
    pub span: Range<usize>,
    /// Where the scalar begins.
    pub location: Location,
    /// The comment on the scalar's line, without its `#`.
    pub comment: Option<String>,
    /// The scalar's number in the tree.
    pub(crate) node: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.object)?;
        if let Some(container) = &self.container {
            write!(f, "/{container}")?;
        }
        write!(f, ": {}", self.path)
    }
}
