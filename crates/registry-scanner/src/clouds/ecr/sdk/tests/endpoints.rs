//! Where AWS is asked for a token, in all its partitions: seen by a proxy, which nothing gets through.

use aws_sdk_ecr::config::Credentials;
use domain::reference::Registry;
use expect_test::{Expect, expect};
use testkit::{Answer, Recorder};

use super::*;

/// Somebody whom AWS knows, behind a proxy.
async fn behind(proxy: &Recorder) -> Sdk {
    let proxy = Proxy {
        url: proxy.url(),
        credentials: None,
        no_proxy: Vec::new(),
    };
    let sdk = Sdk::new(Some(proxy));
    let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "secret-canary", None, None, "test");
    let found = aws_config::defaults(BehaviorVersion::latest())
        .http_client(sdk.wire.clone())
        .region(Region::from_static(ANYWHERE))
        .credentials_provider(keys)
        .retry_config(RetryConfig::disabled())
        .load()
        .await;
    Sdk {
        found: AsyncMutex::new(Some(found)),
        ..sdk
    }
}

/// Who is asked for the token of a registry, with a role of its account or without.
async fn asked(host: &str, with_role: bool) -> String {
    let proxy = Recorder::start("127.0.0.1").expect("a port");
    proxy.answer(Answer::status(403));
    let host = EcrHost::of(&Registry::parse(host).expect("a registry")).expect("one of ECR's");
    let role = EcrRole {
        accounts: vec![host.account.clone()],
        arn: "arn:aws:iam::123456789012:role/pull".to_owned(),
        external_id: None,
    };
    let token = behind(&proxy).await.token(&host, with_role.then_some(&role)).await;
    token.expect_err("nothing gets through");
    let seen = proxy.seen();
    assert!(seen.iter().all(|seen| seen.method == http::Method::CONNECT), "{seen:?}");
    let hosts: Vec<&str> = seen.iter().map(|seen| seen.host.as_str()).collect();
    hosts.join(" ")
}

async fn check(hosts: &[&str], with_role: bool, expected: &Expect) {
    let mut lines = String::new();
    for host in hosts {
        lines.push_str(&format!("{host}: {}\n", asked(host, with_role).await));
    }
    expected.assert_eq(&lines);
}

const PARTITIONS: [&str; 7] = [
    "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com",
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
    "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
    "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov",
    "123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov",
    "123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk",
];

#[tokio::test]
async fn a_token_is_asked_of_the_partition_that_the_registry_is_in() {
    check(
        &PARTITIONS,
        false,
        &expect![[r#"
        123456789012.dkr.ecr.us-east-1.amazonaws.com: api.ecr.us-east-1.amazonaws.com:443
        123456789012.dkr.ecr.us-gov-west-1.amazonaws.com: api.ecr.us-gov-west-1.amazonaws.com:443
        123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn: api.ecr.cn-north-1.amazonaws.com.cn:443
        123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu: api.ecr.eusc-de-east-1.amazonaws.eu:443
        123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov: api.ecr.us-iso-east-1.c2s.ic.gov:443
        123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov: api.ecr.us-isob-east-1.sc2s.sgov.gov:443
        123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk: api.ecr.eu-isoe-west-1.cloud.adc-e.uk:443
    "#]],
    )
    .await;
}

#[tokio::test]
async fn a_role_is_asked_of_the_same_partition() {
    check(
        &PARTITIONS,
        true,
        &expect![[r#"
        123456789012.dkr.ecr.us-east-1.amazonaws.com: sts.us-east-1.amazonaws.com:443
        123456789012.dkr.ecr.us-gov-west-1.amazonaws.com: sts.us-gov-west-1.amazonaws.com:443
        123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn: sts.cn-north-1.amazonaws.com.cn:443
        123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu: sts.eusc-de-east-1.amazonaws.eu:443
        123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov: sts.us-iso-east-1.c2s.ic.gov:443
        123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov: sts.us-isob-east-1.sc2s.sgov.gov:443
        123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk: sts.eu-isoe-west-1.cloud.adc-e.uk:443
    "#]],
    )
    .await;
}

#[tokio::test]
async fn fips_and_dual_stack_registries_have_apis_of_their_kind() {
    let hosts = [
        "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
        "123456789012.dkr-ecr.us-west-2.on.aws",
        "123456789012.dkr-ecr-fips.us-west-2.on.aws",
        "123456789012.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn",
    ];
    check(&hosts, false, &expect![[r#"
        123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com: api.ecr-fips.us-gov-west-1.amazonaws.com:443
        123456789012.dkr-ecr.us-west-2.on.aws: ecr.us-west-2.api.aws:443
        123456789012.dkr-ecr-fips.us-west-2.on.aws: ecr-fips.us-west-2.api.aws:443
        123456789012.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn: ecr.cn-northwest-1.api.amazonwebservices.com.cn:443
    "#]]).await;
}
