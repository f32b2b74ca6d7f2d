//! The scanner against whole registries: the one in memory with the manners of others, and the real docker-registry.

use std::path::PathBuf;
use std::time::Duration;

use domain::reference::{Reference, Registry, Repository, Timestamp};
use http::Version;
use memory_registry::{
    Accept, Authentication, Challenges, EmptyList, Head, Image, Manners, Order, RequestKind, Rights, TokenService,
    Users,
};
use registry_scanner::{ConfiguredCredentials, ErrorCode, HostConfig, Limits, Scanner, ScannerConfig, Wanted};
use tempfile::TempDir;
use testkit::{Ca, MemoryRegistry, RealRegistry, RegistrySettings, TokenServer};
use tokio::task::JoinSet;
use transport::{Authority, chain};

/// Files of a test: a CA and a password.
struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn ca(&self, ca: &Ca) -> PathBuf {
        let path = self.0.path().join("ca.pem");
        ca.write_certificate(&path).expect("a file");
        path
    }

    fn alice(&self) -> ConfiguredCredentials {
        let password_file = self.0.path().join("password");
        std::fs::write(&password_file, "s3cret\n").expect("a file");
        ConfiguredCredentials {
            username: "alice".to_owned(),
            password_file,
        }
    }
}

fn users() -> Users {
    Users::new().with("alice", "s3cret", Rights::all())
}

fn entry(host: &str) -> HostConfig {
    let limits = Limits {
        requests_per_second: 10_000.try_into().expect("not zero"),
        burst: 10_000.try_into().expect("not zero"),
        ..Limits::default()
    };
    HostConfig::new(Registry::parse(host).expect("a registry"), limits)
}

fn plain(host: &str) -> HostConfig {
    HostConfig {
        plain_http: true,
        plain_http_credentials: true,
        ..entry(host)
    }
}

fn scanner(entry: HostConfig) -> Scanner {
    Scanner::new(ScannerConfig {
        hosts: vec![entry],
        ..ScannerConfig::default()
    })
}

fn repository(host: &str, path: &str) -> Repository {
    Repository::parse(&format!("{host}/{path}")).expect("a repository")
}

fn reference(host: &str, rest: &str) -> Reference {
    Reference::parse(&format!("{host}/{rest}")).expect("a reference")
}

async fn many(scanner: &Scanner, host: &str, count: usize) {
    let mut tasks = JoinSet::new();
    for n in 0..count {
        let (scanner, repository) = (scanner.clone(), repository(host, &format!("team/app{n}")));
        tasks.spawn(async move { scanner.tags(&repository).await.expect("a list").tags.len() });
    }
    assert!(tasks.join_all().await.into_iter().all(|tags| tags == 20));
}

fn twenty() -> Vec<String> {
    (0..20).map(|n| format!("1.{n}.0")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_a_hundred_lists_share_a_connection() {
    let (files, ca) = (Files::new(), Ca::new().expect("a CA"));
    let server = MemoryRegistry::start_tls(&ca).expect("a registry");
    for n in 0..100 {
        server.registry.push_tags(&format!("team/app{n}"), twenty());
    }
    let host = server.host();
    let scanner = scanner(HostConfig {
        ca_file: Some(files.ca(&ca)),
        ..entry(&host)
    });
    many(&scanner, &host, 100).await;
    let requests = server.registry.requests();
    assert_eq!(requests.count(RequestKind::TagList), 100);
    assert_eq!(requests.total(), 100);
    assert!(requests.iter().all(|request| request.version == Version::HTTP_2));
    assert!(server.connections() <= 3, "{} connections", server.connections());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_tls_there_are_as_many_connections_as_requests_at_once() {
    let files = Files::new();
    let server = MemoryRegistry::start().expect("a registry");
    for n in 0..100 {
        server.registry.push_tags(&format!("team/app{n}"), twenty());
    }
    server.registry.set_authentication(Authentication::basic(users()));
    let host = server.host();
    let scanner = scanner(HostConfig {
        credentials: Some(files.alice()),
        ..plain(&host)
    });
    many(&scanner, &host, 100).await;
    assert_eq!(
        server.registry.requests().total(),
        101,
        "one refusal, and then everyone knows"
    );
    assert!(server.connections() <= 8, "{} connections", server.connections());
}

#[tokio::test]
async fn an_unknown_certificate_is_refused() {
    let (files, ca, other) = (Files::new(), Ca::new().expect("a CA"), Ca::new().expect("a CA"));
    let server = MemoryRegistry::start_tls(&ca).expect("a registry");
    server.registry.push_tag("team/app", "1.0");
    let host = server.host();
    for entry in [
        entry(&host),
        HostConfig {
            ca_file: Some(files.ca(&other)),
            ..entry(&host)
        },
        plain(&host),
    ] {
        let error = scanner(entry)
            .tags(&repository(&host, "team/app"))
            .await
            .expect_err("refused");
        assert!(
            matches!(error.code(), ErrorCode::Unreachable | ErrorCode::BadAnswer),
            "{}",
            chain(&error)
        );
    }
    assert_eq!(server.registry.requests().count(RequestKind::TagList), 0);
}

#[tokio::test]
async fn a_ca_file_that_changes_is_read_again() {
    let (files, ca, other) = (Files::new(), Ca::new().expect("a CA"), Ca::new().expect("a CA"));
    let server = MemoryRegistry::start_tls(&ca).expect("a registry");
    server.registry.push_tag("team/app", "1.0");
    let host = server.host();
    let scanner = scanner(HostConfig {
        ca_file: Some(files.ca(&other)),
        ..entry(&host)
    });
    scanner
        .tags(&repository(&host, "team/app"))
        .await
        .expect_err("the wrong CA");
    files.ca(&ca);
    scanner.tags(&repository(&host, "team/app")).await.expect("a list");
}

#[tokio::test]
async fn the_manners_of_others_are_known() {
    let server = MemoryRegistry::start().expect("a registry");
    let tags: Vec<String> = (0..2500).map(|n| format!("1.{n}.0")).collect();
    server.registry.push_tags("team/app", &tags);
    server.registry.push_tag("team/empty", "1.0");
    server.registry.delete_tag("team/empty", "1.0");
    let host = server.host();
    let scanner = scanner(plain(&host));
    for manners in [
        Manners::default(),
        Manners {
            always_next: true,
            ..Manners::default()
        },
        Manners {
            spaced_link: false,
            ..Manners::default()
        },
        Manners {
            plain_text_lists: true,
            ..Manners::default()
        },
        Manners {
            order: Order::Scrambled,
            paging: memory_registry::Paging::Ignored,
            ..Manners::default()
        },
        Manners {
            largest_page: Some(100),
            ..Manners::default()
        },
        Manners {
            empty_list: EmptyList::Null,
            ..Manners::default()
        },
    ] {
        server.registry.set_manners(manners);
        let listing = scanner.tags(&repository(&host, "team/app")).await.expect("a list");
        assert_eq!(listing.tags.len(), 2500, "{manners:?}");
        let empty = scanner
            .tags(&repository(&host, "team/empty"))
            .await
            .expect("an empty list");
        assert!(empty.tags.is_empty());
    }
}

#[tokio::test]
async fn digests_come_by_head_or_by_hash_and_agree() {
    let server = MemoryRegistry::start().expect("a registry");
    let digest = server.registry.push("team/app", "1.0", &Image::default());
    let host = server.host();
    let scanner = scanner(plain(&host));
    for head in [Head::Digest, Head::NoDigest, Head::Refused] {
        server.registry.set_manners(Manners {
            head,
            accept: Accept::Exact,
            ..Manners::default()
        });
        let found = scanner.head(&reference(&host, "team/app:1.0")).await.expect("a digest");
        assert_eq!(found.digest.as_str(), digest, "{head:?}");
    }
    let facts = scanner
        .image(
            &repository(&host, "team/app"),
            &domain::reference::Digest::parse(&digest).expect("a digest"),
            Wanted {
                platforms: true,
                build_time: true,
            },
        )
        .await;
    let platforms = facts.expect("facts").platforms.expect("the platforms were wanted");
    assert_eq!(platforms.len(), 1);
}

#[tokio::test]
async fn tokens_are_fetched_renewed_and_kept_to_their_repository() {
    let files = Files::new();
    let server = MemoryRegistry::start().expect("a registry");
    for app in ["team/app", "team/web"] {
        server.registry.push_tags(app, twenty());
    }
    server
        .registry
        .set_authentication(Authentication::Bearer(TokenService::new(users())));
    let host = server.host();
    let scanner = scanner(HostConfig {
        credentials: Some(files.alice()),
        ..plain(&host)
    });
    for app in ["team/app", "team/app", "team/web"] {
        scanner.tags(&repository(&host, app)).await.expect("a list");
    }
    let requests = server.registry.requests();
    assert_eq!((requests.count(RequestKind::Token), requests.total()), (2, 6));
    // The registry forgets its tokens: one refusal, one new token.
    server.registry.revoke_tokens();
    server.registry.clear_requests();
    scanner.tags(&repository(&host, "team/app")).await.expect("a list");
    assert_eq!(server.registry.requests().total(), 3);
    // Two ways to prove who one is, as Gitea offers them.
    server.registry.set_manners(Manners {
        challenges: Challenges::BearerAndBasic,
        ..Manners::default()
    });
    server.registry.revoke_tokens();
    scanner.tags(&repository(&host, "team/app")).await.expect("a list");
}

/// The real one, if it is installed; the gate installs it.
fn docker_registry(settings: &RegistrySettings) -> RealRegistry {
    RealRegistry::docker_registry(settings).expect("docker-registry is installed (apt-get install docker-registry)")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_registry_with_a_password_over_tls() {
    let (files, ca) = (Files::new(), Ca::new().expect("a CA"));
    let server = docker_registry(&RegistrySettings::new().tls(&ca).user("alice", "s3cret"));
    let digest = server.push_tag("team/app", "1.0").expect("pushed");
    let host = server.host();
    let trusted = HostConfig {
        ca_file: Some(files.ca(&ca)),
        ..entry(&host)
    };
    let known = scanner(HostConfig {
        credentials: Some(files.alice()),
        ..trusted.clone()
    });
    let listing = known.tags(&repository(&host, "team/app")).await.expect("a list");
    assert_eq!(listing.tags.iter().collect::<Vec<_>>(), ["1.0"]);
    let head = known.head(&reference(&host, "team/app:1.0")).await.expect("a digest");
    assert_eq!(head.digest.as_str(), digest);
    let nobody = scanner(trusted)
        .tags(&repository(&host, "team/app"))
        .await
        .expect_err("refused");
    assert_eq!(nobody.code(), ErrorCode::Unauthorized, "{}", chain(&nobody));
    let now = Timestamp::from_unix_seconds(0);
    assert_eq!(known.hosts(now).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_registry_with_a_token_server_elsewhere() {
    let files = Files::new();
    let tokens = TokenServer::start(users(), Duration::from_secs(60)).expect("a token server");
    let server = docker_registry(&RegistrySettings::new().token(&tokens));
    let host = server.host();
    let unnamed = HostConfig {
        credentials: Some(files.alice()),
        ..plain(&host)
    };
    let error = scanner(unnamed.clone())
        .tags(&repository(&host, "team/app"))
        .await
        .expect_err("refused");
    assert_eq!(error.code(), ErrorCode::RealmNotAllowed, "{}", chain(&error));
    assert!(tokens.seen().is_empty(), "the token server was not asked");
    let named = HostConfig {
        token_hosts: vec![Authority::parse(&tokens.host()).expect("a host")],
        ..unnamed
    };
    // There is nothing in it; that it says so needs the token.
    let error = scanner(named)
        .tags(&repository(&host, "team/app"))
        .await
        .expect_err("empty");
    assert_eq!(error.code(), ErrorCode::NotFound, "{}", chain(&error));
    assert_eq!(tokens.seen().len(), 1);
}
