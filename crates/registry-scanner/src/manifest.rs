//! What a manifest says: an index of images, or one image.

use domain::reference::{Digest, Platform};

use crate::json::Json;

const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const DOCKER_INDEX: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const OCI_IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
const DOCKER_IMAGE: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// The annotation, and the label of a configuration, that says when an image was built.
pub(crate) const CREATED: &str = "org.opencontainers.image.created";

/// No index has more entries.
const MAX_ENTRIES: usize = 2000;

/// A manifest that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// An index or an image.
    pub kind: ManifestKind,
    /// What the annotation `org.opencontainers.image.created` says, whether or not it is a time.
    pub created: Option<String>,
}

/// The two shapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManifestKind {
    /// Names manifests for several platforms.
    Index(Vec<Descriptor>),
    /// Names a configuration and layers.
    Image {
        /// The configuration.
        config: Descriptor,
        /// From the lowest to the highest.
        layers: Vec<Descriptor>,
    },
}

/// Names a blob or a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// What it is.
    pub media_type: String,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// In an index: the platform, where one is named that can be read.
    pub platform: Option<Platform>,
    /// It is filed under `unknown/unknown`, as what is said about an image is, and not the image itself.
    pub attestation: bool,
}

impl Descriptor {
    /// Whether it names a manifest itself, and an index at that.
    pub(crate) fn is_index(&self) -> bool {
        matches!(self.media_type.as_str(), OCI_INDEX | DOCKER_INDEX)
    }
}

impl Manifest {
    /// Whether bytes that cannot be read as one were meant to be a manifest, of whatever kind.
    pub(crate) fn is_meant(bytes: &[u8]) -> bool {
        Json::parse(bytes).is_ok_and(|json| {
            let says = |key, kind: fn(&Json) -> bool| json.get(key).is_some_and(kind);
            says("schemaVersion", |version| matches!(version, Json::Number(_)))
                || says("mediaType", |media_type| media_type.text().is_some())
        })
    }

    /// Reads a manifest of any of the four media types; `content_type` is what the registry called it.
    ///
    /// The body decides. One that is an index and an image at once (CVE-2021-41190), that has a key twice, or that calls
    /// itself something else than the registry does, is refused.
    pub(crate) fn parse(bytes: &[u8], content_type: Option<&str>) -> Result<Self, String> {
        let json = Json::parse(bytes).map_err(|error| error.to_string())?;
        if let Some(key) = json.double_key() {
            return Err(format!("it has the key `{}` twice", transport::one_line(key, 100)));
        }
        let Json::Map(_) = json else {
            return Err(format!("it is {}, where an object is wanted", json.kind()));
        };
        let has = |key| !matches!(json.get(key), None | Some(Json::Null));
        let index = has("manifests");
        let image = has("layers") || has("config");
        let kind = match (index, image) {
            (true, true) => return Err("it is an index and an image at once".to_owned()),
            (true, false) => ManifestKind::Index(entries(&json, "manifests")?),
            (false, true) => ManifestKind::Image {
                config: descriptor(json.get("config").ok_or("it has no `config`")?)?,
                layers: entries(&json, "layers")?,
            },
            (false, false) => return Err("it is neither an index nor an image".to_owned()),
        };
        check_types(&json, content_type, index)?;
        let created = json
            .get("annotations")
            .and_then(|all| all.get(CREATED))
            .and_then(Json::text);
        Ok(Self {
            kind,
            created: created.map(str::to_owned),
        })
    }
}

/// The type that the body names, the one that the registry names, and the shape must not contradict each other.
fn check_types(json: &Json, content_type: Option<&str>, index: bool) -> Result<(), String> {
    let named = match json.get("mediaType") {
        None | Some(Json::Null) => None,
        Some(Json::Text(text)) => Some(text.as_str()),
        Some(other) => return Err(format!("its `mediaType` is {}", other.kind())),
    };
    let essence = content_type.and_then(|text| text.split(';').next()).map(str::trim);
    for text in [named, essence].into_iter().flatten() {
        let wrong = if index { is_image(text) } else { is_index(text) };
        if wrong {
            return Err(format!("it is called `{text}`, but is the other kind"));
        }
    }
    match (named, essence) {
        (Some(named), Some(essence))
            if is_known(named) && is_known(essence) && !named.eq_ignore_ascii_case(essence) =>
        {
            Err(format!(
                "it calls itself `{named}`, but the registry calls it `{essence}`"
            ))
        }
        _ => Ok(()),
    }
}

fn is_index(media_type: &str) -> bool {
    [OCI_INDEX, DOCKER_INDEX]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_type))
}

fn is_image(media_type: &str) -> bool {
    [OCI_IMAGE, DOCKER_IMAGE]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_type))
}

fn is_known(media_type: &str) -> bool {
    is_index(media_type) || is_image(media_type)
}

fn entries(json: &Json, key: &str) -> Result<Vec<Descriptor>, String> {
    match json.get(key) {
        None | Some(Json::Null) => Ok(Vec::new()),
        Some(Json::List(items)) if items.len() > MAX_ENTRIES => Err(format!("its `{key}` are more than {MAX_ENTRIES}")),
        Some(Json::List(items)) => items.iter().map(descriptor).collect(),
        Some(other) => Err(format!("its `{key}` are {}, where a list is wanted", other.kind())),
    }
}

fn descriptor(json: &Json) -> Result<Descriptor, String> {
    let digest = json
        .get("digest")
        .and_then(Json::text)
        .ok_or("a descriptor has no `digest`")?;
    let digest = Digest::parse(digest).map_err(|error| error.to_string())?;
    let size = match json.get("size") {
        Some(Json::Number(Some(size))) => *size,
        _ => return Err("a descriptor has no `size`".to_owned()),
    };
    Ok(Descriptor {
        media_type: json
            .get("mediaType")
            .and_then(Json::text)
            .unwrap_or_default()
            .to_owned(),
        digest,
        size,
        platform: json.get("platform").and_then(platform),
        attestation: is_attestation(json),
    })
}

/// BuildKit marks them twice.
fn is_attestation(json: &Json) -> bool {
    let text = |group: &str, key| json.get(group).and_then(|group| group.get(key)).and_then(Json::text);
    text("annotations", "vnd.docker.reference.type") == Some("attestation-manifest")
        || (text("platform", "os") == Some("unknown") && text("platform", "architecture") == Some("unknown"))
}

/// `None` where nothing is said, and for `unknown/unknown`, which attestations are filed under.
pub(crate) fn platform(json: &Json) -> Option<Platform> {
    let text = |key| json.get(key).and_then(Json::text).filter(|text| !text.is_empty());
    let (os, architecture) = (text("os")?, text("architecture")?);
    if os == "unknown" || architecture == "unknown" {
        return None;
    }
    let mut parts = vec![os, architecture];
    parts.extend(text("variant"));
    // A slash in one of them would make other parts of them.
    if parts.iter().any(|part| part.contains('/')) {
        return None;
    }
    Platform::parse(&parts.join("/")).ok()
}

#[cfg(test)]
mod tests;
