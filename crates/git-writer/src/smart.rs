//! git's smart protocol over HTTP and SSH.

use git2::{Oid, Repository};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use transport::Redactor;

use crate::{Commit, Failure, Head, PushOutcome, Remote, fault::Fault};

pub(crate) struct Network;

impl Network {
    pub(crate) fn new(_: &Remote, _: Handle) -> Result<Self, Fault> {
        Ok(Self)
    }

    pub(crate) fn fetch(
        &self,
        _: &Repository,
        _: &Remote,
        _: &Redactor,
        _: Option<Oid>,
        _: &CancellationToken,
    ) -> Result<Oid, Fault> {
        Err(Fault::new(Failure::Protocol, "only file:// yet"))
    }

    pub(crate) fn push(
        &self,
        _: &Repository,
        _: &Remote,
        _: &Redactor,
        _: &Head,
        _: &Commit,
        _: &CancellationToken,
    ) -> Result<PushOutcome, Fault> {
        Err(Fault::new(Failure::Protocol, "only file:// yet"))
    }
}
