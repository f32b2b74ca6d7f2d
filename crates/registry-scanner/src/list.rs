//! The verb `tags`: all tags of a repository, or an error.

use domain::reference::{Registry, Repository};
use http::StatusCode;

use crate::client::{Answer, Ask, Kind, Operation};
use crate::error::{Failure, ScanError};
use crate::link::next_page;
use crate::scanner::Scanner;
use crate::tags::{Collector, MAX_PAGE_BYTES, PageError};

/// A complete list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The valid tags, in the order in which the registry gave them, each once.
    pub names: Vec<Box<str>>,
    /// Names that were dropped because they are no tags.
    pub invalid: usize,
    /// Pages that were read.
    pub pages: usize,
}

impl Scanner {
    /// Lists all tags of `repository`.
    ///
    /// # Errors
    ///
    /// The list could not be had whole. There is no partial list: nothing may be decided from one.
    pub async fn tags(&self, repository: &Repository) -> Result<Listing, ScanError> {
        let listed = self.noted(repository, self.list(repository).await);
        listed.map_err(|failure| failure.of("list the tags of", repository))
    }

    async fn list(&self, repository: &Repository) -> Result<Listing, Failure> {
        let client = self.client(repository)?;
        let list = client.url(repository, "tags/list");
        let path = list.path().to_owned();
        let mut next = list;
        // Registries without a bound of their own would send everything; ECR refuses more than a thousand.
        next.set_query(Some("n=1000"));
        let mut collector = Collector::new(next.clone());
        let mut operation = client.operation(repository).await?;
        loop {
            let ask = Ask {
                kind: Kind::List,
                url: next,
                accept: "application/json",
                limit: MAX_PAGE_BYTES,
            };
            let answer = operation.ask(&ask).await?;
            check_status(&operation, &answer)?;
            let link = next_page(&answer.headers, &answer.url, &path);
            match collector.page(&answer.body, link) {
                Ok(Some(url)) => next = url,
                Ok(None) => break,
                Err(PageError::Incomplete(incomplete)) => return Err(incomplete.into()),
                Err(PageError::Json(error)) => return Err(Failure::bad("the list of tags", error)),
            }
        }
        let pages = collector.pages();
        let (names, invalid) = collector.finish(cuts_silently(repository.registry()))?;
        Ok(Listing { names, invalid, pages })
    }
}

/// Whether the status says that what was asked for is in the answer.
pub(crate) fn check_status(operation: &Operation<'_>, answer: &Answer) -> Result<(), Failure> {
    let status = answer.status;
    if status == StatusCode::OK {
        return Ok(());
    }
    let words = operation.words(answer);
    match status.as_u16() {
        404 | 410 => Err(Failure::NotFound { status, words }),
        _ => Err(Failure::Status {
            who: "the registry".to_owned(),
            status,
            words,
        }),
    }
}

/// Artifact Registry, by the exact end of its host names.
fn cuts_silently(registry: &Registry) -> bool {
    let host = registry.host().to_ascii_lowercase();
    host == "gcr.io" || host.ends_with(".gcr.io") || host.ends_with(".pkg.dev")
}

#[cfg(test)]
mod tests;
