use std::path::Path;

use expect_test::{Expect, expect};

use crate::config::load::{Environment, parse};

/// What `registries.ecr` comes to: as `config print` shows it, or what is wrong with it.
fn check(ecr: &str, expected: &Expect) {
    let text = format!("registries:\n  ecr: {ecr}\n");
    let read = parse("c.yaml", text.as_bytes(), Path::new("/etc"), &Environment::default());
    let shown = match read {
        Ok(config) => {
            let printed = config.print();
            let from = printed.find("  ecr:").expect("it is printed");
            let own = printed[from..]
                .lines()
                .skip(1)
                .take_while(|line| line.starts_with("    "));
            own.map(|line| format!("{}\n", &line[4..])).collect()
        }
        Err(problems) => problems.to_string(),
    };
    expected.assert_eq(&shown);
}

#[test]
fn all_that_is_left_out_means_everything_but_eks() {
    check(
        "{}",
        &expect![[r#"
            regions: []
            includeAccounts: []
            excludeAccounts:
              - "602401143452"
            roles: []
            require: false
        "#]],
    );
}

#[test]
fn an_account_needs_no_quotes_as_long_as_no_digit_is_lost() {
    check(
        "{includeAccounts: [123456789012, \"012345678901\"], excludeAccounts: []}",
        &expect![[r#"
            regions: []
            includeAccounts:
              - "123456789012"
              - "012345678901"
            excludeAccounts: []
            roles: []
            require: false
        "#]],
    );
}

#[test]
fn a_number_that_lost_its_zeros_is_to_be_written_in_quotes() {
    check(
        "{excludeAccounts: [12345678901, 6.02401143452e+11, \"1234\"]}",
        &expect![[r#"
            c.yaml:2:27: registries.ecr.excludeAccounts[0]: an AWS account has twelve digits; write it in quotes, for a number loses the zeros that it begins with: "012345678901"
            c.yaml:2:40: registries.ecr.excludeAccounts[1]: an AWS account has twelve digits; write it in quotes, for a number loses the zeros that it begins with: "012345678901"
            c.yaml:2:59: registries.ecr.excludeAccounts[2]: an AWS account has twelve digits; write it in quotes, for a number loses the zeros that it begins with: "012345678901""#]],
    );
}

#[test]
fn roles_are_read_with_their_accounts() {
    check(
        "{roles: [{accounts: [\"123456789012\"], role: \"arn:aws-cn:iam::123456789012:role/x/pull\", externalId: fleet}], require: true, regions: [cn-north-1]}",
        &expect![[r#"
            regions:
              - cn-north-1
            includeAccounts: []
            excludeAccounts:
              - "602401143452"
            roles:
              - accounts:
                  - "123456789012"
                role: arn:aws-cn:iam::123456789012:role/x/pull
                externalId: fleet
            require: true
        "#]],
    );
}

#[test]
fn roles_and_regions_that_cannot_be_meant_are_refused() {
    check(
        "{regions: [\"eu-*\", eu], roles: [{accounts: [], role: \"arn:aws:iam::123456789012:role/pull\"}, {accounts: [\"123456789012\"], role: pull}]}",
        &expect![[r#"
            c.yaml:2:19: registries.ecr.regions[0]: a region of AWS is written as in `eu-west-1`, without the letter of a zone; no pattern
            c.yaml:2:27: registries.ecr.regions[1]: a region of AWS is written as in `eu-west-1`, without the letter of a zone; no pattern
            c.yaml:2:51: registries.ecr.roles[0].accounts: a role without an account is never taken on; name the accounts whose registries it opens
            c.yaml:2:136: registries.ecr.roles[1].role: the whole name of a role is `arn:aws:iam::123456789012:role/tidemark`"#]],
    );
}
