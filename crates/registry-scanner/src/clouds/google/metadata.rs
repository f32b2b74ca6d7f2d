//! The metadata server that every machine and every GKE pod of Google's cloud has beside it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::StatusCode;

use super::Token;
use crate::clouds::ask::{Question, Said};
use crate::clouds::keep::Trouble;
use crate::clouds::metadata::{MetadataServer, PATIENCE, QUICKLY};
use crate::clouds::wires::Wires;

/// Plain HTTP: the name leads to 169.254.169.254, which does not leave the machine that hosts ours.
pub(super) const ADDRESS: &str = "http://metadata.google.internal/";

/// Where the name leads to: the second on machines that have IPv6 alone.
pub(super) const BESIDE: &[IpAddr] = &[
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

const TOKEN: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

/// Without this header every answer is 403: a browser that was led there cannot send it. The answers carry it too.
const FLAVOR: (&str, &str) = ("metadata-flavor", "Google");

const WHO: &str = "Google's metadata server";

#[derive(Debug)]
pub(super) struct Metadata(MetadataServer);

impl Metadata {
    pub(super) fn at(address: &str) -> Self {
        Self(MetadataServer::at(address))
    }

    /// Whether the server is there; remembered.
    pub(super) async fn is_there(&self, wires: &Wires) -> bool {
        let question = Question::get(WHO, self.0.url("/"), QUICKLY).header(FLAVOR.0, FLAVOR.1);
        let knows = |said: &Said| said.headers.get(FLAVOR.0).is_some_and(|value| value == FLAVOR.1);
        self.0.is_there(wires, question, knows).await
    }

    /// Whether the server said that this machine has no service account.
    pub(super) fn has_no_account(&self) -> bool {
        self.0.is_absent()
    }

    /// A token of the machine's service account.
    pub(super) async fn token(&self, wires: &Wires) -> Result<Token, Trouble> {
        let question = Question::get(WHO, self.0.url(TOKEN), PATIENCE).header(FLAVOR.0, FLAVOR.1);
        let has_none = |said: &Said| said.status == StatusCode::NOT_FOUND;
        let token = self.0.token(wires, question, has_none).await;
        token.map_err(|reason| Trouble {
            reason,
            next_step: "give the machine or the pod a service account that may read the registry, set `registries.google.keyFile`, \
                        or write `enabled: false` into `registries.google`"
                .to_owned(),
        })
    }
}
