use base64::engine::general_purpose::URL_SAFE;

use super::*;

fn check(write: impl Fn(&str) -> String, found: bool) {
    let canary = Canary::of("registry7");
    let text = format!("before {} after", write(canary.secret()));
    assert_eq!(canary.is_in(&text), found, "{text}");
    assert_eq!(Canary::any_in(&text).is_some(), found, "{text}");
    assert!(!Canary::of("registry8").is_in(&text), "{text}");
}

#[test]
fn a_canary_is_found_in_every_encoding() {
    check(str::to_owned, true);
    check(|secret| STANDARD.encode(secret), true);
    for user in ["a", "ci", "bot", "robot"] {
        check(|secret| STANDARD.encode(format!("{user}:{secret}")), true);
        check(|secret| URL_SAFE.encode(format!("{user}:{secret}\n")), true);
    }
    check(
        |secret| secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
        true,
    );
    check(|_| Canary::of("registry7").basic("ci"), true);
    check(|_| Canary::of("registry7").percent_encoded(), true);
    check(|_| "c4n4ry%2B%2F%3D%26%3Fregistry7%3C%3C%3C".to_owned(), true);
    check(|_| "c4n4ry%2b%2f%3d%26%3fregistry7%3c%3c%3c".to_owned(), true);
    check(|_| "c4n4ry".to_owned(), false);
    check(|_| "[secret]".to_owned(), false);
}
