//! What the name of a file says about it.

/// What a file may be by its name; what objects it holds is for its text to say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// Nothing is known.
    #[default]
    Other,
    /// A kustomization.
    Kustomization,
    /// Helm values, unless it holds objects.
    Values,
    /// The description of a Helm chart.
    Chart,
    /// Overrides of the source of an Argo CD `Application`, as its image updater writes them.
    ArgoSource,
}

impl FileKind {
    /// Reads the last component of `path`.
    pub fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
        match (name, stem) {
            ("kustomization.yaml" | "kustomization.yml" | "Kustomization", _) => Self::Kustomization,
            ("Chart.yaml", _) => Self::Chart,
            (_, Some(".argocd-source")) => Self::ArgoSource,
            (_, Some(stem)) if stem.starts_with(".argocd-source-") => Self::ArgoSource,
            (_, Some(stem)) if stem.starts_with("values") || stem.ends_with("values") => Self::Values,
            _ => Self::Other,
        }
    }

    /// What it is if somebody named this very file: then any name does for values.
    #[must_use]
    pub fn given(self) -> Self {
        match self {
            Self::Other => Self::Values,
            known => known,
        }
    }
}
