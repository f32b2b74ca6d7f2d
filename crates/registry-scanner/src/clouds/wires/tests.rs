use http::{HeaderMap, Method};
use testkit::{Answer, Recorder};
use url::Url;

use super::*;

fn proxy(at: &Recorder) -> Proxy {
    Proxy {
        url: at.url(),
        credentials: Some(("user".to_owned(), transport::Secret::new("proxy-canary"))),
        no_proxy: Vec::new(),
    }
}

async fn ask(http: &HttpClient, url: &str) {
    let url = Url::parse(url).expect("an address");
    // Whether anybody answers does not matter here.
    let _ = http.send(Method::GET, url, HeaderMap::new(), "", NEAR).await;
}

#[tokio::test]
async fn metadata_is_never_asked_through_the_proxy() {
    let (through, server) = (
        Recorder::start("127.0.0.1").expect("a port"),
        Recorder::start("127.0.0.1").expect("a port"),
    );
    const METADATA: &[IpAddr] = &[IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 99))];
    let near = Wires::new(Some(proxy(&through)), METADATA).near().expect("a client");
    for url in [
        server.url(),
        "http://127.0.0.99:1/latest/api/token".to_owned(),
        "http://localhost:1/".to_owned(),
    ] {
        ask(&near, &url).await;
    }
    assert_eq!((through.connections(), server.seen().len()), (0, 1));
    server.assert_saw_no_credential(&["proxy-canary"]);
}

#[tokio::test]
async fn token_servers_are_asked_through_the_proxy() {
    let through = Recorder::start("127.0.0.1").expect("a port");
    through.answer(Answer::status(403));
    let far = Wires::new(Some(proxy(&through)), &[]).far().expect("a client");
    ask(&far, "https://oauth2.googleapis.com/token").await;
    ask(&far, "https://login.microsoftonline.com/tenant/oauth2/v2.0/token").await;
    let hosts: Vec<String> = through.seen().into_iter().map(|seen| seen.host).collect();
    assert_eq!(hosts, ["oauth2.googleapis.com:443", "login.microsoftonline.com:443"]);
}
