use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::*;

fn with_claims(claims: &str) -> Option<u64> {
    let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
    life(&token).map(|life| life.as_secs())
}

#[test]
fn the_life_is_from_the_issue_to_the_end() {
    assert_eq!(with_claims(r#"{"iat": 1000, "exp": 4600}"#), Some(3600));
    assert_eq!(with_claims(r#"{"nbf": 1000, "exp": 4600}"#), Some(3600));
    assert_eq!(with_claims(r#"{"nbf": 0, "iat": 1000, "exp": 4600}"#), Some(3600));
}

#[test]
fn a_token_that_does_not_say_has_none() {
    for claims in [
        "{}",
        r#"{"exp": 4600}"#,
        r#"{"iat": 4600, "exp": 4600}"#,
        r#"{"iat": 4601, "exp": 4600}"#,
        r#"{"iat": -1, "exp": 4600}"#,
        r#"{"iat": "1000", "exp": 4600}"#,
        r#"{"iat": 1000, "exp": 4600.5}"#,
        "[]",
        "nonsense",
    ] {
        assert_eq!(with_claims(claims), None, "{claims}");
    }
    for token in ["", "a", "a.b", "a.b.c", "e30.!!.c", "e30.e30.c.d"] {
        assert_eq!(life(token), None, "{token}");
    }
}
