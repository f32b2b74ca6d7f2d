//! Servers that hang, or are none.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use git_writer::{Auth, Failure, GitUrl, Limits, Remote};
use transport::{Secret, chain};

use crate::origin::{basic, go, http, ssh};

#[test]
fn a_server_that_hangs_is_left_in_time_or_when_cancelled() {
    let origin = ssh();
    let Auth::SshKey { private_key_pem, .. } = origin.remote.auth.clone() else {
        panic!("a key")
    };
    let key = Auth::SshKey {
        private_key_pem,
        known_hosts: String::new(),
    };
    let soon = Duration::from_millis(300);
    let impatient = Limits {
        connect_timeout: soon,
        silence_timeout: soon,
        ..Limits::default()
    };
    for (scheme, auth) in [("http", Auth::Token(Secret::new("token"))), ("ssh", key)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = GitUrl::parse(&format!("{scheme}://{}/x.git", listener.local_addr().unwrap())).unwrap();
        let remote = Remote {
            url,
            auth,
            limits: impatient.clone(),
            ..origin.remote.clone()
        };
        let error = origin.open(remote.clone()).unwrap().fetch(&go()).expect_err("silence");
        assert_eq!(error.failure(), Failure::Unreachable, "{}", chain(&error));
        listener.accept().unwrap();

        let mut mirror = origin
            .open(Remote {
                limits: Limits::default(),
                ..remote
            })
            .unwrap();
        let cancel = go();
        let failure = thread::scope(|scope| {
            let fetch = scope.spawn(|| mirror.fetch(&cancel).map_err(|error| error.failure()));
            let _held = listener.accept().unwrap();
            cancel.cancel();
            fetch.join().unwrap()
        });
        assert_eq!(failure, Err(Failure::Cancelled), "{scheme}");
    }
}

/// Answers one request with `response`, and says what the client is told of it.
fn told(response: &str) -> (Failure, String) {
    let origin = http();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let url = GitUrl::parse(&format!("http://{address}/x.git")).unwrap();
    let mut mirror = origin
        .open(Remote {
            url,
            auth: basic(),
            ..origin.remote.clone()
        })
        .unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut client, _) = listener.accept().unwrap();
            let mut request = [0; 4096];
            let length = client.read(&mut request).unwrap();
            assert!(
                String::from_utf8_lossy(&request[..length]).starts_with("GET /x.git/info/refs?service=git-upload-pack")
            );
            client.write_all(response.as_bytes()).unwrap();
        });
        let error = mirror.fetch(&go()).expect_err("no git server");
        (
            error.failure(),
            chain(&error).to_string().replace(&address.to_string(), "HOST"),
        )
    })
}

#[test]
fn a_redirect_is_not_followed_and_its_host_is_named() {
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    target.set_nonblocking(true).unwrap();
    let port = target.local_addr().unwrap().port();
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = format!("http://localhost:{port}/x.git/info/refs?service=git-upload-pack");
        let response =
            format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let (failure, words) = told(&response);
        assert_eq!(failure, Failure::Protocol);
        assert!(
            words.contains("the server redirects to host `localhost`, and redirects are not followed"),
            "{words}"
        );
    }
    assert!(target.accept().is_err(), "somebody followed");
}

#[test]
fn what_is_no_git_server_is_said() {
    let page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi";
    let (failure, words) = told(page);
    assert_eq!(failure, Failure::Protocol);
    assert!(
        words.contains("answered with `text/html` where git's smart protocol has"),
        "{words}"
    );

    let words_of_ours = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 30\r\nConnection: close\r\n\r\nI got tok3n-long\r\n\x1b[2Jand more";
    let (failure, words) = told(words_of_ours);
    assert_eq!(failure, Failure::Unreachable);
    assert!(
        words.ends_with("the server answers 503 Service Unavailable: I got [secret] [2Jand more"),
        "{words:?}"
    );
}
