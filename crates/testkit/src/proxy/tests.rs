use std::io::{Read, Write};

use super::*;
use crate::{MemoryRegistry, ask};

#[test]
fn connections_and_bytes_are_counted() {
    let server = MemoryRegistry::start().unwrap();
    let proxy = Proxy::to(server.host().parse().unwrap()).unwrap();
    for _ in 0..3 {
        assert_eq!(ask::status(&ask::get(proxy.address(), None, "/v2/", &[]).unwrap()), 200);
    }
    assert_eq!((proxy.connections(), proxy.most_open()), (3, 1));
    assert!(proxy.bytes_sent() > 100 && proxy.bytes_received() > 100);
}

#[test]
fn connections_can_be_cut() {
    let server = MemoryRegistry::start().unwrap();
    let proxy = Proxy::to(server.host().parse().unwrap()).unwrap();
    let mut stream = std::net::TcpStream::connect(proxy.address()).unwrap();
    stream.write_all(b"GET /v2/ HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
    proxy.cut();
    assert_eq!(stream.read_to_end(&mut Vec::new()).unwrap_or(0), 0);
}

#[test]
fn an_answer_can_be_held_in_its_middle() {
    let server = MemoryRegistry::start().unwrap();
    let proxy = Proxy::to(server.host().parse().unwrap()).unwrap();
    proxy.hold_after(10);
    let asking = std::thread::spawn({
        let address = proxy.address();
        move || ask::get(address, None, "/v2/", &[]).map(|answer| ask::status(&answer))
    });
    proxy.wait_until_held().unwrap();
    assert_eq!(proxy.bytes_received(), 0);
    proxy.release();
    assert_eq!(asking.join().unwrap().unwrap(), 200);
}
