use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time;

use super::*;

fn key(scope: &str, realm: &str) -> TokenKey {
    TokenKey {
        identity: None,
        realm: Url::parse(realm).expect("a URL"),
        service: Some("test".to_owned()),
        scopes: BTreeSet::from([scope.to_owned()]),
    }
}

/// Asks for a token; the n-th that is fetched is called `tN`.
async fn get(
    tokens: &Tokens,
    key: &TokenKey,
    rejected: Option<&Secret>,
    fetches: &AtomicUsize,
    expires_in: &str,
) -> String {
    let fetch = async {
        let n = fetches.fetch_add(1, Ordering::Relaxed);
        read(format!(r#"{{"token": "t{n}"{expires_in}}}"#).as_bytes())
    };
    let token = tokens.get(key, rejected, fetch).await.expect("a token");
    token.expose().to_owned()
}

#[tokio::test(start_paused = true)]
async fn tokens_are_renewed_when_a_fifth_of_their_life_is_left() {
    let (tokens, key, fetches) = (Tokens::default(), key("a", "https://r.io/token"), AtomicUsize::new(0));
    for (expires_in, life) in [
        (r#", "expires_in": 300"#, 240),
        ("", 48),
        (r#", "expires_in": null"#, 48),
        (r#", "expires_in": 90.5"#, 48),
    ] {
        let first = get(&tokens, &key, None, &fetches, expires_in).await;
        time::advance(Duration::from_secs(life - 1)).await;
        assert_eq!(get(&tokens, &key, None, &fetches, expires_in).await, first);
        time::advance(Duration::from_secs(1)).await;
        assert_ne!(get(&tokens, &key, None, &fetches, expires_in).await, first);
        time::advance(LONGEST_LIFE).await;
    }
}

#[tokio::test(start_paused = true)]
async fn only_so_many_tokens_are_kept_and_those_that_end_first_leave() {
    let (tokens, fetches) = (Tokens::default(), AtomicUsize::new(0));
    let of = |number: usize| key(&number.to_string(), "https://r.io/token");
    for number in 0..MANY + 10 {
        let life = format!(r#", "expires_in": {}"#, 1000 + number);
        get(&tokens, &of(number), None, &fetches, &life).await;
    }
    let kept = tokens.0.lock().expect("no test panicked").len();
    assert_eq!(kept, MANY);
    let before = fetches.load(Ordering::Relaxed);
    get(&tokens, &of(MANY + 9), None, &fetches, "").await;
    get(&tokens, &of(10), None, &fetches, "").await;
    assert_eq!(fetches.load(Ordering::Relaxed), before);
    get(&tokens, &of(0), None, &fetches, "").await;
    assert_eq!(fetches.load(Ordering::Relaxed), before + 1);
}

#[test]
fn a_token_that_no_header_can_hold_is_refused() {
    let long = format!(r#"{{"token": "{}"}}"#, "t".repeat(LONGEST_TOKEN + 1));
    assert_eq!(read(long.as_bytes()).unwrap_err(), "its token is longer than 16 KiB");
}

#[tokio::test(start_paused = true)]
async fn a_rejected_token_is_not_given_out_again() {
    let (tokens, key, fetches) = (Tokens::default(), key("a", "https://r.io/token"), AtomicUsize::new(0));
    assert_eq!(get(&tokens, &key, None, &fetches, "").await, "t0");
    let rejected = Secret::new("t0");
    assert_eq!(get(&tokens, &key, Some(&rejected), &fetches, "").await, "t1");
    // Another who was refused with the old one gets the new one.
    assert_eq!(get(&tokens, &key, Some(&rejected), &fetches, "").await, "t1");
}

#[tokio::test(start_paused = true)]
async fn tokens_of_other_scopes_realms_and_identities_are_others() {
    use crate::credential::Credential;
    let (tokens, fetches) = (Tokens::default(), AtomicUsize::new(0));
    let plain = key("repository:a:pull", "https://r.io/token");
    let who = |password: &str| {
        let credential = Credential::Basic {
            username: "ci".to_owned(),
            password: Secret::new(password),
        };
        TokenKey {
            identity: Some(IdentityKey(credential.id())),
            ..plain.clone()
        }
    };
    let keys = [
        plain.clone(),
        key("repository:b:pull", "https://r.io/token"),
        key("repository:a:pull", "https://r.io/other"),
        key("repository:a:pull", "https://s.io/token"),
        TokenKey {
            service: None,
            ..plain.clone()
        },
        who("hunter2"),
        who("two"),
    ];
    for (n, key) in keys.iter().enumerate() {
        assert_eq!(get(&tokens, key, None, &fetches, "").await, format!("t{n}"));
    }
    for (n, key) in keys.iter().enumerate() {
        assert_eq!(get(&tokens, key, None, &fetches, "").await, format!("t{n}"));
    }
    assert_eq!(get(&tokens, &who("hunter2"), None, &fetches, "").await, "t5");
    assert!(!format!("{:?}", who("hunter2")).contains("hunter2"));
}

#[test]
fn the_query_keeps_what_the_realm_had() {
    let at = |realm| query(&key("repository:a/b:pull", realm), None).to_string();
    assert_eq!(
        at("https://r.io/token"),
        "https://r.io/token?service=test&scope=repository%3Aa%2Fb%3Apull"
    );
    assert_eq!(
        at("https://r.io/token?x=%20&y"),
        "https://r.io/token?x=%20&y&service=test&scope=repository%3Aa%2Fb%3Apull"
    );
    let bare = TokenKey {
        service: None,
        scopes: BTreeSet::new(),
        ..key("", "https://r.io/token")
    };
    assert_eq!(query(&bare, None).as_str(), "https://r.io/token");
    assert_eq!(query(&bare, Some("a&b")).as_str(), "https://r.io/token?account=a%26b");
}
