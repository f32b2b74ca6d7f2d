//! The JSON that people and programs see; the only serde types of what is on the Board.
//!
//! Field names are lower camel case, times RFC 3339 in UTC to the second, codes stable words. Lists
//! that can grow are paged. Fields may be added, so readers ignore what they do not know.

pub use self::{
    credentials::PassedCredentialView,
    image::{ImageView, ImagesView, ListView},
    problem::{FileProblemView, KnownProblemView, ProblemsView},
    registry::{CredentialView, ListsView, PausedHostView, QuotaView, RegistriesView, RegistryView},
    scan::{AskedScanView, ScansView},
    status::{ChangeView, CommitView, ConfigView, PassView, PushView, RepositoryView, StatusView, SummaryView},
    tags::{SelectionView, TagView, TagsView, VerdictsView},
    target::{DecisionView, NeedView, OptedInByView, TargetDetailView, TargetView, TargetsView},
};

pub(crate) mod credentials;
pub(crate) mod image;
pub(crate) mod page;
pub(crate) mod problem;
pub(crate) mod registry;
pub(crate) mod scan;
pub(crate) mod status;
pub(crate) mod tags;
pub(crate) mod target;
pub(crate) mod time;
