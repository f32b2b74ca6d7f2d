//! How real registries differ, as settings.

/// How a registry behaves where implementations differ.
///
/// The default abides by the OCI distribution specification. The constructors
/// named after registries hold what was seen of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manners {
    /// What `tags` is in the list of a repository whose last tag is gone.
    pub empty_list: EmptyList,
    /// The order of tags and repositories in lists.
    pub order: Order,
    /// What becomes of `n` and `last`.
    pub paging: Paging,
    /// The most entries in a page; a larger `n` is cut to it, and a request
    /// without `n` too if `page_without_n` is set.
    pub largest_page: Option<usize>,
    /// What becomes of an `n` above `largest_page`.
    pub large_pages: LargePages,
    /// What becomes of a `last` that is no tag, in an ordered list.
    pub unknown_last: UnknownLast,
    /// Whether lists of tags say the digest of each, as Google's do.
    pub manifest_map: bool,
    /// The entries in a page when the request names no `n`; everything if `None`.
    pub page_without_n: Option<usize>,
    /// Whether `Link` has a space before `rel`.
    pub spaced_link: bool,
    /// Whether every page that is not empty names a next one, the last and the
    /// only one included.
    pub always_next: bool,
    /// Whether lists say that this is a registry, as those of distribution do.
    pub says_version: bool,
    /// Whether lists come as `text/plain` rather than `application/json`.
    pub plain_text_lists: bool,
    /// What a refusal under Bearer authentication offers.
    pub challenges: Challenges,
    /// What `DELETE` of a tag does.
    pub tag_delete: TagDelete,
    /// What `HEAD` of a manifest says.
    pub head: Head,
    /// Which `Accept` headers get a manifest.
    pub accept: Accept,
}

/// What `tags` is when there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyList {
    /// `"tags":[]`.
    Array,
    /// `"tags":null`.
    Null,
    /// 404 `NAME_UNKNOWN`, as if the repository had never been.
    Unknown,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By the bytes of the name, as the specification asks.
    Lexical,
    /// As pushed, the oldest first.
    Pushed,
    /// No order at all, but the same each time.
    Scrambled,
}

/// What becomes of `n` and `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// Both are obeyed; `Link` leads to the next page.
    Linked,
    /// Both are obeyed, but no `Link` says that there is more.
    Unlinked,
    /// The same, and behind the last entry the list begins anew.
    UnlinkedRound,
    /// Both are ignored: everything, always.
    Ignored,
}

/// What becomes of a request for more entries than a page may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LargePages {
    /// It gets a smaller page.
    Cut,
    /// 400 `PAGINATION_NUMBER_INVALID`, which names the largest.
    Refused,
}

/// What becomes of a `last` that is no tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownLast {
    /// The list begins where it would stand.
    Sought,
    /// 404.
    NotFound,
}

/// What a refusal under Bearer authentication offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Challenges {
    /// One `WWW-Authenticate`: Bearer, with the scope that is needed.
    Bearer,
    /// Two: Bearer with `scope="*"`, then Basic; either is then accepted.
    BearerAndBasic,
}

/// What `DELETE` of a tag does; by digest it always works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagDelete {
    /// The tag goes, its manifest stays: 202.
    Accepted,
    /// 400 `DIGEST_INVALID`.
    Refused,
}

/// What `HEAD` of a manifest says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// Its digest.
    Digest,
    /// Its type and size, but no digest; `GET` says none either.
    NoDigest,
    /// 405.
    Refused,
}

/// Which `Accept` headers get a manifest; with others it is unknown (404).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accept {
    /// Those that list its media type, or a wildcard, or none at all.
    Lenient,
    /// Only those that list its very media type.
    Exact,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            empty_list: EmptyList::Array,
            order: Order::Lexical,
            paging: Paging::Linked,
            largest_page: None,
            large_pages: LargePages::Cut,
            unknown_last: UnknownLast::Sought,
            manifest_map: false,
            page_without_n: None,
            spaced_link: true,
            always_next: false,
            says_version: false,
            plain_text_lists: false,
            challenges: Challenges::Bearer,
            tag_delete: TagDelete::Accepted,
            head: Head::Digest,
            accept: Accept::Lenient,
        }
    }
}

impl Manners {
    /// docker-registry 2.8: no paging, no order, `null`, no delete by tag.
    pub fn distribution_2() -> Self {
        Self {
            empty_list: EmptyList::Null,
            order: Order::Scrambled,
            paging: Paging::Ignored,
            says_version: true,
            tag_delete: TagDelete::Refused,
            accept: Accept::Exact,
            ..Self::default()
        }
    }

    /// distribution 3.1: pages of 1,000 at most, everything without `n`.
    pub fn distribution_3() -> Self {
        Self {
            largest_page: Some(1000),
            says_version: true,
            accept: Accept::Exact,
            ..Self::default()
        }
    }

    /// The in-memory registry of cuelabs.dev/go/oci: `text/plain`, `Link` without a space.
    pub fn ocimem() -> Self {
        Self {
            spaced_link: false,
            plain_text_lists: true,
            ..Self::default()
        }
    }

    /// go-containerregistry (`crane registry serve`): pages without `Link`, and behind the last tag the first.
    pub fn go_containerregistry() -> Self {
        Self {
            paging: Paging::UnlinkedRound,
            plain_text_lists: true,
            ..Self::default()
        }
    }

    /// zot: a list can be begun behind a tag, and behind nothing else.
    pub fn zot() -> Self {
        Self {
            unknown_last: UnknownLast::NotFound,
            ..Self::default()
        }
    }

    /// Google's Artifact Registry: lists say the digest of each tag.
    pub fn artifact_registry() -> Self {
        Self {
            manifest_map: true,
            ..Self::default()
        }
    }

    /// Gitea: two challenges, and a next page promised by every page that is not empty.
    pub fn gitea() -> Self {
        Self {
            always_next: true,
            challenges: Challenges::BearerAndBasic,
            ..Self::default()
        }
    }
}
