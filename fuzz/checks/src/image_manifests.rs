//! Laws of manifests and of configurations of images, read a second way.

use domain::reference::{Digest, Platform};
use registry_scanner::fuzzing::{image_config, manifest};
use registry_scanner::{Descriptor, ImageConfig, Manifest, ManifestKind};
use serde_json::Value;

use crate::headers;
use crate::json::{DEEPEST, Shape};

const CREATED: &str = "org.opencontainers.image.created";

const INDEXES: [&str; 2] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];

const IMAGES: [&str; 2] = [
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// The most entries of an index, and layers of an image.
const MOST: usize = 2000;

/// A line with the `Content-Type` (`-` for none), then the body.
pub(crate) fn check(data: &[u8]) {
    let end = data.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let content_type = str::from_utf8(&data[..end]).ok().filter(|text| *text != "-");
    let body = data.get(end + 1..).unwrap_or_default();
    check_manifest(body, content_type);
    check_config(body);
}

fn check_manifest(body: &[u8], content_type: Option<&str>) {
    let found = manifest(body, content_type);
    let wanted = whole(body)
        .filter(|(_, shape)| !shape.double)
        .and_then(|(value, _)| Some((read(&value, content_type)?, value)));
    match (found, wanted) {
        (Ok(found), Some((wanted, value))) => {
            assert_eq!(found, wanted);
            let again = serde_json::to_vec_pretty(&value).expect("a value prints");
            assert_eq!(manifest(&again, content_type), Ok(found), "printed by somebody else");
        }
        (Err(message), None) => headers::shows(&message),
        (found, wanted) => panic!("{found:?}, not {wanted:?}"),
    }
}

fn whole(body: &[u8]) -> Option<(Value, Shape)> {
    let value = serde_json::from_slice(body).ok()?;
    let shape: Shape = serde_json::from_slice(body).expect("it is JSON");
    (shape.depth <= DEEPEST).then_some((value, shape))
}

/// What a manifest says; `None` if it must be refused.
fn read(value: &Value, content_type: Option<&str>) -> Option<Manifest> {
    let top = value.as_object()?;
    let has = |key| top.get(key).is_some_and(|value| !value.is_null());
    let is_index = has("manifests");
    if is_index == (has("config") || has("layers")) {
        return None;
    }
    let named = match top.get("mediaType") {
        None | Some(Value::Null) => None,
        Some(other) => Some(other.as_str()?.to_ascii_lowercase()),
    };
    let called = content_type.map(|text| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let (same, other) = if is_index { (INDEXES, IMAGES) } else { (IMAGES, INDEXES) };
    let types = [named, called];
    if types.iter().flatten().any(|text| other.contains(&text.as_str())) {
        return None;
    }
    let known: Vec<_> = types
        .iter()
        .flatten()
        .filter(|text| same.contains(&text.as_str()))
        .collect();
    if known.len() == 2 && known[0] != known[1] {
        return None;
    }
    let kind = if is_index {
        ManifestKind::Index(descriptors(&value["manifests"])?)
    } else {
        ManifestKind::Image {
            config: descriptor(&value["config"])?,
            layers: descriptors(&value["layers"])?,
        }
    };
    Some(Manifest {
        kind,
        created: value["annotations"][CREATED].as_str().map(str::to_owned),
    })
}

fn descriptors(value: &Value) -> Option<Vec<Descriptor>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::Array(items) if items.len() <= MOST => items.iter().map(descriptor).collect(),
        _ => None,
    }
}

fn descriptor(value: &Value) -> Option<Descriptor> {
    let text = value["digest"].as_str()?;
    let (algorithm, hex) = text.split_once(':')?;
    let digits = match algorithm {
        "sha256" => 64,
        "sha512" => 128,
        _ => return None,
    };
    if hex.len() != digits || !hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let unknown = |key: &str| value["platform"][key] == "unknown";
    let marked = value["annotations"]["vnd.docker.reference.type"] == "attestation-manifest";
    Some(Descriptor {
        media_type: value["mediaType"].as_str().unwrap_or_default().to_owned(),
        digest: Digest::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}")),
        size: value["size"].as_u64()?,
        platform: platform(&value["platform"]),
        attestation: marked || (unknown("os") && unknown("architecture")),
    })
}

/// Each part is one part: what would only be a platform when they are put together is none.
fn platform(value: &Value) -> Option<Platform> {
    let part = |key: &str| value[key].as_str().filter(|text| !text.is_empty());
    let (os, architecture, variant) = (part("os")?, part("architecture")?, part("variant"));
    let parts = [Some(os), Some(architecture), variant];
    if os == "unknown" || architecture == "unknown" || parts.iter().flatten().any(|part| part.contains('/')) {
        return None;
    }
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    Platform::parse(&parts.join("/")).ok()
}

fn check_config(body: &[u8]) {
    let wanted = whole(body)
        .filter(|(value, _)| value.is_object())
        .map(|(value, _)| ImageConfig {
            platform: platform(&value),
            created_label: value["config"]["Labels"][CREATED].as_str().map(str::to_owned),
            created: value["created"].as_str().map(str::to_owned),
        });
    match (image_config(body), wanted) {
        (Ok(found), Some(wanted)) => assert_eq!(found, wanted),
        (Err(message), None) => headers::shows(&message),
        (found, wanted) => panic!("{found:?}, not {wanted:?}"),
    }
}
