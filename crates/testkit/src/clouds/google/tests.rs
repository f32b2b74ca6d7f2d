use super::metadata::TOKEN;
use super::*;
use crate::ask;

fn status(server: &GoogleMetadata, headers: &[&str]) -> (u16, String) {
    let address = server.url().trim_start_matches("http://").parse().unwrap();
    let answer = ask::get(address, None, TOKEN, headers).unwrap();
    (ask::status(&answer), answer)
}

#[test]
fn metadata_is_for_those_who_name_the_flavor() {
    let server = GoogleMetadata::start(("127.0.0.1", 0)).unwrap();
    let flavor = ["Metadata-Flavor: Google"];
    assert_eq!(status(&server, &[]).0, 403);
    assert_eq!(status(&server, &["Metadata-Flavor: google"]).0, 403);
    assert_eq!(status(&server, &flavor).0, 404, "there is no service account yet");
    server.gives("ya29.token", Duration::from_secs(3599));
    let (status, answer) = status(&server, &flavor);
    assert_eq!(status, 200);
    assert!(answer.to_lowercase().contains("metadata-flavor: google"), "{answer}");
    assert!(
        answer.ends_with(r#"{"access_token":"ya29.token","expires_in":3599,"token_type":"Bearer"}"#),
        "{answer}"
    );
    assert_eq!(server.tokens(), 4);
}
