//! Which addresses count as public.

use super::*;

fn check(addresses: &[&str], expected: bool) {
    for text in addresses {
        let address: IpAddr = text.parse().unwrap();
        assert_eq!(is_public(address), expected, "{text}");
    }
}

#[test]
fn the_internet_is_public() {
    check(
        &[
            "1.1.1.1",
            "93.184.216.34",
            "198.20.0.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ],
        true,
    );
}

#[test]
fn the_machine_its_neighbours_and_the_metadata_service_are_not() {
    check(
        &[
            "0.0.0.0",
            "127.0.0.1",
            "127.8.9.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::a9fe:a9fe",
            "2001::1",
        ],
        false,
    );
}

#[test]
fn what_is_near_is_this_machine_and_what_is_named() {
    const METADATA: &[IpAddr] = &[IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254))];
    let rule = AddressRule::Near(METADATA);
    for (address, allowed) in [
        ("169.254.169.254", true),
        ("127.0.0.1", true),
        ("127.8.9.1", true),
        ("::1", true),
        ("169.254.169.253", false),
        ("169.254.170.2", false),
        ("::ffff:169.254.169.254", false),
        ("0.0.0.0", false),
        ("10.1.2.3", false),
        ("8.8.8.8", false),
        ("fd00:ec2::254", false),
    ] {
        let address: IpAddr = address.parse().unwrap();
        assert_eq!(rule.allows(address), allowed, "{address}");
    }
}
