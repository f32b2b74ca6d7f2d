//! Blobs: down, up in one request or in chunks, and away.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{Method, StatusCode, header};

use super::failure::Failure;
use super::{Asked, CONTENT_DIGEST, LARGEST_BODY};
use crate::access::Presented;
use crate::registry::State;
use crate::route::Need;
use crate::{Action, digest};

impl State {
    /// Serves or deletes a blob.
    pub(super) fn blob(&mut self, asked: &Asked, name: &str, digest: &str) -> Result<Response, Failure> {
        let unknown = || Failure::unknown_blob(digest);
        let held = self
            .store
            .repositories
            .get_mut(name)
            .ok_or_else(|| Failure::unknown_repository(name))?;
        match asked.head.method {
            Method::GET | Method::HEAD => {
                let blob = held.blobs.get(digest).ok_or_else(unknown)?;
                let headers = [
                    (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                    (header::CONTENT_LENGTH, blob.len().to_string()),
                    (CONTENT_DIGEST, digest.to_owned()),
                ];
                Ok((headers, blob.clone()).into_response())
            }
            Method::DELETE => held
                .blobs
                .remove(digest)
                .map(|_| StatusCode::ACCEPTED.into_response())
                .ok_or_else(unknown),
            _ => Err(Failure::method()),
        }
    }

    /// Begins an upload, or ends it at once: by its digest, or by a mount.
    pub(super) fn upload(&mut self, asked: &Asked, presented: &Presented, name: &str) -> Result<Response, Failure> {
        if let Some(blob) = self.mountable(asked, presented) {
            return self.keep_blob(name, &digest(&blob), blob);
        }
        if let Some(digest) = asked.parameter("digest") {
            return self.keep_blob(name, digest, asked.body.clone());
        }
        let id = self.store.begin_upload(name).ok_or_else(|| {
            Failure::new(
                StatusCode::TOO_MANY_REQUESTS,
                "TOOMANYREQUESTS",
                "too many uploads were begun and not ended",
            )
        })?;
        Ok(progress(StatusCode::ACCEPTED, name, &id, 0))
    }

    /// Takes a chunk, or the last one; says how far it is, or gives it up.
    pub(super) fn continue_upload(&mut self, asked: &Asked, name: &str, id: &str) -> Result<Response, Failure> {
        let unknown = || Failure::new(StatusCode::NOT_FOUND, "BLOB_UPLOAD_UNKNOWN", "the upload is not known");
        let upload = self.store.upload(name, id).ok_or_else(unknown)?;
        match asked.head.method {
            Method::GET => return Ok(progress(StatusCode::NO_CONTENT, name, id, upload.len())),
            Method::DELETE => {
                self.store.end_upload(id);
                return Ok(StatusCode::NO_CONTENT.into_response());
            }
            Method::PATCH | Method::PUT => {}
            _ => return Err(Failure::method()),
        }
        if asked.range_start().is_some_and(|start| start != upload.len()) {
            return Ok(progress(StatusCode::RANGE_NOT_SATISFIABLE, name, id, upload.len()));
        }
        if upload.len() + asked.body.len() > LARGEST_BODY {
            return Err(Failure::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "SIZE_INVALID",
                "the blob is too large",
            ));
        }
        upload.extend_from_slice(&asked.body);
        if asked.head.method == Method::PATCH {
            return Ok(progress(StatusCode::ACCEPTED, name, id, upload.len()));
        }
        let digest = asked.parameter("digest").ok_or_else(Failure::digest)?;
        let blob = self.store.end_upload(id).ok_or_else(unknown)?;
        self.keep_blob(name, digest, blob)
    }

    /// The blob that the request wants from another repository, if it is there and may be read.
    fn mountable(&mut self, asked: &Asked, presented: &Presented) -> Option<Bytes> {
        let from = asked.parameter("from")?;
        let need = Need::Repository {
            name: from.to_owned(),
            action: Action::Pull,
        };
        self.admit(asked, &need, presented, &mut None).ok()?;
        self.store
            .repositories
            .get(from)?
            .blobs
            .get(asked.parameter("mount")?)
            .cloned()
    }

    fn keep_blob(&mut self, name: &str, claimed: &str, blob: Bytes) -> Result<Response, Failure> {
        if digest(&blob) != claimed {
            return Err(Failure::digest());
        }
        self.store
            .repositories
            .entry(name.to_owned())
            .or_default()
            .blobs
            .insert(claimed.to_owned(), blob);
        let headers = [
            (header::LOCATION, format!("/v2/{name}/blobs/{claimed}")),
            (CONTENT_DIGEST, claimed.to_owned()),
        ];
        Ok((StatusCode::CREATED, headers).into_response())
    }
}

impl Asked {
    /// Where the chunk in the body says that it starts.
    fn range_start(&self) -> Option<usize> {
        let range = self.head.headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
        range.split_once('-')?.0.parse().ok()
    }
}

/// Where an upload goes on, and how much of it has come.
fn progress(status: StatusCode, name: &str, id: &str, received: usize) -> Response {
    let headers = [
        (header::LOCATION, format!("/v2/{name}/blobs/uploads/{id}")),
        (header::RANGE, format!("0-{}", received.saturating_sub(1))),
    ];
    (status, headers).into_response()
}
