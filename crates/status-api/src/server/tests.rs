use std::{future::pending, net::Ipv4Addr};

use axum::routing::get;
use prometheus_client::registry::Registry;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    task::JoinHandle,
};

use super::*;
use crate::sample;

/// A server on a free port, its metrics, and what stops it.
struct Running {
    address: SocketAddr,
    metrics: Metrics,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

async fn start(limits: Limits) -> Running {
    let metrics = Metrics::register(&mut Registry::default(), &sample::empty());
    let server = Server::bind((Ipv4Addr::LOCALHOST, 0).into(), limits, &metrics)
        .await
        .unwrap();
    let (address, shutdown) = (server.local_addr(), CancellationToken::new());
    let router = Router::new()
        .route("/", get(async || "hello"))
        .route("/large", get(async || "x".repeat(64 * 1024 * 1024)))
        .route("/never", get(async || pending::<&str>().await));
    let task = tokio::spawn(server.run(router, shutdown.clone()));
    Running {
        address,
        metrics,
        shutdown,
        task,
    }
}

impl Running {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn get(&self) -> String {
        let mut stream = self.connect().await;
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

fn short() -> Limits {
    Limits {
        header: Duration::from_millis(100),
        idle: Duration::from_millis(100),
        grace: Duration::from_millis(100),
        ..Limits::default()
    }
}

/// Everything up to the end of the connection, however it ends.
async fn rest(stream: &mut TcpStream) -> usize {
    let mut total = 0;
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        total += count;
    }
    total
}

#[tokio::test]
async fn a_request_is_answered() {
    let server = start(Limits::default()).await;
    assert!(server.get().await.ends_with("hello"));
}

#[tokio::test]
async fn a_client_that_never_ends_its_head_is_cut_off() {
    let server = start(short()).await;
    let mut slow = server.connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-drip: ").await.unwrap();
    time::timeout(Duration::from_secs(5), rest(&mut slow))
        .await
        .expect("the connection is closed");
}

#[tokio::test]
async fn a_client_that_says_nothing_is_cut_off() {
    let server = start(short()).await;
    let mut silent = server.connect().await;
    time::timeout(Duration::from_secs(5), rest(&mut silent))
        .await
        .expect("the connection is closed");
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_off() {
    let server = start(short()).await;
    let mut deaf = server.connect().await;
    deaf.write_all(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // The server's task ends only when the connection does.
    let ended = async {
        while server.metrics.closed.get() == 0 {
            tokio::task::yield_now().await;
        }
    };
    time::timeout(Duration::from_secs(5), ended)
        .await
        .expect("the connection is closed");
    assert!(rest(&mut deaf).await < 64 * 1024 * 1024);
}

#[tokio::test]
async fn idle_connections_make_room_for_new_ones() {
    let limits = Limits {
        connections: 4,
        ..Limits::default()
    };
    let server = start(limits).await;
    let mut idle = Vec::new();
    for _ in 0..20 {
        idle.push(server.connect().await);
    }
    assert!(server.get().await.ends_with("hello"));
    assert_eq!(server.metrics.evicted.get(), 17);
    assert_eq!(rest(&mut idle[0]).await, 0, "the one that waited longest is closed");
}

#[tokio::test]
async fn a_stop_waits_for_idle_connections_no_longer_than_it_must() {
    let server = start(Limits::default()).await;
    let _idle = server.connect().await;
    assert!(server.get().await.ends_with("hello"));
    server.shutdown.cancel();
    time::timeout(Duration::from_secs(3), server.task)
        .await
        .expect("the server stops")
        .unwrap();
}

#[tokio::test]
async fn a_stop_cuts_off_what_outstays_the_grace() {
    let server = start(short()).await;
    let mut stuck = server.connect().await;
    stuck
        .write_all(b"GET /never HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    assert!(server.get().await.ends_with("hello"));
    server.shutdown.cancel();
    time::timeout(Duration::from_secs(3), server.task)
        .await
        .expect("the server stops")
        .unwrap();
    assert_eq!(rest(&mut stuck).await, 0);
}

#[tokio::test]
async fn requests_that_name_two_lengths_are_refused() {
    let server = start(Limits::default()).await;
    let mut smuggler = server.connect().await;
    let request = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n";
    smuggler.write_all(request).await.unwrap();
    let mut answer = String::new();
    let _ = smuggler.read_to_string(&mut answer).await;
    assert!(!answer.contains("hello"), "{answer}");
}

#[tokio::test]
async fn a_body_is_not_waited_for() {
    let api = sample::api(sample::busy());
    let server = Server::bind((Ipv4Addr::LOCALHOST, 0).into(), Limits::default(), &api.metrics)
        .await
        .unwrap();
    let address = server.local_addr();
    tokio::spawn(server.run(crate::router(api), CancellationToken::new()));
    let mut client = TcpStream::connect(address).await.unwrap();
    let head = b"POST /api/v1/scan HTTP/1.1\r\nhost: x\r\ncontent-length: 10000000000\r\n\r\n{";
    client.write_all(head).await.unwrap();
    let mut answer = String::new();
    let read = client.read_to_string(&mut answer);
    time::timeout(Duration::from_secs(5), read)
        .await
        .expect("the connection is closed")
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
}
