//! `git http-backend` with Basic authentication, with and without TLS.

use git_writer::{Auth, Failure, GitUrl, Mirror, Remote};
use testkit::GitHttp;
use transport::{Secret, Trust, chain};

use crate::origin::{Origin, edit, fetch, go, http, https, push};
use crate::story;

#[test]
fn an_edit_lands() {
    story::an_edit_lands(&http());
}

#[test]
fn an_edit_lands_over_tls_with_a_private_ca() {
    story::an_edit_lands(&https());
}

#[test]
fn a_lost_race_is_moved() {
    story::a_lost_race_is_moved(&http());
}

#[test]
fn a_protected_branch_refuses() {
    story::a_protected_branch_refuses(&http());
}

#[test]
fn a_rewound_branch_is_followed() {
    story::a_rewound_branch_is_followed(&http());
}

#[test]
fn a_missing_branch_is_not_made() {
    story::a_missing_branch_is_not_made(&http());
}

#[test]
fn a_lost_answer_is_unknown() {
    story::a_lost_answer_is_unknown(&http());
}

#[test]
fn a_pack_too_large_is_not_taken() {
    story::a_pack_too_large_is_not_taken(&http());
}

#[test]
fn a_fetch_without_news_is_one_request_and_no_push() {
    let origin = http();
    let mut mirror = origin.mirror();
    fetch(&mut mirror);
    let before = origin.server.requests().unwrap().len();
    fetch(&mut mirror);
    assert_eq!(origin.server.requests().unwrap().len() - before, 1);
    assert!(!origin.server.saw_push().unwrap());
    let head = fetch(&mut mirror);
    let commit = edit(&mut mirror, &head, "apps/api.yaml", "image: api:2\n");
    push(&mut mirror, &head, &commit);
    assert!(origin.server.saw_push().unwrap());
}

fn refusal(origin: &Origin<GitHttp>, remote: Remote) -> (Failure, String) {
    let mut mirror: Mirror = origin.open(remote).unwrap();
    let error = mirror.fetch(&go()).expect_err("refused");
    let text = chain(&error).to_string();
    (error.failure(), text.split_once(".git: ").unwrap().1.to_owned())
}

#[test]
fn every_refusal_says_what_to_do() {
    let origin = http();
    let wrong = Auth::Basic {
        username: "bot".to_owned(),
        password: Secret::new("wrong-password"),
    };
    for (auth, words) in [
        (
            wrong,
            "the server answers 401 Unauthorized; check `auth.username` and `auth.passwordFile`",
        ),
        (
            Auth::Token(Secret::new("wrong-token")),
            "the server answers 401 Unauthorized; check `auth.tokenFile`",
        ),
        (
            Auth::None,
            "the server answers 401 Unauthorized; the repository has no `auth`: set `auth.username` and `auth.passwordFile`, or `auth.tokenFile`",
        ),
    ] {
        let refused = refusal(
            &origin,
            Remote {
                auth,
                ..origin.remote.clone()
            },
        );
        assert_eq!(refused, (Failure::Unauthorized, words.to_owned()));
    }
    let url = GitUrl::parse(&origin.server.url("team/none.git")).unwrap();
    let refused = refusal(
        &origin,
        Remote {
            url,
            ..origin.remote.clone()
        },
    );
    let words = "the server answers 404 Not Found; check the `url`, and that the credentials may see the repository";
    assert_eq!(refused, (Failure::NoRepository, words.to_owned()));
}

#[test]
fn an_unknown_ca_is_refused() {
    let origin = https();
    for trust in [
        Trust::System,
        Trust::Only(testkit::Ca::new().unwrap().certificate_pem().as_bytes().to_vec()),
    ] {
        let (failure, words) = refusal(
            &origin,
            Remote {
                trust,
                ..origin.remote.clone()
            },
        );
        assert_eq!(failure, Failure::Untrusted);
        assert!(
            words
                .starts_with("the server's certificate is not trusted; for a private CA set the repository's `caFile`"),
            "{words}"
        );
    }
}

#[test]
fn credentials_must_fit_the_address() {
    let origin = http();
    let key = Auth::SshKey {
        private_key_pem: Secret::new("key"),
        known_hosts: String::new(),
    };
    let error = origin
        .open(Remote {
            auth: key,
            ..origin.remote.clone()
        })
        .expect_err("a key over HTTP");
    assert_eq!(error.failure(), Failure::Local);
    let newline = Auth::Token(Secret::new("token\nX-Injected: 1"));
    origin
        .open(Remote {
            auth: newline,
            ..origin.remote.clone()
        })
        .expect_err("two headers in one");
}
