//! What can be asked for.

use std::path::PathBuf;

use clap::{ValueEnum, builder::NonEmptyStringValueParser};
use domain::reference::{ReferenceError, Repository, Value};
use manifests::{Object, Place, Row};

/// Set the tag or digest of an image wherever YAML files deploy it
///
/// Knows Kubernetes' own workloads, kustomizations, Helm values and releases, and Argo CD's applications.
/// Prints a unified diff, or writes the files with --write. Only the bytes of the image change;
/// the result is parsed again and compared before it is used.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark edit --image nginx --to 1.27.3 deploy/
  tidemark edit --image ghcr.io/acme/api --to 1.5.0@sha256:… --write api.yaml web.yaml
  tidemark edit --image nginx --to 1.27.3 --workload shop/Deployment/web --container app web.yaml
  tidemark edit --image nginx --name mirror.example.com/nginx --to 1.27.3 web.yaml | git apply

Exit status:
  0  something was changed (or would be), nothing refused
  1  a file or place was refused, or could not be read or written; the others are done
  2  wrong usage; nothing was read
  3  nothing to change")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(super) wish: Wish,

    /// Write the files instead of printing a diff
    #[arg(long)]
    pub(super) write: bool,

    /// How to say what was changed
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t = Output::Text)]
    pub(super) output: Output,

    /// Files, or folders to look through for .yaml, .yml and .json
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// What is to be changed, and where.
#[derive(Debug, clap::Args)]
pub(super) struct Wish {
    /// The image to change, in any spelling, without tag and digest
    #[arg(long, value_name = "NAME", value_parser = Repository::parse)]
    pub(super) image: Repository,

    /// What to write behind its name: TAG, TAG@DIGEST or @DIGEST
    #[arg(long, value_name = "VALUE", value_parser = Value::parse)]
    pub(super) to: Value,

    /// The name to write instead of the one that is there
    #[arg(long, value_name = "NEWNAME", value_parser = new_name)]
    pub(super) name: Option<String>,

    /// Change this workload, `HelmRelease` or `Application` only; a missing namespace is `default`
    #[arg(long, value_name = "NAMESPACE/KIND/NAME", value_parser = Workload::parse)]
    pub(super) workload: Option<Workload>,

    /// Change this container only
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub(super) container: Option<String>,
}

impl Wish {
    /// Whether `place` is to be changed.
    pub(super) fn is_for(&self, place: &Place) -> bool {
        place.image.as_ref() == Some(&self.image) && self.is_within(place)
    }

    /// Whether `place` is in the workload and container that alone are meant, if there are such.
    ///
    /// Of what is no pod template, only a release or an application can be named as a workload.
    fn is_within(&self, place: &Place) -> bool {
        let is_restricted = self.workload.is_some() || self.container.is_some();
        if is_restricted && !matches!(place.row, Row::PodTemplate | Row::HelmRelease | Row::ArgoCd) {
            return false;
        }
        let workload = match &self.workload {
            Some(workload) => workload.is(&place.object),
            None => !is_restricted || place.row == Row::PodTemplate,
        };
        let container = self.container.as_ref();
        workload && container.is_none_or(|name| place.container.as_ref() == Some(name))
    }
}

/// How to say what was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// For people
    Text,
    /// For programs
    Json,
}

/// One workload, as people name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Workload {
    namespace: String,
    kind: String,
    name: String,
}

impl Workload {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let parts = text.split('/').collect::<Vec<_>>();
        let [namespace, kind, name] = parts[..] else {
            return Err("write NAMESPACE/KIND/NAME, as in `shop/Deployment/web`");
        };
        let is_blank = |part: &str| part.is_empty() || part.contains(char::is_whitespace);
        if [namespace, kind, name].into_iter().any(is_blank) {
            return Err("namespace, kind and name must not be empty or hold blanks");
        }
        let owned = str::to_owned;
        Ok(Self {
            namespace: owned(namespace),
            kind: owned(kind),
            name: owned(name),
        })
    }

    /// Whether `object` is this workload; kinds are compared without case.
    pub(super) fn is(&self, object: &Object) -> bool {
        self.namespace == object.namespace && self.kind.eq_ignore_ascii_case(&object.kind) && self.name == object.name
    }
}

/// A name is written as it was given, once it is known to be one.
fn new_name(text: &str) -> Result<String, ReferenceError> {
    Repository::parse(text).map(|_| text.to_owned())
}
