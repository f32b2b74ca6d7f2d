//! From a request to its answer.

mod admit;
mod blobs;
mod failure;
mod lists;
mod manifests;
mod token;

use axum::body::{self, Body};
use axum::extract::{Query, Request as HttpRequest};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{Method, StatusCode, Version, header};

use crate::access::Presented;
use crate::registry::State;
use crate::route::Route;
use crate::{Registry, Request};
use failure::Failure;

/// The largest body that is read.
const LARGEST_BODY: usize = 64 << 20;

/// How clients reach the service.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// A request, read whole.
struct Asked {
    head: Parts,
    route: Route,
    query: Vec<(String, String)>,
    body: Bytes,
    scheme: Scheme,
}

/// Answers `request` and logs it.
pub(crate) async fn answer(registry: &Registry, scheme: Scheme, request: HttpRequest) -> Response {
    let (head, body) = request.into_parts();
    let route = Route::parse(head.uri.path());
    let query = Query::try_from_uri(&head.uri)
        .map(|Query(pairs)| pairs)
        .unwrap_or_default();
    let body = body::to_bytes(body, LARGEST_BODY).await;
    let asked = |body| Asked {
        head,
        route,
        query,
        body,
        scheme,
    };
    let response = match body {
        Ok(body) => registry.lock().answer(&asked(body)),
        Err(_) => Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "SIZE_INVALID", "the body is too large").into_response(),
    };
    let delivery = registry.lock().delivery;
    registry.announce();
    delivery.deliver(response).await
}

impl State {
    fn answer(&mut self, asked: &Asked) -> Response {
        let presented = Presented::read(&asked.head.headers);
        let mut user = None;
        let response = self
            .admit(asked, &asked.route.need(&asked.head.method), &presented, &mut user)
            .and_then(|()| self.act(asked, &presented));
        let mut response = response.unwrap_or_else(IntoResponse::into_response);
        if asked.head.method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        self.requests.record(Request {
            kind: asked.route.kind(&asked.head.method),
            method: asked.head.method.clone(),
            path: asked.head.uri.path().to_owned(),
            query: asked.head.uri.query().unwrap_or_default().to_owned(),
            version: asked.head.version,
            credential: presented.kind(),
            user,
            status: response.status().as_u16(),
        });
        response
    }

    fn act(&mut self, asked: &Asked, presented: &Presented) -> Result<Response, Failure> {
        match &asked.route {
            Route::Ping => asked.only(&[Method::GET, Method::HEAD]).map(|()| ping()),
            Route::Token => asked
                .only(&[Method::GET])
                .and_then(|()| self.give_token(asked, presented)),
            Route::Catalog => asked.only(&[Method::GET]).and_then(|()| self.catalog(asked)),
            Route::Tags { repository } => asked.only(&[Method::GET]).and_then(|()| self.tags(asked, repository)),
            Route::Manifest { repository, reference } => self.manifest(asked, repository, reference),
            Route::Blob { repository, digest } => self.blob(asked, repository, digest),
            Route::Uploads { repository } => asked
                .only(&[Method::POST])
                .and_then(|()| self.upload(asked, presented, repository)),
            Route::Upload { repository, id } => self.continue_upload(asked, repository, id),
            Route::Unknown => Err(Failure::new(
                StatusCode::NOT_FOUND,
                "NOT_FOUND",
                "there is nothing here",
            )),
        }
    }
}

impl Asked {
    /// The first value of a parameter of the query.
    fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Refuses all other methods.
    fn only(&self, methods: &[Method]) -> Result<(), Failure> {
        if methods.contains(&self.head.method) {
            Ok(())
        } else {
            Err(Failure::method())
        }
    }

    /// The host that the request named.
    fn host(&self) -> &str {
        let host = self.head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let authority = self.head.uri.authority().map(http::uri::Authority::as_str);
        if self.head.version == Version::HTTP_2 {
            authority.or(host)
        } else {
            host.or(authority)
        }
        .unwrap_or("localhost")
    }

    /// The origin that the request named, without a slash at its end.
    fn origin(&self) -> String {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        format!("{scheme}://{}", self.host())
    }
}

fn ping() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (API_VERSION, "registry/2.0"),
    ];
    (headers, "{}").into_response()
}

/// Says that this is a registry, and of which kind.
const API_VERSION: header::HeaderName = header::HeaderName::from_static("docker-distribution-api-version");
/// The digest of what is in the body.
const CONTENT_DIGEST: header::HeaderName = header::HeaderName::from_static("docker-content-digest");
