//! The verbs `head` and `manifest`: what a tag or digest stands for.

mod seen;

use domain::reference::{Algorithm, Digest, Reference, Timestamp};
use http::header::{CONTENT_TYPE, ETAG};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::client::{Answer, Ask, Kind, Operation, RegistryClient, unix_now};
use crate::error::{Failure, ScanError};
use crate::hash::digest_of;
use crate::list::check_status;
use crate::manifest::Manifest;
use crate::profile::{Heads, mark_of};
use crate::scanner::Scanner;

pub(crate) use seen::Seen;

/// The four kinds of manifests; each comes back under its own type only if it is asked for.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

/// The largest manifest.
pub(crate) const MAX_MANIFEST_BYTES: usize = 4 * 1024 * 1024;

/// What a registry says of a manifest without sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The registry's claim, or our own hash where it made none.
    pub digest: Digest,
    /// Without parameters; `None` if the registry does not say.
    pub media_type: Option<String>,
    /// In bytes; `None` if the registry does not say.
    pub size: Option<u64>,
}

/// A manifest as it arrived; its bytes have the digest that it was asked for by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawManifest {
    /// Of `bytes`.
    pub digest: Digest,
    /// As the registry named it, without parameters.
    pub media_type: Option<String>,
    /// As they arrived.
    pub bytes: bytes::Bytes,
    /// What they say.
    pub manifest: Manifest,
}

/// A manifest before it was read.
pub(crate) struct Fetched {
    pub(crate) digest: Digest,
    /// Whether the registry named that digest, or it was asked for by it.
    pub(crate) is_named: bool,
    pub(crate) media_type: Option<String>,
    pub(crate) bytes: bytes::Bytes,
}

impl Scanner {
    /// The digest that `reference` stands for now. Without tag and digest, `latest` is asked for.
    ///
    /// # Errors
    ///
    /// The registry does not have it (see [`ScanError::is_gone`]) or could not be asked.
    pub async fn head(&self, reference: &Reference) -> Result<Head, ScanError> {
        self.head_unless(reference, None).await
    }

    /// The same for what was known to stand for `known`: a registry that says nothing to `HEAD`, and knows its manifests by their
    /// digests, need not send the manifest again.
    ///
    /// # Errors
    ///
    /// As for [`Scanner::head`].
    pub async fn head_again(&self, reference: &Reference, known: &Digest) -> Result<Head, ScanError> {
        self.head_unless(reference, Some(known)).await
    }

    async fn head_unless(&self, reference: &Reference, known: Option<&Digest>) -> Result<Head, ScanError> {
        let found = self.noted(&reference.repository, self.find_head(reference, known).await);
        found.map_err(|failure| failure.of("resolve", reference))
    }

    /// Fetches the manifest that `reference` stands for.
    ///
    /// # Errors
    ///
    /// As for [`Scanner::head`], and when the bytes do not have the digest that was asked for or claimed, or are no manifest.
    pub async fn manifest(&self, reference: &Reference) -> Result<RawManifest, ScanError> {
        let fetched = async { read(&*self.client(&reference.repository)?, reference).await };
        let fetched = self.noted(&reference.repository, fetched.await);
        fetched.map_err(|failure| failure.of("fetch the manifest of", reference))
    }

    async fn find_head(&self, reference: &Reference, known: Option<&Digest>) -> Result<Head, Failure> {
        let client = self.client(&reference.repository)?;
        let mut operation = client.operation(&reference.repository).await?;
        head(&client, &mut operation, reference, known).await
    }
}

/// Resolves a reference: by `HEAD`, and where that says nothing, by `GET`.
pub(crate) async fn head(
    client: &RegistryClient,
    operation: &mut Operation<'_>,
    reference: &Reference,
    known: Option<&Digest>,
) -> Result<Head, Failure> {
    let mut is_manner = false;
    if client.profile(|profile| profile.manifests.heads_work(now())) {
        let answer = operation.ask(&ask(client, reference, Kind::Head)).await?;
        if !head_is_refused(answer.status) {
            check_status(operation, &answer)?;
            if let Some(digest) = claimed(&answer.headers) {
                agree(reference, &digest)?;
                note_mark(client, &answer, &digest);
                client.profile(|profile| profile.manifests.note_heads(Heads::Digest, now()));
                return Ok(Head {
                    digest,
                    media_type: media_type(&answer.headers),
                    size: size(&answer.headers),
                });
            }
        }
        // Other refusals may be of this one image.
        is_manner = matches!(answer.status.as_u16(), 200 | 405 | 501);
    }
    let head = fetch_head(client, operation, reference, known).await?;
    if is_manner {
        client.profile(|profile| profile.manifests.note_heads(Heads::Nothing, now()));
    }
    Ok(head)
}

/// Fetches the manifest for its digest alone. What a tag stood for the last time is asked about by the registry's mark for it, so
/// that the same manifest is not sent again.
async fn fetch_head(
    client: &RegistryClient,
    operation: &mut Operation<'_>,
    reference: &Reference,
    known: Option<&Digest>,
) -> Result<Head, Failure> {
    let (repository, tag) = (&reference.repository, reference.tag.as_ref());
    let seen = client.seen.get(repository, tag);
    let known = seen
        .or_else(|| marked(client, known?))
        .filter(|_| reference.digest.is_none());
    let question = Ask {
        if_none_match: known.as_ref().map(|(mark, _)| mark.clone()),
        ..ask(client, reference, Kind::Manifest)
    };
    let answer = operation.ask(&question).await?;
    if let (StatusCode::NOT_MODIFIED, Some((_, head))) = (answer.status, &known) {
        return Ok(head.clone());
    }
    check_status(operation, &answer)?;
    let digest = verified(reference, &answer)?;
    let media_type = media_type(&answer.headers);
    // Anything has a hash, a page of something that stands before the registry as well.
    Manifest::parse(&answer.body, media_type.as_deref()).map_err(|reason| Failure::bad("the manifest", reason))?;
    note_mark(client, &answer, &digest);
    if known.is_some_and(|(_, head)| head.digest == digest) {
        client.profile(|profile| profile.manifests.note_ignored(now()));
    }
    let head = Head {
        digest,
        media_type,
        size: Some(answer.body.len() as u64),
    };
    if reference.digest.is_none() {
        client.seen.put(repository, tag, answer.headers.get(ETAG), &head);
    }
    Ok(head)
}

/// What was known, and its mark, where that is the digest.
fn marked(client: &RegistryClient, known: &Digest) -> Option<(HeaderValue, Head)> {
    let mark = mark_of(known).filter(|_| client.profile(|profile| profile.manifests.knows_digests(now())))?;
    let head = Head {
        digest: known.clone(),
        media_type: None,
        size: None,
    };
    Some((mark, head))
}

/// Remembers by what the registry knows its manifests.
fn note_mark(client: &RegistryClient, answer: &Answer, digest: &Digest) {
    let mark = answer.headers.get(ETAG);
    client.profile(|profile| profile.manifests.note_mark(mark, digest, now()));
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(unix_now())
}

/// Fetches a manifest and hashes it.
pub(crate) async fn fetch(
    client: &RegistryClient,
    operation: &mut Operation<'_>,
    reference: &Reference,
) -> Result<Fetched, Failure> {
    let answer = operation.ask(&ask(client, reference, Kind::Manifest)).await?;
    check_status(operation, &answer)?;
    let digest = verified(reference, &answer)?;
    note_mark(client, &answer, &digest);
    Ok(Fetched {
        digest,
        is_named: reference.digest.is_some() || claimed(&answer.headers).is_some(),
        media_type: media_type(&answer.headers),
        bytes: answer.body,
    })
}

async fn read(client: &RegistryClient, reference: &Reference) -> Result<RawManifest, Failure> {
    let mut operation = client.operation(&reference.repository).await?;
    let fetched = fetch(client, &mut operation, reference).await?;
    Ok(RawManifest {
        manifest: fetched.parse()?,
        digest: fetched.digest,
        media_type: fetched.media_type,
        bytes: fetched.bytes,
    })
}

fn ask(client: &RegistryClient, reference: &Reference, kind: Kind) -> Ask {
    let name = match (&reference.digest, &reference.tag) {
        (Some(digest), _) => digest.as_str(),
        (None, Some(tag)) => tag.as_str(),
        (None, None) => "latest",
    };
    Ask {
        kind,
        url: client.url(&reference.repository, &format!("manifests/{name}")),
        accept: MANIFESTS,
        if_none_match: None,
        limit: MAX_MANIFEST_BYTES,
    }
}

/// Whether the server does not speak `HEAD`; it may still speak `GET`.
fn head_is_refused(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 405 | 406 | 415 | 501)
}

/// The digest that the registry names; one that cannot be read is none.
fn claimed(headers: &HeaderMap) -> Option<Digest> {
    let text = headers.get("docker-content-digest")?.to_str().ok()?;
    Digest::parse(text.trim()).ok()
}

/// Hashes the bytes in each algorithm that anyone named.
fn verified(reference: &Reference, answer: &Answer) -> Result<Digest, Failure> {
    let claim = claimed(&answer.headers);
    let wanted = reference.digest.as_ref().or(claim.as_ref());
    let algorithm = wanted.map_or(Algorithm::Sha256, Digest::algorithm);
    let found = digest_of(algorithm, &answer.body);
    agree(reference, &found)?;
    if let Some(claim) = claim
        && claim != digest_of(claim.algorithm(), &answer.body)
    {
        let reason = format!("the registry calls it {claim}, but its bytes have the digest {found}");
        return Err(Failure::bad("the manifest", reason));
    }
    Ok(found)
}

fn agree(reference: &Reference, found: &Digest) -> Result<(), Failure> {
    match &reference.digest {
        // Another algorithm is no answer to the question, but no contradiction either: the bytes decide.
        Some(wanted) if wanted.algorithm() == found.algorithm() && wanted != found => Err(Failure::bad(
            "the manifest",
            format!("asked for {wanted}, the registry answers with {found}"),
        )),
        _ => Ok(()),
    }
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = text.split(';').next().unwrap_or_default().trim();
    (!essence.is_empty()).then(|| transport::one_line(essence, 200))
}

fn size(headers: &HeaderMap) -> Option<u64> {
    headers.get(http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests;
