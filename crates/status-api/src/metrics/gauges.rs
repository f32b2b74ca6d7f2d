//! Gauges read off the Board at each scrape.
//!
//! Labels are hosts and codes: nothing whose values grow with the images or the git repositories.

use std::{collections::BTreeMap, fmt};

use domain::reference::Timestamp;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
};

use crate::{
    board::{Board, Snapshot},
    report::Loop,
    view::status::summary,
};

/// Reads the Board when asked.
#[derive(Debug)]
pub(super) struct Gauges(Board);

impl Gauges {
    pub(super) fn of(board: Board) -> Self {
        Self(board)
    }
}

impl Collector for Gauges {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let board = self.0.snapshot();
        let mut out = Out(encoder);
        program(&board, &mut out)?;
        registries(&board, &mut out)?;
        images(&board, &mut out)?;
        targets(&board, &mut out)?;
        repositories(&board, &mut out)
    }
}

/// Writes one metric after the other.
struct Out<'a>(DescriptorEncoder<'a>);

impl Out<'_> {
    fn gauge(&mut self, name: &str, help: &str, value: i64) -> fmt::Result {
        let gauge = ConstGauge::new(value);
        gauge.encode(self.0.encode_descriptor(name, help, None, MetricType::Gauge)?)
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) -> fmt::Result {
        let counter = ConstCounter::new(value);
        counter.encode(self.0.encode_descriptor(name, help, None, MetricType::Counter)?)
    }

    /// One gauge for each value of a label.
    fn gauges<'b, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        values: impl IntoIterator<Item = ([(&'b str, &'b str); N], i64)>,
    ) -> fmt::Result {
        let mut metric = self.0.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (labels, value) in values {
            ConstGauge::new(value).encode(metric.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

fn program(board: &Snapshot, out: &mut Out<'_>) -> fmt::Result {
    out.gauges("info", "The program", [([("version", board.version)], 1)])?;
    out.gauge(
        "start_time_seconds",
        "When the program started",
        board.started.as_unix_seconds(),
    )?;
    out.gauge(
        "ready",
        "Whether a first scan and a first fetch have been attempted",
        board.ready().into(),
    )?;
    let Some(config) = &board.config else {
        return Ok(());
    };
    let generation = i64::try_from(config.generation).unwrap_or(i64::MAX);
    out.gauge(
        "config_generation",
        "How many configurations have been taken into force",
        generation,
    )?;
    out.gauge(
        "config_loaded_timestamp_seconds",
        "When the configuration in force was read",
        config.loaded.as_unix_seconds(),
    )?;
    let rejected = !config.problems.is_empty();
    out.gauge(
        "config_rejected",
        "Whether a newer configuration was refused",
        rejected.into(),
    )
}

fn registries(board: &Snapshot, out: &mut Out<'_>) -> fmt::Result {
    let all = || board.registries.values();
    out.gauges(
        "registry_state",
        "How it stands with a registry host; 1 for its state",
        all().map(|report| ([("host", report.host.as_str()), ("state", report.state.code())], 1)),
    )?;
    out.gauges(
        "registry_paused_until_timestamp_seconds",
        "Until when nothing is asked of a registry host",
        all().filter_map(|report| {
            Some((
                [("host", report.host.as_str())],
                report.paused_until()?.as_unix_seconds(),
            ))
        }),
    )?;
    out.gauges(
        "registry_quota_remaining",
        "What a registry host says is left of its quota",
        all().filter_map(|report| {
            let remaining = i64::try_from(report.quota?.remaining).unwrap_or(i64::MAX);
            Some(([("host", report.host.as_str())], remaining))
        }),
    )?;
    let mut requests = out.0.encode_descriptor(
        "registry_requests",
        "Requests made of a registry host since the start, by kind",
        None,
        MetricType::Counter,
    )?;
    for report in all() {
        for (kind, count) in &report.requests {
            let labels = [("host", report.host.as_str()), ("kind", *kind)];
            ConstCounter::new(*count).encode(requests.encode_family(&labels)?)?;
        }
    }
    out.gauges(
        "scan_last_success_timestamp_seconds",
        "When a scan pass over a host last went well",
        {
            let scans = board.last_success.iter().filter(|((of, _), _)| *of == Loop::Scan);
            scans.map(|((_, host), time)| ([("host", host.as_str())], time.as_unix_seconds()))
        },
    )
}

fn images(board: &Snapshot, out: &mut Out<'_>) -> fmt::Result {
    out.gauge("images", "Images that are scanned", size(board.images.len()))?;
    let mut standings: BTreeMap<&str, usize> = BTreeMap::new();
    for standing in board.images.values().filter_map(|image| image.standing.as_ref()) {
        *standings.entry(crate::view::image::code(standing)).or_default() += 1;
    }
    out.gauges(
        "image_lists",
        "Images, by whether their list of tags may be decided from",
        standings
            .iter()
            .map(|(standing, count)| ([("standing", *standing)], size(*count))),
    )?;
    let completed = board
        .images
        .values()
        .filter_map(|image| Some(image.scan.as_ref()?.completed))
        .min();
    oldest(
        out,
        "scan_oldest_complete_timestamp_seconds",
        "The oldest of all images' last complete scans",
        completed,
    )
}

fn targets(board: &Snapshot, out: &mut Out<'_>) -> fmt::Result {
    let mut decisions: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for target in board.all_targets() {
        *decisions
            .entry((target.outcome.state(), target.outcome.code()))
            .or_default() += 1;
    }
    out.gauges(
        "targets",
        "Places in git, by what was decided about them",
        decisions
            .iter()
            .map(|((state, reason), count)| ([("decision", *state), ("reason", *reason)], size(*count))),
    )
}

fn repositories(board: &Snapshot, out: &mut Out<'_>) -> fmt::Result {
    let summary = summary(board);
    out.gauges(
        "git_repositories",
        "Git repositories, by how their last push went",
        summary
            .repositories
            .iter()
            .map(|(state, count)| ([("push", state.as_str())], size(*count))),
    )?;
    out.gauge(
        "git_problems",
        "Files, places and markers that could not be used, and rules and policies that are of use to no image",
        size(board.problems().count()),
    )?;
    out.counter("commits", "Commits that landed", board.commits_total)?;
    out.counter(
        "pass_panics",
        "Passes that panicked and were caught",
        board.panics_total,
    )?;
    let fetched = board.repositories.values().filter_map(|report| report.last_fetch).min();
    oldest(
        out,
        "git_oldest_fetch_timestamp_seconds",
        "The oldest of all git repositories' last fetches",
        fetched,
    )?;
    let updated = board
        .last_success
        .iter()
        .filter(|((of, _), _)| *of == Loop::Update)
        .map(|(_, time)| *time)
        .min();
    oldest(
        out,
        "update_oldest_success_timestamp_seconds",
        "The oldest of all git repositories' last update passes that went well",
        updated,
    )
}

fn oldest(out: &mut Out<'_>, name: &str, help: &str, time: Option<Timestamp>) -> fmt::Result {
    match time {
        Some(time) => out.gauge(name, help, time.as_unix_seconds()),
        None => Ok(()),
    }
}

fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
