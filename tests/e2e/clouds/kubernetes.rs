//! The Kubernetes project's registry, which keeps its lists and manifests in Artifact Registry.
//!
//! Its server cannot be had here: two scripted ones stand for it and for a mirror, after `cmd/archeio/docs/request-handling.md` and
//! `handlers.go` of kubernetes/registry.k8s.io. The mirror's address is a public one, for nothing else is reached by a redirect.

use testkit::{Answer, Ca, ScriptedRegistry};

use super::namespace::within;
use super::{ca_file, tags};
use crate::world::World;

const REGISTRY: &str = "registry.k8s.io";
const MIRROR: &str = "europe-west4-docker.pkg.dev";
/// A name as that of a mirror, at a private address.
const INSIDE: &str = "asia-docker.pkg.dev";
const PUBLIC: &str = "34.64.64.64";
const NAMES: [&str; 3] = [
    "127.0.0.1 registry.k8s.io",
    "34.64.64.64 europe-west4-docker.pkg.dev",
    "10.20.30.40 asia-docker.pkg.dev",
];
const PASSWORD: &str = "c4n4ry-of-registry-k8s-io";

/// The registry, a mirror, and a Tidemark with a credential for the registry.
struct Kubernetes {
    front: ScriptedRegistry,
    mirror: ScriptedRegistry,
    world: World,
}

impl Kubernetes {
    fn start() -> Self {
        let ca = Ca::new().unwrap().naming(REGISTRY).naming(MIRROR).naming(INSIDE);
        let mut world = World::new();
        world.secret(PASSWORD);
        let (ca_file, password) = (
            ca_file(&world, &ca).display().to_string(),
            world.file("password", PASSWORD),
        );
        let world = world.env("SSL_CERT_FILE", &ca_file).registry(&format!(
            "host: \"{REGISTRY}\", caFile: \"{ca_file}\", credentials: {{username: ci, passwordFile: \"{}\"}}",
            password.display()
        ));
        Self {
            front: ScriptedRegistry::start_tls_at("127.0.0.1", &ca).unwrap(),
            mirror: ScriptedRegistry::start_tls_at(PUBLIC, &ca).unwrap(),
            world,
        }
    }

    /// The registry leads to `host` for what it is asked at `/v2/REST`, without the query of the request; at first it wants to know who asks.
    fn leads(&self, method: &str, rest: &str, host: &str) {
        let target = format!("https://{host}/v2/k8s-artifacts-prod/images/{rest}?rid=0123456789abcdef0123456789abcdef");
        let route = format!("{method} /v2/{rest}");
        self.front.then(&route, Answer::challenge("Basic realm=x"));
        self.front.always(&route, Answer::redirect(307, &target));
    }

    /// What `tidemark tags` says where the mirror gives `answer`.
    fn tags(&self, answer: Answer) -> Result<String, String> {
        self.leads("GET", "kube-proxy/tags/list", MIRROR);
        self.mirror
            .always("GET /v2/k8s-artifacts-prod/images/kube-proxy/tags/list", answer);
        tags(&self.world, &format!("{REGISTRY}/kube-proxy"))
    }

    /// The mirror was asked so often and shown no credential.
    #[track_caller]
    fn assert_mirror_was_asked(&self, times: usize) {
        let seen = self.mirror.seen();
        assert_eq!(seen.len(), times, "{seen:#?}");
        for seen in seen {
            assert_eq!(seen.host, MIRROR);
            assert!(!seen.headers.contains_key("authorization"), "{seen:#?}");
        }
        let shown = self.front.seen();
        let shown = shown.iter().filter(|seen| seen.headers.contains_key("authorization"));
        assert!(shown.count() > 0, "the registry itself was shown who asks");
        self.mirror.forget();
        self.front.forget();
    }
}

#[test]
fn lists_and_manifests_of_kubernetes_are_read_where_its_registry_has_them() {
    within(
        lists_and_manifests_of_kubernetes_are_read_where_its_registry_has_them,
        &NAMES,
        || {
            let kubernetes = Kubernetes::start();
            let listed = kubernetes.tags(Answer::tags(
                "k8s-artifacts-prod/images/kube-proxy",
                &["v1.33.0", "v1.34.0"],
            ));
            assert_eq!(listed.unwrap(), "v1.33.0\nv1.34.0\n");
            kubernetes.assert_mirror_was_asked(1);
            let digest = format!("sha256:{}", "a".repeat(64));
            let manifest = "kube-proxy/manifests/v1.34.0";
            kubernetes.leads("HEAD", manifest, MIRROR);
            kubernetes.mirror.always(
                &format!("HEAD /v2/k8s-artifacts-prod/images/{manifest}"),
                Answer::status(200).header("docker-content-digest", &digest),
            );
            let config = kubernetes.world.write_config().display().to_string();
            let image = format!("{REGISTRY}/kube-proxy:v1.34.0");
            let ran = kubernetes.world.run(&["digest", &image, "--config", &config]);
            assert!(ran.code == 0 && ran.stdout.contains(&digest), "{ran:?}");
            kubernetes.assert_mirror_was_asked(1);
        },
    );
}

#[test]
fn what_a_mirror_of_kubernetes_says_leads_nowhere() {
    within(what_a_mirror_of_kubernetes_says_leads_nowhere, &NAMES, || {
        let kubernetes = Kubernetes::start();
        // It would be asked for the next page with the registry's credential, or for another repository.
        for next in [
            "/v2/kube-proxy/tags/list",
            "/v2/k8s-artifacts-prod/images/kube-proxy/tags/list",
        ] {
            let answer = Answer::tags("kube-proxy", &["v1.33.0"]).next(&format!("{next}?last=v1.33.0"));
            let error = kubernetes.tags(answer).unwrap_err();
            assert!(
                error.contains("the list is incomplete") && error.contains("leads away"),
                "{error}"
            );
            kubernetes.assert_mirror_was_asked(1);
        }
        // Nor does it learn who asks, or send anybody further.
        let error = kubernetes.tags(Answer::challenge("Basic realm=x")).unwrap_err();
        assert!(
            error.contains("the server that the registry sends for it answered 401"),
            "{error}"
        );
        kubernetes.assert_mirror_was_asked(1);
        let further = format!("https://{MIRROR}/v2/k8s-artifacts-prod/images/kube-proxy/tags/more");
        let error = kubernetes.tags(Answer::redirect(307, &further)).unwrap_err();
        assert!(error.contains("which is not followed"), "{error}");
        kubernetes.assert_mirror_was_asked(1);
        // A name that leads into the own network is none of a mirror.
        kubernetes.leads("GET", "etcd/tags/list", INSIDE);
        let error = tags(&kubernetes.world, &format!("{REGISTRY}/etcd")).unwrap_err();
        assert!(error.contains("no public address"), "{error}");
    });
}
