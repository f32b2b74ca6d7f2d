//! What is counted: requests answered here, and gauges read off the Board.

use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family},
    registry::Registry,
};

use crate::board::Board;

mod gauges;
#[cfg(test)]
mod tests;

/// The media type of `/metrics`.
pub(crate) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What the server counts; a clone counts together with the original.
#[derive(Debug, Clone)]
pub struct Metrics {
    requests: Family<RequestLabels, Counter>,
    /// Connections accepted.
    pub(crate) connections: Counter,
    /// Connections that have ended.
    pub(crate) closed: Counter,
    /// Connections closed before their time to make room for others.
    pub(crate) evicted: Counter,
    /// Answers that panicked.
    pub(crate) panics: Counter,
}

/// The route is the pattern, never the path, so there are few.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

impl Metrics {
    /// Registers what the server counts, and gauges that are read off the Board at each scrape.
    pub fn register(registry: &mut Registry, board: &Board) -> Self {
        registry.register_collector(Box::new(gauges::Gauges::of(board.clone())));
        let metrics = Self {
            requests: Family::default(),
            connections: Counter::default(),
            closed: Counter::default(),
            evicted: Counter::default(),
            panics: Counter::default(),
        };
        let http = registry.sub_registry_with_prefix("http");
        http.register(
            "requests",
            "Requests answered, by route and status",
            metrics.requests.clone(),
        );
        http.register("connections", "Connections accepted", metrics.connections.clone());
        http.register(
            "connections_closed",
            "Connections that have ended",
            metrics.closed.clone(),
        );
        http.register(
            "connections_evicted",
            "Connections closed before their time to make room for others",
            metrics.evicted.clone(),
        );
        http.register("panics", "Answers that panicked", metrics.panics.clone());
        metrics
    }

    /// Counts an answer.
    pub(crate) fn answered(&self, route: Option<&str>, status: http::StatusCode) {
        let labels = RequestLabels {
            route: route.unwrap_or("unknown").to_owned(),
            status: status.as_u16(),
        };
        self.requests.get_or_create(&labels).inc();
    }
}

/// All metrics in the text format of OpenMetrics.
pub(crate) fn encode(registry: &Registry) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    text::encode(&mut text, registry)?;
    Ok(text)
}
