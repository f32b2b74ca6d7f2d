use expect_test::{Expect, expect};

use super::*;

/// One line for each host: account, region, and what is special.
fn check(hosts: &[&str], expected: &Expect) {
    let mut lines = String::new();
    for host in hosts {
        let found = Registry::parse(host).ok().and_then(|registry| EcrHost::of(&registry));
        let shown = found.map_or("nobody's".to_owned(), |found| {
            let fips = if found.fips { " fips" } else { "" };
            let dual_stack = if found.dual_stack { " dual-stack" } else { "" };
            format!("{} {}{fips}{dual_stack}", found.account, found.region)
        });
        lines.push_str(&format!("{host}: {shown}\n"));
    }
    expected.assert_eq(&lines);
}

#[test]
fn the_registries_of_all_partitions_are_known() {
    check(
        &[
            "123456789012.dkr.ecr.us-east-1.amazonaws.com",
            "012345678901.dkr.ecr.eu-central-1.amazonaws.com",
            "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
            "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
            "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov",
            "123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov",
            "123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk",
            "123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov",
        ],
        &expect![[r#"
            123456789012.dkr.ecr.us-east-1.amazonaws.com: 123456789012 us-east-1
            012345678901.dkr.ecr.eu-central-1.amazonaws.com: 012345678901 eu-central-1
            123456789012.dkr.ecr.us-gov-west-1.amazonaws.com: 123456789012 us-gov-west-1
            123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn: 123456789012 cn-north-1
            123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu: 123456789012 eusc-de-east-1
            123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov: 123456789012 us-iso-east-1
            123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov: 123456789012 us-isob-east-1
            123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk: 123456789012 eu-isoe-west-1
            123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov: 123456789012 us-isof-south-1
        "#]],
    );
}

#[test]
fn fips_and_dual_stack_are_told_by_the_name() {
    check(
        &[
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
            "123456789012.dkr-ecr.us-west-2.on.aws",
            "123456789012.dkr-ecr-fips.us-west-2.on.aws",
            "123456789012.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn",
            "123456789012.DKR.ECR.US-EAST-1.AmazonAWS.com",
        ],
        &expect![[r#"
            123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com: 123456789012 us-gov-west-1 fips
            123456789012.dkr-ecr.us-west-2.on.aws: 123456789012 us-west-2 dual-stack
            123456789012.dkr-ecr-fips.us-west-2.on.aws: 123456789012 us-west-2 fips dual-stack
            123456789012.dkr-ecr.cn-northwest-1.on.amazonwebservices.com.cn: 123456789012 cn-northwest-1 dual-stack
            123456789012.DKR.ECR.US-EAST-1.AmazonAWS.com: 123456789012 us-east-1
        "#]],
    );
}

#[test]
fn public_images_need_no_credential() {
    check(
        &["public.ecr.aws", "ecr-public.aws.com"],
        &expect![[r#"
            public.ecr.aws: nobody's
            ecr-public.aws.com: nobody's
        "#]],
    );
}

#[test]
fn what_only_looks_like_ecr_is_nobodys() {
    check(
        &[
            "evil.amazonaws.com",
            "12345678901.dkr.ecr.us-east-1.amazonaws.com",
            "1234567890123.dkr.ecr.us-east-1.amazonaws.com",
            "12345678901a.dkr.ecr.us-east-1.amazonaws.com",
            "dkr.ecr.us-east-1.amazonaws.com",
            "123456789012.ecr.us-east-1.amazonaws.com",
            "123456789012.dkr.ecrx.us-east-1.amazonaws.com",
            "123456789012.dkr.ecr-fipsy.us-east-1.amazonaws.com",
            "123456789012.dkr_ecr.us-east-1.amazonaws.com",
            "123456789012.dkr.ecr.amazonaws.com",
            "123456789012.dkr.ecr.us-east-1.evil.amazonaws.com",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.com",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com.cn.evil.com",
            "123456789012.dkr.ecr.us-east-1.amazonaws.community",
            "123456789012.dkr.ecr.us-east-1.evilamazonaws.com",
            "123456789012.dkr.ecr.us-east-1.xon.aws",
            "evil.123456789012.dkr.ecr.us-east-1.amazonaws.com",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com.",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com:443",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com:5000",
            "123456789012.dkr.ecr.-us.amazonaws.com",
            "123456789012.dkr.ecr..amazonaws.com",
            "x@123456789012.dkr.ecr.us-east-1.amazonaws.com",
            "amazonaws.com",
        ],
        &expect![[r#"
            evil.amazonaws.com: nobody's
            12345678901.dkr.ecr.us-east-1.amazonaws.com: nobody's
            1234567890123.dkr.ecr.us-east-1.amazonaws.com: nobody's
            12345678901a.dkr.ecr.us-east-1.amazonaws.com: nobody's
            dkr.ecr.us-east-1.amazonaws.com: nobody's
            123456789012.ecr.us-east-1.amazonaws.com: nobody's
            123456789012.dkr.ecrx.us-east-1.amazonaws.com: nobody's
            123456789012.dkr.ecr-fipsy.us-east-1.amazonaws.com: nobody's
            123456789012.dkr_ecr.us-east-1.amazonaws.com: nobody's
            123456789012.dkr.ecr.amazonaws.com: nobody's
            123456789012.dkr.ecr.us-east-1.evil.amazonaws.com: nobody's
            123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.com: nobody's
            123456789012.dkr.ecr.us-east-1.amazonaws.com.cn.evil.com: nobody's
            123456789012.dkr.ecr.us-east-1.amazonaws.community: nobody's
            123456789012.dkr.ecr.us-east-1.evilamazonaws.com: nobody's
            123456789012.dkr.ecr.us-east-1.xon.aws: nobody's
            evil.123456789012.dkr.ecr.us-east-1.amazonaws.com: nobody's
            123456789012.dkr.ecr.us-east-1.amazonaws.com.: nobody's
            123456789012.dkr.ecr.us-east-1.amazonaws.com:443: nobody's
            123456789012.dkr.ecr.us-east-1.amazonaws.com:5000: nobody's
            123456789012.dkr.ecr.-us.amazonaws.com: nobody's
            123456789012.dkr.ecr..amazonaws.com: nobody's
            x@123456789012.dkr.ecr.us-east-1.amazonaws.com: nobody's
            amazonaws.com: nobody's
        "#]],
    );
}

#[test]
fn a_region_belongs_to_the_partition_of_its_zone() {
    check(
        &[
            "123456789012.dkr.ecr.us-east-1.amazonaws.com.cn",
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com",
            "123456789012.dkr.ecr.us-east-1.c2s.ic.gov",
            "123456789012.dkr.ecr.us-isob-east-1.c2s.ic.gov",
            "123456789012.dkr.ecr.us-isob-east-1.amazonaws.com",
            "123456789012.dkr-ecr.cn-north-1.on.aws",
        ],
        &expect![[r#"
            123456789012.dkr.ecr.us-east-1.amazonaws.com.cn: nobody's
            123456789012.dkr.ecr.cn-north-1.amazonaws.com: nobody's
            123456789012.dkr.ecr.us-east-1.c2s.ic.gov: nobody's
            123456789012.dkr.ecr.us-isob-east-1.c2s.ic.gov: nobody's
            123456789012.dkr.ecr.us-isob-east-1.amazonaws.com: nobody's
            123456789012.dkr-ecr.cn-north-1.on.aws: nobody's
        "#]],
    );
}
