//! The verbs `image` and `image_of_tag`: what the image behind a digest or a tag runs on, and when it was built.

use std::collections::{BTreeSet, HashSet, VecDeque};

use domain::reference::{Digest, Platform, Reference, Repository, Tag, Timestamp};
use domain::scan::Created;

use crate::client::{Ask, Kind, Operation, RegistryClient};
use crate::error::{Failure, ScanError};
use crate::hash::digest_of;
use crate::image::ImageConfig;
use crate::list::check_status;
use crate::manifest::{Descriptor, Manifest, ManifestKind};
use crate::resolve::{Fetched, MAX_MANIFEST_BYTES, fetch, head};
use crate::scanner::Scanner;

/// The largest configuration of an image.
const MAX_CONFIG_BYTES: usize = 8 * 1024 * 1024;

/// An index in an index in an index is the limit.
const MAX_DEPTH: usize = 3;

/// Manifests and configurations that are fetched for one image at most: nobody builds for more platforms.
const MAX_FETCHES: usize = 64;

/// What of an image is to be found out. What nobody wants is not fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What it runs on.
    pub platforms: bool,
    /// When it was built.
    pub build_time: bool,
}

/// What a digest stands for; true for ever. What was not wanted is there all the same where it cost nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFacts {
    /// What it runs on, normalised and sorted; never `None` where it was wanted.
    pub platforms: Option<Vec<Platform>>,
    /// The annotation of the manifest, else the label of the configuration, else the configuration's own time; never
    /// [`Created::Unknown`] where it was wanted.
    pub created: Created,
    /// Why a part of it was not looked into: something is wrong with it that is so for ever. That part says nothing.
    pub flaw: Option<String>,
}

impl Scanner {
    /// Finds out what is `wanted` of what `digest` in `repository` stands for.
    ///
    /// The manifest alone tells a build time that stands in its annotations, and the platforms of most indexes. An index tells its platforms itself; its build time is its own annotation, else that of its image for linux/amd64, else
    /// of its first image.
    ///
    /// # Errors
    ///
    /// Something of it could not be fetched, or did not have its digest. What has its digest and cannot be used is no error, for to
    /// ask again would not help: see [`ImageFacts::flaw`].
    pub async fn image(
        &self,
        repository: &Repository,
        digest: &Digest,
        wanted: Wanted,
    ) -> Result<ImageFacts, ScanError> {
        let found = async {
            let client = self.client(repository)?;
            let mut operation = client.operation(repository).await?;
            let top = fetch_manifest(&client, &mut operation, &by_digest(repository, digest), None).await;
            find_out(&client, &mut operation, repository, (top, wanted)).await
        };
        let found = self.noted(repository, found.await);
        found.map_err(|failure| failure.of("find out about", by_digest(repository, digest)))
    }

    /// Finds out what a tag stands for, and what is wanted of that: the manifest is fetched by the tag, so that its digest costs
    /// no request of its own.
    ///
    /// `resolved` is told the digest of the bytes that came, and says what is wanted of it; where that is nothing, nothing more is
    /// asked, and the answer is `None`.
    ///
    /// # Errors
    ///
    /// As for [`Scanner::image`]. What failed before `resolved` was called is about the tag, what failed after it about the
    /// digest.
    pub async fn image_of_tag(
        &self,
        repository: &Repository,
        tag: &Tag,
        resolved: impl FnOnce(&Digest) -> Option<Wanted> + Send,
    ) -> Result<Option<ImageFacts>, ScanError> {
        let mut reference = Reference {
            repository: repository.clone(),
            tag: Some(tag.clone()),
            digest: None,
        };
        let found = async {
            let client = self.client(repository)?;
            let mut operation = client.operation(repository).await?;
            let (digest, top) = fetch_tag(&client, &mut operation, &reference).await?;
            reference.digest = Some(digest.clone());
            let Some(wanted) = resolved(&digest) else {
                return Ok(None);
            };
            let facts = find_out(&client, &mut operation, repository, (top, wanted)).await?;
            Ok(Some(facts))
        };
        let found = self.noted(repository, found.await);
        found.map_err(|failure| failure.of("find out about", reference))
    }

    /// Fetches the configuration of an image and checks it against its digest.
    ///
    /// # Errors
    ///
    /// It could not be fetched, or is not what it should be.
    pub async fn config(&self, repository: &Repository, config: &Descriptor) -> Result<ImageConfig, ScanError> {
        let fetched = async {
            let client = self.client(repository)?;
            let mut operation = client.operation(repository).await?;
            fetch_config(&client, &mut operation, repository, config).await
        };
        let fetched = self.noted(repository, fetched.await);
        fetched.map_err(|failure| failure.of("fetch the configuration of", by_digest(repository, &config.digest)))
    }
}

fn by_digest(repository: &Repository, digest: &Digest) -> Reference {
    Reference {
        repository: repository.clone(),
        tag: None,
        digest: Some(digest.clone()),
    }
}

/// Finds out what is wanted of an image whose manifest was fetched.
async fn find_out(
    client: &RegistryClient,
    operation: &mut Operation<'_>,
    repository: &Repository,
    (top, wanted): (Result<Manifest, Failure>, Wanted),
) -> Result<ImageFacts, Failure> {
    let mut search = Search::new(wanted);
    if let Some(top) = search.usable(top)? {
        search.look_at(top, 1, true);
    }
    while let Some((descriptor, depth)) = search.open.pop_front() {
        if !search.may_fetch() {
            break;
        }
        let reference = by_digest(repository, &descriptor.digest);
        let child = fetch_manifest(client, operation, &reference, Some(&descriptor)).await;
        if let Some(child) = search.usable(child)? {
            search.look_at(child, depth, descriptor.platform.is_none());
        }
    }
    while let Some(image) = search.images.pop_front() {
        if !search.wants_config(&image) {
            continue;
        }
        if !search.may_fetch() {
            break;
        }
        let config = fetch_config(client, operation, repository, &image.config).await;
        let Some(config) = search.usable(config)? else {
            continue;
        };
        search.platforms.extend(config.platform.clone());
        let created = image.annotation.as_deref().and_then(time).or_else(|| built(&config));
        search.created = search.created.or(created);
    }
    Ok(search.facts())
}

/// Fetches a manifest by its digest, and reads it. One that is named with a size too large to be read is not fetched.
async fn fetch_manifest(
    client: &RegistryClient,
    operation: &mut Operation<'_>,
    reference: &Reference,
    named: Option<&Descriptor>,
) -> Result<Manifest, Failure> {
    check_announced(named, MAX_MANIFEST_BYTES)?;
    let fetched = fetch(client, operation, reference).await?;
    check_size(named, fetched.bytes.len())?;
    read_manifest(&fetched)
}

fn read_manifest(fetched: &Fetched) -> Result<Manifest, Failure> {
    // What is wrong whatever the registry calls it is a matter of the bytes, and those have been checked.
    Manifest::parse(&fetched.bytes, None).map_err(|reason| Failure::flawed("the manifest", reason))?;
    fetched.parse()
}

/// Fetches the manifest that a tag stands for: its digest, and what it says or why it will never say anything.
async fn fetch_tag(
    client: &RegistryClient,
    operation: &mut Operation<'_>,
    reference: &Reference,
) -> Result<(Digest, Result<Manifest, Failure>), Failure> {
    let fetched = match fetch(client, operation, reference).await {
        // What is too large is so under its digest, too; which that is, a `HEAD` says.
        Err(Failure::Body(error)) if error.is_too_large() => {
            let digest = head(client, operation, reference, None).await?.digest;
            return Ok((digest, Err(Failure::Body(error))));
        }
        fetched => fetched?,
    };
    let top = read_manifest(&fetched);
    if !fetched.is_named && top.is_err() {
        // It may be a page of something that stands before the registry, which comes whatever is asked for.
        if !Manifest::is_meant(&fetched.bytes) {
            return Err(Failure::bad(
                "the manifest",
                "it is none, and the registry names no digest for it",
            ));
        }
        let confirmed = fetch(client, operation, &by_digest(&reference.repository, &fetched.digest)).await;
        confirmed.map_err(|failure| match failure {
            Failure::NotFound { .. } => {
                Failure::bad("the manifest", "it cannot be read, and is not there under its digest")
            }
            other => other,
        })?;
    }
    Ok((fetched.digest, top))
}

/// What is still to be fetched, and what is known so far.
struct Search {
    wanted: Wanted,
    open: VecDeque<(Descriptor, usize)>,
    images: VecDeque<Unconfigured>,
    seen: HashSet<Digest>,
    fetches: usize,
    platforms: BTreeSet<Platform>,
    /// Something that names platforms was not looked at.
    partial: bool,
    /// The image that the build time is taken from was not looked for.
    undated: bool,
    created: Option<Timestamp>,
    /// The first thing that cannot be used.
    flaw: Option<String>,
}

/// An image whose configuration was not looked at.
struct Unconfigured {
    config: Descriptor,
    /// The time that its manifest names.
    annotation: Option<String>,
    /// Nobody has said yet what it runs on.
    lacks_platform: bool,
}

impl Search {
    fn new(wanted: Wanted) -> Self {
        Self {
            wanted,
            open: VecDeque::new(),
            images: VecDeque::new(),
            seen: HashSet::new(),
            fetches: 0,
            platforms: BTreeSet::new(),
            partial: false,
            undated: false,
            created: None,
            flaw: None,
        }
    }

    /// What was fetched, unless it is flawed for ever: then that is noted, and nothing comes of it.
    fn usable<T>(&mut self, fetched: Result<T, Failure>) -> Result<Option<T>, Failure> {
        let failure = match fetched {
            Ok(fetched) => return Ok(Some(fetched)),
            Err(failure) => failure,
        };
        let flaw = failure.into_flaw()?;
        self.note(flaw);
        Ok(None)
    }

    fn note(&mut self, flaw: String) {
        self.flaw.get_or_insert(flaw);
    }

    fn wants_time(&self) -> bool {
        self.wanted.build_time && self.created.is_none()
    }

    fn wants_config(&mut self, image: &Unconfigured) -> bool {
        let wants = self.wants_time() || (self.wanted.platforms && image.lacks_platform);
        self.partial |= !wants && image.lacks_platform;
        wants
    }

    fn facts(self) -> ImageFacts {
        let created = match self.created {
            Some(time) if !self.undated => Created::At(time),
            _ if self.wanted.build_time => Created::Never,
            _ => Created::Unknown,
        };
        ImageFacts {
            platforms: (!self.partial).then(|| self.platforms.into_iter().collect()),
            created,
            flaw: self.flaw,
        }
    }

    fn look_at(&mut self, manifest: Manifest, depth: usize, lacks_platform: bool) {
        let annotated = manifest.created.as_deref().and_then(time);
        match manifest.kind {
            ManifestKind::Image { config, .. } => {
                self.created = self.created.or(annotated);
                self.images.push_back(Unconfigured {
                    config,
                    annotation: manifest.created,
                    lacks_platform,
                });
            }
            ManifestKind::Index(entries) => {
                if depth == 1 {
                    self.created = annotated;
                }
                self.look_into(entries, depth);
            }
        }
    }

    /// Takes the platforms that an index names; only entries without one are fetched, and one for the build time.
    fn look_into(&mut self, entries: Vec<Descriptor>, depth: usize) {
        let entries: Vec<Descriptor> = entries
            .into_iter()
            .filter(|entry| !entry.attestation && self.seen.insert(entry.digest.clone()))
            .collect();
        self.undated |= !self.wanted.build_time && self.created.is_none();
        if self.wants_time()
            && let Some(dated) = entries.iter().find(|entry| is_common(entry)).or(entries.first())
        {
            self.push(dated.clone(), depth);
        }
        for entry in entries {
            match &entry.platform {
                Some(platform) if !entry.is_index() => {
                    self.platforms.insert(platform.clone());
                }
                _ if self.wanted.platforms => self.push(entry, depth),
                _ => self.partial = true,
            }
        }
    }

    fn push(&mut self, entry: Descriptor, depth: usize) {
        if entry.is_index() && depth >= MAX_DEPTH {
            self.note(format!("its indexes are nested deeper than {MAX_DEPTH} levels"));
        } else if !self.open.iter().any(|(known, _)| known.digest == entry.digest) {
            self.open.push_back((entry, depth + 1));
        }
    }

    fn may_fetch(&mut self) -> bool {
        if self.fetches >= MAX_FETCHES {
            self.note(format!(
                "more than {MAX_FETCHES} manifests would have to be fetched for it"
            ));
            return false;
        }
        self.fetches += 1;
        true
    }
}

fn is_common(entry: &Descriptor) -> bool {
    let common = |platform: &Platform| platform.os() == "linux" && platform.architecture() == "amd64";
    entry.platform.as_ref().is_some_and(common)
}

fn built(config: &ImageConfig) -> Option<Timestamp> {
    let label = config.created_label.as_deref().and_then(time);
    label.or_else(|| config.created.as_deref().and_then(time))
}

/// RFC 3339; what is none, or far outside of what a clock shows, is no time.
fn time(text: &str) -> Option<Timestamp> {
    let time: jiff::Timestamp = text.parse().ok()?;
    let nanoseconds = i64::try_from(time.as_nanosecond()).ok()?;
    Some(Timestamp::from_unix_nanoseconds(nanoseconds))
}

async fn fetch_config(
    client: &RegistryClient,
    operation: &mut Operation<'_>,
    repository: &Repository,
    config: &Descriptor,
) -> Result<ImageConfig, Failure> {
    check_announced(Some(config), MAX_CONFIG_BYTES)?;
    let answer = operation
        .ask(&Ask {
            kind: Kind::Blob,
            url: client.url(repository, &format!("blobs/{}", config.digest)),
            accept: "*/*",
            if_none_match: None,
            limit: MAX_CONFIG_BYTES,
        })
        .await?;
    check_status(operation, &answer)?;
    let found = digest_of(config.digest.algorithm(), &answer.body);
    if found != config.digest {
        let reason = format!("its bytes have the digest {found}");
        return Err(Failure::bad("the configuration", reason));
    }
    check_size(Some(config), answer.body.len())?;
    ImageConfig::parse(&answer.body).map_err(|reason| Failure::flawed("the configuration", reason))
}

/// What is named with a size that would be refused need not be fetched.
fn check_announced(named: Option<&Descriptor>, limit: usize) -> Result<(), Failure> {
    match named {
        Some(named) if named.size > limit as u64 => {
            let reason = format!("it has {} bytes, and at most {limit} are read", named.size);
            Err(Failure::flawed("what the manifest names", reason))
        }
        _ => Ok(()),
    }
}

/// Who names something with another size than it has will always do so.
fn check_size(named: Option<&Descriptor>, found: usize) -> Result<(), Failure> {
    match named {
        Some(named) if named.size != found as u64 => {
            let reason = format!("it should have {} bytes, and has {found}", named.size);
            Err(Failure::flawed("what the manifest names", reason))
        }
        _ => Ok(()),
    }
}

impl Fetched {
    /// Reads the manifest, whose digest has been checked.
    pub(crate) fn parse(&self) -> Result<Manifest, Failure> {
        Manifest::parse(&self.bytes, self.media_type.as_deref()).map_err(|reason| Failure::bad("the manifest", reason))
    }
}

#[cfg(test)]
mod tests;
