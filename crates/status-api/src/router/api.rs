//! `/api/v1`

use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
};
use domain::reference::{Repository, Timestamp};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Shared;
use crate::{
    board::Snapshot,
    problem::{Problem, Refusal},
    report::TargetReport,
    view::{
        ImageView, ImagesView, ProblemsView, RegistriesView, StatusView, TagsView, TargetDetailView, TargetsView,
        image, page::Page, problem, registry, status as glance, tags, target as place,
    },
};

/// How it goes, at a glance.
#[utoipa::path(get, path = "/api/v1/status", tag = "status", responses((status = 200, description = "At a glance", body = StatusView)))]
pub(crate) async fn status(State(shared): State<Shared>) -> Json<StatusView> {
    Json(glance::status(&shared.api.board.snapshot(), shared.api.clock.now()))
}

/// The registry hosts: their state, limits, credential in use and next scan.
#[utoipa::path(get, path = "/api/v1/registries", tag = "status", responses((status = 200, description = "All hosts", body = RegistriesView)))]
pub(crate) async fn registries(State(shared): State<Shared>) -> Json<RegistriesView> {
    Json(registry::registries(&shared.api.board.snapshot()))
}

/// The images that are scanned.
#[utoipa::path(get, path = "/api/v1/images", tag = "images", params(Page), responses(
    (status = 200, description = "A part of them", body = ImagesView),
    (status = 400, description = "The query is wrong", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn images(
    State(shared): State<Shared>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<ImagesView>, Refusal> {
    let Query(page) = page?;
    Ok(Json(image::images(
        &shared.api.board.snapshot(),
        page,
        shared.api.clock.now(),
    )))
}

/// One image that is scanned.
#[utoipa::path(get, path = "/api/v1/images/{name}", tag = "images",
    params(("name" = String, Path, description = "The image's name, percent-encoded into one segment")),
    responses(
        (status = 200, description = "The image", body = ImageView),
        (status = 400, description = "The name is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such image", body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn image(
    State(shared): State<Shared>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<ImageView>, Refusal> {
    let name = image_name(name)?;
    let board = shared.api.board.snapshot();
    image::one(&board, &name, shared.api.clock.now())
        .map(Json)
        .ok_or_else(not_used)
}

fn image_name(name: Result<Path<String>, PathRejection>) -> Result<Repository, Refusal> {
    let Path(name) = name?;
    Repository::parse(&name)
        .map_err(|_| Refusal::new(StatusCode::BAD_REQUEST, "the name is not an image name without a tag"))
}

fn not_used() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "no target uses this image")
}

/// Which tags to answer with, and whose verdicts.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TagsQuery {
    /// How many tags to skip.
    offset: Option<usize>,
    /// How many tags to answer with, at most 5000.
    limit: Option<usize>,
    /// The id of the target whose policy and current value to judge by.
    target: Option<String>,
}

/// An image's tags, each with its verdict for one of the targets that use the image.
#[utoipa::path(get, path = "/api/v1/images/{name}/tags", tag = "images",
    params(("name" = String, Path, description = "The image's name, percent-encoded into one segment"), TagsQuery),
    responses(
        (status = 200, description = "A part of them", body = TagsView),
        (status = 400, description = "The name or the query is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such image or target", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many such questions at once", body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn image_tags(
    State(shared): State<Shared>,
    name: Result<Path<String>, PathRejection>,
    query: Result<Query<TagsQuery>, QueryRejection>,
) -> Result<Json<TagsView>, Refusal> {
    let (name, Query(query)) = (image_name(name)?, query?);
    let (board, now) = (shared.api.board.snapshot(), shared.api.clock.now());
    shared
        .judge
        .run(move || tags_of(&board, &name, &query, now))
        .await
        .map(Json)
}

fn tags_of(board: &Snapshot, name: &Repository, query: &TagsQuery, now: Timestamp) -> Result<TagsView, Refusal> {
    let report = board.images.get(name).ok_or_else(not_used)?;
    let users = || board.all_targets().filter(|target| target.image == *name);
    let asked = match &query.target {
        Some(id) => Some(
            users()
                .find(|target| target.id == *id)
                .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "no such target uses this image"))?,
        ),
        None => users().find(|target| target.policy.is_some()),
    };
    let page = Page {
        offset: query.offset,
        limit: query.limit,
    };
    let named = users().take(tags::USERS).map(|target| target.id.clone()).collect();
    tags::tags(report, asked, named, page, now).map_err(|_| Refusal::our_fault())
}

/// Which problems to answer with.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProblemsQuery {
    /// How many problems to skip.
    offset: Option<usize>,
    /// How many problems to answer with, at most 5000.
    limit: Option<usize>,
    /// The path of a file in its git repository, or a key of the configuration, to answer with its problems alone.
    path: Option<String>,
}

/// Files, places and markers that could not be used, and rules and policies that are of use to no image.
#[utoipa::path(get, path = "/api/v1/problems", tag = "status", params(ProblemsQuery), responses(
    (status = 200, description = "A part of them", body = ProblemsView),
    (status = 400, description = "The query is wrong", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn problems(
    State(shared): State<Shared>,
    query: Result<Query<ProblemsQuery>, QueryRejection>,
) -> Result<Json<ProblemsView>, Refusal> {
    let Query(ProblemsQuery { offset, limit, path }) = query?;
    let page = Page { offset, limit };
    Ok(Json(problem::problems(
        &shared.api.board.snapshot(),
        path.as_deref(),
        page,
    )))
}

/// The places in git that images are written to.
#[utoipa::path(get, path = "/api/v1/targets", tag = "targets", params(Page), responses(
    (status = 200, description = "A part of them", body = TargetsView),
    (status = 400, description = "The query is wrong", body = Problem, content_type = "application/problem+json"),
))]
pub(crate) async fn targets(
    State(shared): State<Shared>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<TargetsView>, Refusal> {
    let Query(page) = page?;
    Ok(Json(place::targets(&shared.api.board.snapshot(), page)))
}

/// One target: what was decided, why, and the verdicts behind it.
#[utoipa::path(get, path = "/api/v1/targets/{id}", tag = "targets",
    params(("id" = String, Path, description = "The target's id")),
    responses(
        (status = 200, description = "The target", body = TargetDetailView),
        (status = 400, description = "The address is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such target", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many such questions at once", body = Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn target(
    State(shared): State<Shared>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<TargetDetailView>, Refusal> {
    let Path(id) = id?;
    let (board, now) = (shared.api.board.snapshot(), shared.api.clock.now());
    shared.judge.run(move || detail_of(&board, &id, now)).await.map(Json)
}

fn detail_of(board: &Snapshot, id: &str, now: Timestamp) -> Result<TargetDetailView, Refusal> {
    let report: &TargetReport = board
        .target(id)
        .ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "there is no target with this id"))?;
    let image = board.images.get(&report.image);
    let verdicts = match image.and_then(|image| image.scan.as_deref()) {
        Some(scan) => tags::judge(scan, report, now, |judged| judged.verdicts()).map_err(|_| Refusal::our_fault())?,
        None => None,
    };
    let scanned = image::one(board, &report.image, now);
    let git = board.repositories.get(&report.repository).map(|git| &**git);
    Ok(place::detail(report, scanned, verdicts, git))
}

impl From<QueryRejection> for Refusal {
    fn from(_: QueryRejection) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "the query is wrong; `/openapi.json` lists what may be asked",
        )
    }
}

impl From<PathRejection> for Refusal {
    fn from(_: PathRejection) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "the address is not percent-encoded UTF-8")
    }
}
