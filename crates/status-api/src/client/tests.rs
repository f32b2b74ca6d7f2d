use std::net::Ipv4Addr;

use expect_test::{Expect, expect};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use transport::chain;

use super::*;
use crate::report::TargetReport;
use crate::sample::{api, busy, empty};
use crate::{Board, Limits, Server, router};

/// A daemon's server on loopback, and a client of it.
async fn start(board: Board) -> (Client, CancellationToken, JoinHandle<()>) {
    let api = api(board);
    let server = Server::bind((Ipv4Addr::LOCALHOST, 0).into(), Limits::default(), &api.metrics)
        .await
        .unwrap();
    let client = Client::new(&format!("http://{}", server.local_addr())).unwrap();
    let shutdown = CancellationToken::new();
    let task = tokio::spawn(server.run(router(api), shutdown.clone()));
    (client, shutdown, task)
}

fn check(error: &AskError, server: &Client, expected: &Expect) {
    expected.assert_eq(&chain(error).to_string().replace(server.server.as_str(), "SERVER/"));
}

#[tokio::test]
async fn a_client_reads_what_the_daemon_shows() {
    let (client, shutdown, task) = start(busy()).await;
    assert_eq!(client.status().await.unwrap().version, "0.1.0");
    assert_eq!(client.registries().await.unwrap().len(), 2);
    assert_eq!(client.images().await.unwrap().len(), 2);
    assert_eq!(client.targets().await.unwrap().len(), 6);
    assert_eq!(client.problems(None).await.unwrap().len(), 4);
    assert_eq!(client.target("t-worker").await.unwrap().target.name, "worker");
    shutdown.cancel();
    task.await.unwrap();
}

#[tokio::test]
async fn a_name_with_slashes_is_one_segment() {
    let (client, ..) = start(busy()).await;
    let tags = client.image_tags("ghcr.io/acme/api", Some("t-cron"), 5).await.unwrap();
    assert_eq!(
        (tags.target.as_deref(), tags.total, tags.tags.len()),
        (Some("t-cron"), 7, 2)
    );
}

#[tokio::test]
async fn the_problems_of_one_path_are_told_alone() {
    let (client, ..) = start(busy()).await;
    let of = async |path| client.problems(Some(path)).await.unwrap();
    let broken = of("clusters/broken.yaml").await;
    assert_eq!(
        broken
            .iter()
            .map(|known| known.repository.as_deref())
            .collect::<Vec<_>>(),
        [Some("fleet")]
    );
    assert_eq!(of("rules[2]").await[0].repository, None, "it is the configuration's");
    assert!(of("clusters/api.yaml").await.is_empty());
}

#[tokio::test]
async fn a_long_list_comes_in_parts_and_whole() {
    let board = busy();
    let one = board.snapshot().targets["fleet"][0].clone();
    let target = |number| TargetReport {
        id: format!("t-{number:05}"),
        ..one.clone()
    };
    board.post_targets("fleet", (0..12_000).map(target).collect());
    let (client, ..) = start(board).await;
    let targets = client.targets().await.unwrap();
    assert_eq!((targets.len(), targets[11_999].id.as_str()), (12_000, "t-11999"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (client, ..) = start(empty()).await;
    let error = client.target("../status?x#y").await.unwrap_err();
    assert!(error.is_not_found());
    check(
        &error,
        &client,
        &expect!["failed to ask SERVER/ for its target: there is no target with this id (404 Not Found)"],
    );
}

#[tokio::test]
async fn no_daemon_is_said_with_what_to_do() {
    let (client, shutdown, task) = start(empty()).await;
    shutdown.cancel();
    task.await.unwrap();
    let error = client.status().await.unwrap_err();
    let text = chain(&error).to_string();
    assert!(
        text.contains("is a daemon running there? `--server` or TIDEMARK_SERVER says where to ask"),
        "{text}"
    );
    assert!(!error.is_not_found());
}

#[test]
fn only_plain_addresses_are_taken() {
    for good in [
        "http://127.0.0.1:3030",
        "https://tidemark.example.com/prefix/",
        "http://[::1]:3030",
    ] {
        assert!(Client::new(good).is_ok(), "{good}");
    }
    for bad in [
        "",
        "localhost:3030",
        "127.0.0.1",
        "ftp://x",
        "http://",
        "http://user:secret@x",
        "http://x?y",
        "http://x#y",
    ] {
        assert!(Client::new(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_prefix_is_kept() {
    let client = Client::new("https://tidemark.example.com/team").unwrap();
    expect!["https://tidemark.example.com/team/api/v1/images/a%2Fb/tags?offset=5"].assert_eq(
        client
            .url(&["images", "a/b", "tags"], &[("offset", "5".to_owned())])
            .as_str(),
    );
}
