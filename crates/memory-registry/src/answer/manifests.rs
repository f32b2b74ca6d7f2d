//! Manifests and indexes, by tag and by digest.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::Value;

use super::failure::Failure;
use super::{Asked, CONTENT_DIGEST};
use crate::registry::State;
use crate::store::Repository;
use crate::{Accept, Head, Manifest, TagDelete};

/// The largest manifest that is taken.
const LARGEST_MANIFEST: usize = 4 << 20;

impl State {
    /// Serves, takes or deletes a manifest.
    pub(super) fn manifest(&mut self, asked: &Asked, name: &str, reference: &str) -> Result<Response, Failure> {
        match asked.head.method {
            Method::HEAD if self.manners.head == Head::Refused => Err(Failure::method()),
            Method::GET | Method::HEAD => self.serve_manifest(asked, name, reference),
            Method::PUT => self.take_manifest(asked, name, reference),
            Method::DELETE => self.delete_manifest(name, reference),
            _ => Err(Failure::method()),
        }
    }

    fn serve_manifest(&self, asked: &Asked, name: &str, reference: &str) -> Result<Response, Failure> {
        let held = self
            .store
            .repositories
            .get(name)
            .ok_or_else(|| Failure::unknown_repository(name))?;
        let manifest = held
            .manifest(reference)
            .ok_or_else(|| Failure::unknown_manifest(reference))?;
        if !accepted(&asked.head.headers, &manifest.media_type, self.manners.accept) {
            return Err(Failure::unknown_manifest(reference));
        }
        let mut headers = HeaderMap::new();
        let text = |text: &str| HeaderValue::from_str(text).ok();
        let mut set = |name, value: &str| headers.extend(text(value).map(|value| (name, value)));
        let tag = format!("\"{}\"", manifest.digest);
        set(header::CONTENT_TYPE, &manifest.media_type);
        if self.manners.head == Head::Digest {
            set(CONTENT_DIGEST, &manifest.digest);
            set(header::ETAG, &tag);
            if asked
                .head
                .headers
                .get(header::IF_NONE_MATCH)
                .is_some_and(|known| *known == *tag)
            {
                return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
            }
        }
        headers.insert(header::CONTENT_LENGTH, manifest.bytes.len().into());
        Ok((headers, manifest.bytes.clone()).into_response())
    }

    fn take_manifest(&mut self, asked: &Asked, name: &str, reference: &str) -> Result<Response, Failure> {
        let invalid = |why: &str| Failure::new(StatusCode::BAD_REQUEST, "MANIFEST_INVALID", why);
        if asked.body.len() > LARGEST_MANIFEST {
            return Err(Failure::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "SIZE_INVALID",
                "the manifest is too large",
            ));
        }
        let body: Value = serde_json::from_slice(&asked.body).map_err(|_| invalid("it is not JSON"))?;
        let declared = asked
            .head
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let media_type = declared
            .or(body["mediaType"].as_str())
            .ok_or_else(|| invalid("it has no media type"))?;
        let manifest = Manifest::new(media_type, asked.body.clone());
        let digest = manifest.digest.clone();
        if reference.contains(':') && reference != digest {
            return Err(Failure::digest());
        }
        if !reference.contains(':') && !is_tag(reference) {
            return Err(Failure::new(StatusCode::BAD_REQUEST, "TAG_INVALID", "it is not a tag"));
        }
        let held = self.store.repositories.entry(name.to_owned()).or_default();
        if let Some(missing) = missing(held, &body) {
            return Err(Failure::new(
                StatusCode::NOT_FOUND,
                "MANIFEST_BLOB_UNKNOWN",
                format!("`{missing}` is missing"),
            ));
        }
        held.manifests.insert(digest.clone(), manifest);
        if reference != digest {
            self.store.tag(name, reference, &digest);
        }
        let location = format!("/v2/{name}/manifests/{digest}");
        Ok((
            StatusCode::CREATED,
            [(header::LOCATION, location), (CONTENT_DIGEST, digest)],
        )
            .into_response())
    }

    fn delete_manifest(&mut self, name: &str, reference: &str) -> Result<Response, Failure> {
        let held = self
            .store
            .repositories
            .get_mut(name)
            .ok_or_else(|| Failure::unknown_repository(name))?;
        let digest = reference.contains(':');
        if !digest && self.manners.tag_delete == TagDelete::Refused {
            return Err(Failure::digest());
        }
        let known = if digest {
            held.delete(reference)
        } else {
            held.untag(reference)
        };
        if known {
            Ok(StatusCode::ACCEPTED.into_response())
        } else {
            Err(Failure::unknown_manifest(reference))
        }
    }
}

/// Whether the `Accept` headers let `media_type` be sent.
fn accepted(headers: &HeaderMap, media_type: &str, manner: Accept) -> bool {
    let values = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let listed: Vec<&str> = values
        .flat_map(|value| value.split(','))
        .filter_map(|item| item.split(';').next())
        .map(str::trim)
        .collect();
    let wildcard = |item: &&str| matches!(*item, "*/*" | "application/*");
    match manner {
        Accept::Exact => listed.contains(&media_type),
        Accept::Lenient => listed.is_empty() || listed.contains(&media_type) || listed.iter().any(wildcard),
    }
}

/// The first thing that a manifest refers to and the repository lacks.
fn missing(held: &Repository, body: &Value) -> Option<String> {
    let digests = |key: &str| {
        body[key]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| entry["digest"].as_str())
    };
    let blobs = body["config"]["digest"].as_str().into_iter().chain(digests("layers"));
    let blob = blobs
        .filter(|digest| !held.blobs.contains_key(*digest))
        .map(str::to_owned)
        .next();
    blob.or_else(|| {
        digests("manifests")
            .find(|digest| !held.manifests.contains_key(*digest))
            .map(str::to_owned)
    })
}

/// Whether the specification lets a tag be called so.
fn is_tag(text: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&text.len())
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|byte| word(byte) || b".-".contains(&byte))
}
