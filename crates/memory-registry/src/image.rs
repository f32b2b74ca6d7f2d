//! Tiny images that are valid all the same.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::{Manifest, digest};

/// A gzipped empty tar: the smallest layer there is.
const LAYER: [u8; 32] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x09, 0x6e, 0x88, 0x00, 0xff, 0x62, 0x18, 0x05, 0xa3, 0x60, 0x14, 0x8c, 0x58, 0x00,
    0x08, 0x00, 0x00, 0xff, 0xff, 0x2e, 0xaf, 0xb5, 0xef, 0x00, 0x04, 0x00, 0x00,
];
/// The digest of [`LAYER`] unpacked.
const DIFF_ID: &str = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

/// The recipe of an image: one empty layer, a configuration, a manifest, and an
/// index over several of these if it has several platforms.
///
/// Equal recipes make equal digests.
#[derive(Debug, Clone)]
pub struct Image {
    platforms: Vec<String>,
    index: bool,
    format: Format,
    created: Option<String>,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

/// The family of media types that an image is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/vnd.oci.image.…`.
    Oci,
    /// Docker's `application/vnd.docker.distribution.…`, schema 2.
    Docker,
}

/// An image made: what has to be stored for it.
#[derive(Debug, Clone)]
pub struct ImageParts {
    /// The layer and the configurations.
    pub blobs: Vec<Bytes>,
    /// The manifests, what is referred to before what refers to it.
    pub manifests: Vec<Manifest>,
}

impl ImageParts {
    /// The digest of the manifest that a tag of the image names.
    pub fn root(&self) -> &str {
        self.manifests.last().map_or("", |manifest| &manifest.digest)
    }
}

impl Default for Image {
    fn default() -> Self {
        Self {
            platforms: vec!["linux/amd64".to_owned()],
            index: false,
            format: Format::Oci,
            created: None,
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
        }
    }
}

impl Image {
    /// An OCI image for linux/amd64 that does not say when it was created.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same under an index over `platforms`, each `os/architecture[/variant]`.
    #[must_use]
    pub fn platforms<'a>(mut self, platforms: impl IntoIterator<Item = &'a str>) -> Self {
        self.platforms = platforms.into_iter().map(str::to_owned).collect();
        self.index = true;
        self
    }

    /// The same in other media types.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// The same, created at `time` (RFC 3339): in the configuration, and as the
    /// annotation `org.opencontainers.image.created` of OCI manifests.
    #[must_use]
    pub fn created(mut self, time: &str) -> Self {
        self.created = Some(time.to_owned());
        self
    }

    /// The same with a label in its configuration.
    #[must_use]
    pub fn label(mut self, key: &str, value: &str) -> Self {
        self.labels.insert(key.to_owned(), value.to_owned());
        self
    }

    /// The same with an annotation on its root manifest.
    #[must_use]
    pub fn annotation(mut self, key: &str, value: &str) -> Self {
        self.annotations.insert(key.to_owned(), value.to_owned());
        self
    }

    /// Makes the image.
    pub fn build(&self) -> ImageParts {
        let mut built = ImageParts {
            blobs: vec![Bytes::from_static(&LAYER)],
            manifests: Vec::new(),
        };
        let mut entries = Vec::new();
        for platform in &self.platforms {
            let config = self.config(platform);
            let manifest = self.manifest(&config);
            entries.push(self.entry(platform, &manifest));
            built.blobs.push(config);
            built.manifests.push(manifest);
        }
        if self.index {
            built.manifests.push(self.index(&entries));
        }
        built
    }

    fn config(&self, platform: &str) -> Bytes {
        let mut config = platform_fields(platform);
        if let Some(created) = &self.created {
            config.insert("created".to_owned(), json!(created));
        }
        config.insert("config".to_owned(), json!({"Labels": self.labels}));
        config.insert("rootfs".to_owned(), json!({"type": "layers", "diff_ids": [DIFF_ID]}));
        Value::Object(config).to_string().into()
    }

    fn manifest(&self, config: &Bytes) -> Manifest {
        let (manifest_type, config_type, layer_type) = match self.format {
            Format::Oci => (
                "application/vnd.oci.image.manifest.v1+json",
                "application/vnd.oci.image.config.v1+json",
                "application/vnd.oci.image.layer.v1.tar+gzip",
            ),
            Format::Docker => (
                "application/vnd.docker.distribution.manifest.v2+json",
                "application/vnd.docker.container.image.v1+json",
                "application/vnd.docker.image.rootfs.diff.tar.gzip",
            ),
        };
        let mut body = json!({
            "schemaVersion": 2,
            "mediaType": manifest_type,
            "config": {"mediaType": config_type, "digest": digest(config), "size": config.len()},
            "layers": [{"mediaType": layer_type, "digest": digest(&LAYER), "size": LAYER.len()}],
        });
        self.annotate(&mut body, !self.index);
        Manifest::new(manifest_type, body.to_string().into())
    }

    fn entry(&self, platform: &str, manifest: &Manifest) -> Value {
        json!({
            "mediaType": manifest.media_type,
            "digest": manifest.digest,
            "size": manifest.bytes.len(),
            "platform": platform_fields(platform),
        })
    }

    fn index(&self, entries: &[Value]) -> Manifest {
        let media_type = match self.format {
            Format::Oci => "application/vnd.oci.image.index.v1+json",
            Format::Docker => "application/vnd.docker.distribution.manifest.list.v2+json",
        };
        let mut body = json!({"schemaVersion": 2, "mediaType": media_type, "manifests": entries});
        self.annotate(&mut body, true);
        Manifest::new(media_type, body.to_string().into())
    }

    fn annotate(&self, body: &mut Value, root: bool) {
        let mut annotations = if root {
            self.annotations.clone()
        } else {
            BTreeMap::new()
        };
        if let (Some(created), Format::Oci) = (&self.created, self.format) {
            annotations
                .entry("org.opencontainers.image.created".to_owned())
                .or_insert_with(|| created.clone());
        }
        if !annotations.is_empty() {
            body["annotations"] = json!(annotations);
        }
    }
}

/// `os`, `architecture` and `variant` of `os/architecture[/variant]`.
fn platform_fields(platform: &str) -> Map<String, Value> {
    let names = ["os", "architecture", "variant"];
    names
        .into_iter()
        .zip(platform.split('/'))
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect()
}

#[cfg(test)]
mod tests;
