use std::net::TcpStream;

use rustls::ClientConnection;
use rustls::pki_types::ServerName;

use super::*;
use crate::Recorder;

/// The protocol that a client who trusts `trusted` and a server of `ca` agree on under `name`.
fn handshake(ca: &Ca, trusted: &Ca, name: &'static str) -> anyhow::Result<Vec<u8>> {
    let server = Recorder::start_tls("127.0.0.1", ca)?;
    let mut config = (*trusted.client_config()?).clone();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut connection = ClientConnection::new(Arc::new(config), ServerName::try_from(name)?)?;
    let mut stream = TcpStream::connect(server.host())?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    Ok(connection.alpn_protocol().unwrap_or_default().to_vec())
}

#[test]
fn who_trusts_it_agrees_on_http_2_under_every_name() {
    let ca = Ca::new().unwrap();
    for name in NAMES {
        assert_eq!(handshake(&ca, &ca, name).unwrap(), b"h2", "{name}");
    }
}

#[test]
fn other_names_and_other_authorities_are_refused() {
    let ca = Ca::new().unwrap();
    assert!(handshake(&ca, &ca, "registry.example.com").is_err());
    assert!(handshake(&ca, &Ca::new().unwrap(), "localhost").is_err());
}
