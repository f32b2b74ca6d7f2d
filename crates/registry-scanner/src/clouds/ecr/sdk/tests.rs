mod endpoints;

use std::time::UNIX_EPOCH;

use super::*;

const NOW: u64 = 1_790_000_000;

fn at(seconds: i64) -> Option<DateTime> {
    Some(DateTime::from_secs(i64::try_from(NOW).expect("small") + seconds))
}

fn check(token: Option<&str>, expires_at: Option<DateTime>) -> Result<(String, String, u64), &'static str> {
    let data = AuthorizationData::builder()
        .set_authorization_token(token.map(|token| STANDARD.encode(token)))
        .set_expires_at(expires_at)
        .proxy_endpoint("https://evil.example.com")
        .build();
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    read(Some(&data), now).map(|fresh| {
        let Credential::Basic { username, password } = fresh.credential else {
            panic!("it is a user and a password");
        };
        (username, password.expose().to_owned(), fresh.life.as_secs())
    })
}

fn good(life: u64) -> Result<(String, String, u64), &'static str> {
    Ok(("AWS".to_owned(), "pass:word".to_owned(), life))
}

#[test]
fn a_token_is_user_and_password_and_lives_until_its_end() {
    assert_eq!(check(Some("AWS:pass:word"), at(12 * 3600)), good(12 * 3600));
    assert_eq!(check(Some("AWS:pass:word"), None), good(15 * 60));
}

#[test]
fn a_token_that_has_expired_lives_for_no_time_at_all() {
    assert_eq!(check(Some("AWS:pass:word"), at(-5)), good(0));
    assert_eq!(
        check(Some("AWS:pass:word"), Some(DateTime::from_secs(i64::MIN))),
        good(0)
    );
}

#[test]
fn an_answer_without_a_usable_token_is_an_error_that_does_not_show_it() {
    assert_eq!(check(None, None), Err("there is no token in it"));
    assert_eq!(check(Some("nonsense"), None), Err("its token is no user and password"));
    assert_eq!(check(Some("AWS:"), None), Err("its token has no user or no password"));
    assert_eq!(check(Some(":x"), None), Err("its token has no user or no password"));
    let now = UNIX_EPOCH;
    let none = read(None, now).map(|fresh| fresh.life);
    assert_eq!(none, Err("there is no token in it"));
    let odd = AuthorizationData::builder().authorization_token("%").build();
    assert_eq!(
        read(Some(&odd), now).map(|fresh| fresh.life),
        Err("its token is not base64")
    );
}
