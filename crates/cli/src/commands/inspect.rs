//! `tidemark inspect REF`: what an image is, as its registry tells it.

use std::process::ExitCode;

use domain::reference::Reference;
use registry_scanner::{Descriptor, ImageConfig, ManifestKind, RawManifest};
use serde::Serialize;
use transport::one_line;

use super::registry::Asking;
use super::remote::table;

#[cfg(test)]
mod tests;

/// Show what an image is: digest, platforms, build time, layers
///
/// Fetches the manifest, and for a single image its configuration; both are checked against their digests. Without a tag,
/// `latest` is asked for.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  tidemark inspect nginx:1.27
  tidemark inspect ghcr.io/acme/api@sha256:… -o json | jq .manifests

Exit status: 0 it was printed, 1 it could not be had, 2 wrong usage.")]
pub(crate) struct Args {
    /// The image with its tag or digest
    #[arg(value_name = "REF", value_parser = Reference::parse)]
    reference: Reference,

    #[command(flatten)]
    asking: Asking,
}

/// Asks and prints.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let scanner = args.asking.scanner()?;
    let manifest = scanner.manifest(&args.reference).await?;
    let config = match &manifest.manifest.kind {
        ManifestKind::Image { config, .. } => Some(scanner.config(&args.reference.repository, config).await?),
        ManifestKind::Index(_) => None,
    };
    let view = View::of(&args.reference, &manifest, config.as_ref());
    args.asking.output.print(&view, || view.text())?;
    Ok(ExitCode::SUCCESS)
}

/// What is printed with `-o json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    reference: String,
    digest: String,
    media_type: Option<String>,
    size: usize,
    /// As it is written in the image, whether or not it is a time.
    created: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifests: Option<Vec<Part>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layers: Option<Vec<Part>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    digest: String,
    media_type: String,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform: Option<String>,
}

impl Part {
    fn of(descriptor: &Descriptor) -> Self {
        Self {
            digest: descriptor.digest.to_string(),
            media_type: one_line(&descriptor.media_type, 200),
            size: descriptor.size,
            platform: descriptor.platform.as_ref().map(ToString::to_string),
        }
    }
}

impl View {
    fn of(reference: &Reference, raw: &RawManifest, config: Option<&ImageConfig>) -> Self {
        let parts = |all: &[Descriptor]| Some(all.iter().map(Part::of).collect());
        let (manifests, layers) = match &raw.manifest.kind {
            ManifestKind::Index(entries) => (parts(entries), None),
            ManifestKind::Image { layers, .. } => (None, parts(layers)),
        };
        let of_config = |config: &ImageConfig| config.created_label.clone().or_else(|| config.created.clone());
        let created = raw.manifest.created.clone().or_else(|| config.and_then(of_config));
        Self {
            reference: reference.canonical(),
            digest: raw.digest.to_string(),
            media_type: raw.media_type.clone(),
            size: raw.bytes.len(),
            created: created.map(|text| one_line(&text, 100)),
            platform: config
                .and_then(|config| config.platform.as_ref())
                .map(ToString::to_string),
            manifests,
            layers,
        }
    }

    fn text(&self) -> String {
        let mut lines = vec![
            ("reference", Some(self.reference.clone())),
            ("digest", Some(self.digest.clone())),
            ("media type", self.media_type.clone()),
            ("size", Some(format!("{} bytes", self.size))),
            ("created", self.created.clone()),
            ("platform", self.platform.clone()),
        ];
        if let Some(layers) = &self.layers {
            let bytes = layers.iter().fold(0_u64, |sum, layer| sum.saturating_add(layer.size));
            lines.push(("layers", Some(format!("{}, {bytes} bytes", layers.len()))));
        }
        let line = |(name, value): (&str, Option<String>)| Some(format!("{name:<11} {}\n", value?));
        let mut text: String = lines.into_iter().filter_map(line).collect();
        if let Some(manifests) = &self.manifests {
            let dash = || "-".to_owned();
            let row = |part: &Part| {
                [
                    part.platform.clone().unwrap_or_else(dash),
                    part.digest.clone(),
                    part.size.to_string(),
                ]
            };
            text.push('\n');
            text.push_str(&table(["platform", "digest", "size"], manifests.iter().map(row)));
        }
        text
    }
}
