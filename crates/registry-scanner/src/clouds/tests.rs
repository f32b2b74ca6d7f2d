use domain::reference::Registry;

use super::*;

/// Which cloud a host is of.
fn cloud(host: &str) -> &'static str {
    let registry = Registry::parse(host).expect(host);
    match (google::is_googles(&registry), azure::login_server(&registry)) {
        (false, None) => "none",
        (true, None) => "Google",
        (false, Some(login_server)) => login_server,
        (true, Some(_)) => "two",
    }
}

#[test]
fn the_registries_of_google_are_known_by_their_whole_names() {
    for host in [
        "gcr.io",
        "GCR.io",
        "eu.gcr.io",
        "us.gcr.io",
        "asia.gcr.io",
        "europe-docker.pkg.dev",
        "us-central1-docker.pkg.dev",
        "Europe-Docker.PKG.dev",
    ] {
        assert_eq!(cloud(host), "Google", "{host}");
    }
}

#[test]
fn the_registries_of_azure_are_known_by_one_label_and_their_zone() {
    for (host, login_server) in [
        ("acme.azurecr.io", "https://login.microsoftonline.com/"),
        ("Acme.AzureCR.io", "https://login.microsoftonline.com/"),
        ("acme-b1c2.azurecr.io", "https://login.microsoftonline.com/"),
        ("example.azurecr.cn", "https://login.chinacloudapi.cn/"),
        ("example.azurecr.us", "https://login.microsoftonline.us/"),
        ("example.azurecr.de", "https://login.microsoftonline.de/"),
    ] {
        assert_eq!(cloud(host), login_server, "{host}");
    }
}

#[test]
fn look_alikes_are_of_no_cloud() {
    for host in [
        "evilgcr.io",
        "gcr.io.evil.com",
        "gcr.io:443",
        "eu.gcr.io:5000",
        "a.eu.gcr.io",
        "pkg.dev",
        "evil-pkg.dev",
        "a.europe-docker.pkg.dev",
        "docker.pkg.dev.example.com",
        "docker.pkg.dev:8443",
        "pkg.developer.com",
        "k8s.gcr.io.example.com",
        "azurecr.io",
        "notazurecr.io",
        "example.azurecr.io.not",
        "acme.westeurope.data.azurecr.io",
        "a.acme.azurecr.io",
        "acme.azurecr.io:443",
        "acme.azurecr.com",
        "mcr.microsoft.com",
        "docker.io",
        "localhost",
        "[::1]:5000",
        "169.254.169.254",
    ] {
        assert_eq!(cloud(host), "none", "{host}");
    }
}

#[test]
fn a_cloud_of_which_nothing_new_is_said_stays_as_it_was() {
    let old = ScannerConfig::default();
    let clouds = Arc::new(Clouds::new(&old));
    let kept = |config: &ScannerConfig| {
        let next = clouds.reconfigured(&old, config);
        (
            Arc::ptr_eq(&clouds.google, &next.google),
            Arc::ptr_eq(&clouds.azure, &next.azure),
        )
    };
    let mut new = old.clone();
    assert_eq!(kept(&new), (true, true));
    new.clouds.google.enabled = Enabled::Never;
    assert_eq!(kept(&new), (false, true));
    new.clouds.azure.client_id = Some("client".to_owned());
    assert_eq!(kept(&new), (false, false));
}
