//! The OpenAPI document, generated from the handlers and views.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::{problem::Problem, router};

/// The document of everything that is answered as JSON.
#[derive(Debug, OpenApi)]
#[openapi(
    info(
        title = "Tidemark",
        description = "What Tidemark knows and has decided, and what can be asked of it.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    paths(
        router::health::health,
        router::health::ready,
        router::health::metrics,
        router::api::status,
        router::api::images,
        router::api::image,
        router::api::image_tags,
        router::api::problems,
        router::api::targets,
        router::api::target,
        router::api::registries,
        router::scan::scan,
    ),
    security((), ("token" = [])),
    modifiers(&BearerToken),
    components(schemas(Problem))
)]
struct Document;

/// How the token is shown.
struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "With `http.auth.mode: token`, what its file holds: for everything but `/healthz`, `/readyz` and the page.",
            ))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(token));
    }
}

/// The document as JSON.
pub(crate) fn document() -> String {
    Document::openapi()
        .to_pretty_json()
        .expect("the document holds nothing but texts")
}
