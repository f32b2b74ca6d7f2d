//! Ports for servers that cannot choose one themselves.

use std::collections::HashSet;
use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, bail};

/// How often a server is started anew because another took its port first.
const ATTEMPTS: usize = 5;

/// The ports that this process gave to servers: none is given twice.
static GIVEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);

/// A port of 127.0.0.1 that was free a moment ago.
fn free() -> anyhow::Result<u16> {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").context("looking for a free port")?;
        let port = listener.local_addr()?.port();
        let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
        if given.get_or_insert_default().insert(port) {
            return Ok(port);
        }
    }
}

/// Starts a server on a free port; on another if it could not have that one.
pub(crate) fn on_free_port<T>(start: impl Fn(u16) -> anyhow::Result<T>) -> anyhow::Result<T> {
    for _ in 0..ATTEMPTS {
        match start(free()?) {
            Err(error) if format!("{error:#}").to_lowercase().contains("address already in use") => {}
            outcome => return outcome,
        }
    }
    bail!("{ATTEMPTS} free ports were taken by others before the server could have them")
}

#[cfg(test)]
mod tests;
