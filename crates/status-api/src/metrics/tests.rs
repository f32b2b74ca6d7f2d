use std::sync::Arc;

use expect_test::{ExpectFile, expect_file};
use http::StatusCode;

use super::*;
use crate::{
    report::{ImageReport, TargetReport},
    sample::{api, busy, empty, image},
};

fn check(board: Board, expected: &ExpectFile) {
    let api = api(board);
    api.metrics.answered(Some("/api/v1/status"), StatusCode::OK);
    expected.assert_eq(&encode(&api.registry).unwrap());
}

#[test]
fn a_busy_board_is_counted() {
    check(busy(), &expect_file!["tests/busy.txt"]);
}

#[test]
fn an_empty_board_is_counted() {
    check(empty(), &expect_file!["tests/empty.txt"]);
}

#[test]
fn series_do_not_grow_with_images_and_targets() {
    let few = busy();
    let many = busy();
    let snapshot = many.snapshot();
    let (one, target) = (snapshot.images.values().next().unwrap(), &snapshot.targets["fleet"][0]);
    for number in 0..1000 {
        let repository = image(&format!("ghcr.io/acme/api-{number}"));
        many.post_image(ImageReport {
            repository,
            ..ImageReport::clone(one)
        });
    }
    let targets = |number| TargetReport {
        id: format!("t-{number}"),
        ..target.clone()
    };
    many.post_targets("many", (0..10_000).map(targets).collect());
    let series = |board| encode(&Arc::clone(&api(board).registry)).unwrap().lines().count();
    assert_eq!(series(few), series(many));
}
