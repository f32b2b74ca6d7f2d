//! A TCP proxy that counts.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use anyhow::Context;
use tokio::io::{self, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::background::Background;
use crate::http_server::read;
use crate::process::wait_for;

/// A TCP proxy in front of any server: counts connections and bytes, and can cut them.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    counts: Arc<Counts>,
    _background: Background,
}

#[derive(Debug, Default)]
struct Counts {
    connections: AtomicUsize,
    open: AtomicUsize,
    most_open: AtomicUsize,
    sent: AtomicU64,
    received: AtomicU64,
    /// Changes when all connections are to be cut.
    cut: watch::Sender<()>,
    gate: Gate,
}

/// Holds what servers send.
#[derive(Debug, Default)]
struct Gate {
    /// How many bytes of a connection pass; all, if `None`.
    limit: watch::Sender<Option<u64>>,
    /// How many connections have been held since the limit was set.
    held: AtomicUsize,
}

impl Gate {
    /// Returns when so many bytes of one connection may pass.
    async fn pass(&self, bytes: u64) {
        let open = |limit: &Option<u64>| limit.is_none_or(|limit| bytes <= limit);
        let mut limit = self.limit.subscribe();
        if open(&limit.borrow()) {
            return;
        }
        self.held.fetch_add(1, Ordering::SeqCst);
        // The gate lives as long as its connections.
        let _ = limit.wait_for(open).await;
    }
}

impl Proxy {
    /// Listens on a free port of 127.0.0.1 and forwards to `upstream`.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub fn to(upstream: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("listening on 127.0.0.1")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let counts = Arc::new(Counts::default());
        let counted = Arc::clone(&counts);
        let background = Background::run(move || forward(listener, upstream, counted))?;
        Ok(Self {
            address,
            counts,
            _background: background,
        })
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        read(&self.counts.connections)
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        read(&self.counts.open)
    }

    /// The most connections that were open at a time.
    pub fn most_open(&self) -> usize {
        read(&self.counts.most_open)
    }

    /// How many bytes clients sent.
    pub fn bytes_sent(&self) -> u64 {
        self.counts.sent.load(Ordering::SeqCst)
    }

    /// How many bytes clients received.
    pub fn bytes_received(&self) -> u64 {
        self.counts.received.load(Ordering::SeqCst)
    }

    /// Cuts all connections that are open; new ones are served.
    pub fn cut(&self) {
        self.counts.cut.send_replace(());
    }

    /// Lets so many bytes of each connection pass to the client, and holds the rest: the client is
    /// then in the middle of its answer, for as long as a test likes.
    pub fn hold_after(&self, bytes: u64) {
        self.counts.gate.held.store(0, Ordering::SeqCst);
        self.counts.gate.limit.send_replace(Some(bytes));
    }

    /// Waits until a connection is being held.
    ///
    /// # Errors
    ///
    /// None was within 20 s.
    pub fn wait_until_held(&self) -> anyhow::Result<()> {
        wait_for("a connection that the proxy holds", || {
            (read(&self.counts.gate.held) > 0).then_some(())
        })
    }

    /// Waits until no connection is open: a client that has ended is seen to have done so a moment later.
    ///
    /// # Errors
    ///
    /// Some were open for 20 s.
    pub fn wait_until_closed(&self) -> anyhow::Result<()> {
        wait_for("the end of all connections", || (self.open() == 0).then_some(()))
    }

    /// Lets everything pass again.
    pub fn release(&self) {
        self.counts.gate.limit.send_replace(None);
    }
}

async fn forward(listener: TcpListener, upstream: SocketAddr, counts: Arc<Counts>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Ok((client, _)) = listener.accept() => {
                connections.spawn(connection(client, upstream, Arc::clone(&counts)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(client: TcpStream, upstream: SocketAddr, counts: Arc<Counts>) {
    let mut cut = counts.cut.subscribe();
    counts.connections.fetch_add(1, Ordering::SeqCst);
    let open = counts.open.fetch_add(1, Ordering::SeqCst) + 1;
    counts.most_open.fetch_max(open, Ordering::SeqCst);
    if let Ok(server) = TcpStream::connect(upstream).await {
        tokio::select! {
            () = pump(client, server, &counts) => {}
            _ = cut.changed() => {}
        }
    }
    counts.open.fetch_sub(1, Ordering::SeqCst);
}

/// Copies both ways until both sides are done, or one failed.
async fn pump(client: TcpStream, server: TcpStream, counts: &Counts) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let _ = tokio::try_join!(
        copy(from_client, to_server, &counts.sent, None),
        copy(from_server, to_client, &counts.received, Some(&counts.gate)),
    );
}

async fn copy(
    mut from: impl io::AsyncRead + Unpin,
    mut to: impl io::AsyncWrite + Unpin,
    count: &AtomicU64,
    gate: Option<&Gate>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 << 10];
    let mut passed = 0;
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        passed += length as u64;
        if let Some(gate) = gate {
            gate.pass(passed).await;
        }
        count.fetch_add(length as u64, Ordering::SeqCst);
        to.write_all(&buffer[..length]).await?;
    }
}

#[cfg(test)]
mod tests;
