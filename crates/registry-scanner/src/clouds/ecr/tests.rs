use super::*;

fn config() -> EcrConfig {
    EcrConfig::default()
}

fn accounts(texts: &[&str]) -> Vec<AccountId> {
    texts
        .iter()
        .map(|text| AccountId::parse(text).expect("twelve digits"))
        .collect()
}

fn registry(account: &str, region: &str) -> Registry {
    Registry::parse(&format!("{account}.dkr.ecr.{region}.amazonaws.com")).expect("a registry")
}

fn is_asked(config: &EcrConfig, account: &str, region: &str) -> bool {
    Ecr::new(config, None).key(&registry(account, region)).is_some()
}

#[test]
fn all_regions_and_accounts_are_asked_for_but_eks_own() {
    assert!(is_asked(&config(), "123456789012", "eu-west-1"));
    assert!(is_asked(&config(), "000000000000", "ap-east-1"));
    assert!(!is_asked(&config(), "602401143452", "eu-west-1"));
}

#[test]
fn only_the_named_regions_and_accounts_are_asked_for() {
    let config = EcrConfig {
        regions: vec!["eu-west-1".to_owned()],
        include_accounts: accounts(&["123456789012", "123456789013"]),
        exclude_accounts: accounts(&["123456789013"]),
        ..config()
    };
    assert!(is_asked(&config, "123456789012", "eu-west-1"));
    assert!(!is_asked(&config, "123456789012", "eu-west-2"), "another region");
    assert!(
        !is_asked(&config, "123456789014", "eu-west-1"),
        "an account that is not named"
    );
    assert!(
        !is_asked(&config, "123456789013", "eu-west-1"),
        "what is excluded stays so"
    );
}

#[test]
fn the_first_role_that_names_the_account_is_taken_on() {
    let role = |arn: &str, named: &[&str]| EcrRole {
        accounts: accounts(named),
        arn: arn.to_owned(),
        external_id: None,
    };
    let config = EcrConfig {
        roles: vec![
            role("one", &["123456789012"]),
            role("two", &["123456789012", "123456789013"]),
        ],
        ..config()
    };
    let ecr = Ecr::new(&config, None);
    let taken = |account| {
        let key = ecr.key(&registry(account, "eu-west-1")).expect("it is asked");
        key.role.map(|role| role.arn)
    };
    assert_eq!(taken("123456789012").as_deref(), Some("one"));
    assert_eq!(taken("123456789013").as_deref(), Some("two"));
    assert_eq!(taken("123456789014"), None);
}

#[tokio::test]
async fn other_registries_get_no_credential_of_aws() {
    let ecr = Ecr::new(&config(), None);
    for host in [
        "public.ecr.aws",
        "evil.amazonaws.com",
        "docker.io",
        "602401143452.dkr.ecr.us-west-2.amazonaws.com",
    ] {
        let registry = Registry::parse(host).expect("a registry");
        assert!(ecr.identity(&registry).await.is_none(), "{host}");
    }
}
