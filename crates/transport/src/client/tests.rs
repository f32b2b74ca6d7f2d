//! The client against sockets on loopback.

use std::sync::mpsc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::chain;

const SECOND: Duration = Duration::from_secs(5);

/// Answers one connection with `answer` and hands back the address and what arrived.
async fn serve(answer: &'static str) -> (Url, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/path?signature=abc", listener.local_addr().unwrap())).unwrap();
    let (seen, arrived) = mpsc::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 4096];
        let length = stream.read(&mut buffer).await.unwrap();
        seen.send(String::from_utf8_lossy(&buffer[..length]).into_owned())
            .unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
    });
    (url, arrived)
}

async fn get(config: &HttpConfig, url: Url) -> Result<Response, SendError> {
    HttpClient::new(config)
        .unwrap()
        .send(Method::GET, url, HeaderMap::new(), "", SECOND)
        .await
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (url, arrived) =
        serve("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").await;
    let response = get(&HttpConfig::default(), url).await.unwrap();
    assert_eq!(response.status(), 307);
    let request = arrived.recv().unwrap().to_lowercase();
    assert!(
        !request.contains("referer")
            && !request.contains("accept-encoding")
            && request.contains("user-agent: tidemark/"),
        "{request}"
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_whatever_its_length_says() {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabcdef",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n",
    ] {
        let (url, _arrived) = serve(answer).await;
        let error = get(&HttpConfig::default(), url)
            .await
            .unwrap()
            .bytes(5)
            .await
            .unwrap_err();
        assert!(
            error.is_too_large() && chain(&error).to_string().ends_with("larger than 5 bytes"),
            "{}",
            chain(&error)
        );
        let (url, _arrived) = serve(answer).await;
        assert_eq!(
            get(&HttpConfig::default(), url).await.unwrap().bytes(6).await.unwrap(),
            "abcdef"
        );
    }
}

#[tokio::test]
async fn a_host_that_a_server_named_must_be_public() {
    let config = HttpConfig {
        addresses: AddressRule::PublicOnly,
        ..HttpConfig::default()
    };
    for url in [
        "http://127.0.0.1:9/",
        "http://[::1]:9/",
        "http://169.254.169.254/",
        "http://localhost:9/",
    ] {
        let error = get(&config, Url::parse(url).unwrap()).await.unwrap_err();
        assert!(chain(&error).to_string().contains("public"), "{}", chain(&error));
    }
}

#[tokio::test]
async fn where_only_what_is_near_may_be_asked_a_name_is_checked_after_it_was_resolved() {
    let config = HttpConfig {
        addresses: AddressRule::Near(&[]),
        ..HttpConfig::default()
    };
    let refused = async |url: &str| chain(&get(&config, Url::parse(url).unwrap()).await.unwrap_err()).to_string();
    for url in ["http://169.254.169.254/", "http://[fd00:ec2::254]/", "http://10.1.2.3/"] {
        let error = refused(url).await;
        assert!(
            error.ends_with("beside it, and only those may be connected to here"),
            "{error}"
        );
    }
    let (url, _arrived) = serve("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let named = Url::parse(&format!("http://localhost:{}/", url.port().unwrap())).unwrap();
    assert_eq!(get(&config, named).await.unwrap().status(), 200);
}

/// A client for hosts that servers name, behind a proxy that answers one request.
async fn behind_a_proxy() -> (HttpConfig, mpsc::Receiver<String>) {
    let (address, arrived) = serve("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let proxy = Proxy {
        url: format!("http://localhost:{}", address.port().unwrap()),
        credentials: None,
        no_proxy: Vec::new(),
    };
    let config = HttpConfig {
        addresses: AddressRule::PublicOnly,
        proxy: Some(proxy),
        ..HttpConfig::default()
    };
    (config, arrived)
}

#[tokio::test]
async fn a_proxy_may_be_near_whoever_is_asked_through_it() {
    let (config, arrived) = behind_a_proxy().await;
    let response = get(&config, Url::parse("http://store.example.net/x").unwrap()).await;
    assert_eq!(response.unwrap().status(), 200);
    assert!(arrived.recv().unwrap().starts_with("GET http://store.example.net/x "));
}

#[tokio::test]
async fn a_proxy_is_not_asked_for_what_is_near() {
    let (config, arrived) = behind_a_proxy().await;
    for host in [
        "127.0.0.1",
        "[::1]",
        "169.254.169.254",
        "localhost",
        "localhost.",
        "a.LOCALHOST",
    ] {
        let error = get(&config, Url::parse(&format!("http://{host}/")).unwrap())
            .await
            .unwrap_err();
        assert!(chain(&error).to_string().contains("public"), "{}", chain(&error));
    }
    assert!(arrived.try_recv().is_err());
}

#[tokio::test]
async fn of_a_host_that_a_server_named_errors_show_no_path() {
    let config = HttpConfig {
        addresses: AddressRule::PublicOnly,
        ..HttpConfig::default()
    };
    let error = get(&config, Url::parse("https://127.0.0.1/signed/abc").unwrap())
        .await
        .unwrap_err();
    let text = chain(&error).to_string();
    assert!(text.starts_with("failed to reach https://127.0.0.1: "), "{text}");
}

#[tokio::test]
async fn errors_name_the_target_without_its_query() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = get(
        &HttpConfig::default(),
        Url::parse(&format!("http://{closed}/v2/?token=abc")).unwrap(),
    )
    .await
    .unwrap_err();
    let text = chain(&error).to_string();
    assert!(
        error.is_connect() && text.contains(&format!("http://{closed}/v2/")) && !text.contains("abc"),
        "{text}"
    );
}

#[test]
fn a_useless_ca_file_is_refused_with_what_it_should_hold() {
    let error = HttpClient::new(&HttpConfig {
        trust: Trust::Only(b"nonsense".to_vec()),
        ..HttpConfig::default()
    })
    .unwrap_err();
    assert!(chain(&error).to_string().contains("BEGIN CERTIFICATE"));
}

#[tokio::test]
async fn a_handshake_that_stalls_ends_with_the_time_limit() {
    // It takes the connection and never says a word of TLS.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://{}/v2/", silent.local_addr().unwrap())).unwrap();
    let config = HttpConfig {
        connect_timeout: Duration::from_millis(100),
        ..HttpConfig::default()
    };
    let error = get(&config, url).await.unwrap_err();
    assert!(error.is_timeout() && error.is_connect(), "{}", chain(&error));
}

#[tokio::test]
async fn a_body_that_comes_by_drops_is_named_with_its_bytes_and_its_time() {
    let error = BodyError {
        target: "https://registry.example.com/v2/a/tags/list".into(),
        kind: BodyErrorKind::TooSlow {
            bytes: 7,
            took: Duration::from_secs(6),
        },
    };
    assert_eq!(
        chain(&error).to_string(),
        "failed to read the answer of https://registry.example.com/v2/a/tags/list: \
         it comes too slowly: 7 bytes in 6 seconds, where 1024 a second would do"
    );
}
