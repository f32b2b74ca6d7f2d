//! The OpenAPI document, generated from the handlers and views.

use utoipa::OpenApi;

use crate::{problem::Problem, router};

/// The document of everything that is answered as JSON.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Tidemark",
        description = "What Tidemark knows and has decided. Every request is a read.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        router::health::health,
        router::health::ready,
        router::health::metrics,
        router::api::status,
        router::api::images,
        router::api::image_tags,
        router::api::problems,
        router::api::targets,
        router::api::target,
        router::api::registries,
    ),
    components(schemas(Problem))
)]
struct Document;

/// The document as JSON.
pub(crate) fn document() -> String {
    Document::openapi()
        .to_pretty_json()
        .expect("the document holds nothing but texts")
}
