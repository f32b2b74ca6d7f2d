use std::path::Path;

use memory_registry::{Authentication, Format, Image, Manners, RequestKind, Rights, Users};

use super::*;
use crate::folder::Folder;
use crate::process::{command, installed, run};
use crate::{RealRegistry, RegistrySettings, ask};

#[test]
fn it_is_served_over_http_and_tls() {
    let ca = Ca::new().unwrap();
    for (server, ca) in [
        (MemoryRegistry::start().unwrap(), None),
        (MemoryRegistry::start_tls(&ca).unwrap(), Some(&ca)),
    ] {
        server.registry.push_tag("acme/api", "1.0");
        server
            .registry
            .set_authentication(Authentication::bearer(Users::new().with_anonymous(Rights::all())));
        let answer = ask::get(server.host().parse().unwrap(), ca, "/v2/acme/api/tags/list", &[]).unwrap();
        assert_eq!(ask::status(&answer), 401);
        assert!(
            answer.contains(&format!("realm=\"{}/token\"", server.url())),
            "{answer}"
        );
        assert_eq!(server.registry.requests().count(RequestKind::TagList), 1);
        assert_eq!(server.connections(), 1);
    }
}

/// Runs skopeo as `ci`; says what it wrote.
fn skopeo(home: &Path, arguments: &[&str]) -> String {
    let output = run(command(&installed("skopeo").unwrap(), home).args(arguments)).unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_real_client_copies_images_into_it_and_lists_and_deletes_them() {
    let (ca, folder) = (Ca::new().unwrap(), Folder::new().unwrap());
    ca.write_certificate(&folder.join("ca.crt")).unwrap();
    let real = RealRegistry::distribution(&RegistrySettings::new()).unwrap();
    let server = MemoryRegistry::start_tls(&ca).unwrap();
    server
        .registry
        .set_authentication(Authentication::bearer(Users::new().with("ci", "pw", Rights::all())));
    let to = format!("--dest-cert-dir={}", folder.path().display());
    let at = format!("--cert-dir={}", folder.path().display());
    for image in [
        Image::new().platforms(["linux/amd64", "linux/arm64/v8"]),
        Image::new().format(Format::Docker),
    ] {
        let digest = real.push("acme/api", "1.0", &image).unwrap();
        let from = format!("docker://{}/acme/api:1.0", real.host());
        let copy = format!("docker://{}/acme/api:1.0", server.host());
        let options = [
            "copy",
            "--quiet",
            "--all",
            "--src-tls-verify=false",
            &to,
            "--dest-creds=ci:pw",
        ];
        skopeo(folder.path(), &[&options[..], &[&from, &copy]].concat());
        assert_eq!(server.registry.manifest("acme/api", "1.0").unwrap().digest, digest);
        skopeo(folder.path(), &["inspect", &at, "--creds=ci:pw", &copy]);
    }
    server.registry.set_manners(Manners::gitea());
    let repository = format!("docker://{}/acme/api", server.host());
    let list = skopeo(folder.path(), &["list-tags", &at, "--creds=ci:pw", &repository]);
    assert_eq!(list.matches("\"1.0\"").count(), 1, "{list}");
    skopeo(
        folder.path(),
        &["delete", &at, "--creds=ci:pw", &format!("{repository}:1.0")],
    );
    assert!(server.registry.tags("acme/api").is_empty());
}
