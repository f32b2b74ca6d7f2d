//! The metadata server that every machine and every GKE pod of Google's cloud has beside it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use http::StatusCode;
use url::Url;

use super::Token;
use crate::clouds::ask::{Question, Said};
use crate::clouds::keep::Trouble;
use crate::clouds::presence::{Presence, QUICKLY};
use crate::clouds::wires::Wires;

/// Plain HTTP: the name leads to 169.254.169.254, which does not leave the machine that hosts ours.
const ADDRESS: &str = "http://metadata.google.internal/";

/// Where the name leads to: the second on machines that have IPv6 alone.
pub(super) const BESIDE: &[IpAddr] = &[
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

const TOKEN: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

/// Without this header every answer is 403: a browser that was led there cannot send it. The answers carry it too.
const FLAVOR: (&str, &str) = ("metadata-flavor", "Google");

/// How long a token may take, further attempts included.
const PATIENCE: Duration = Duration::from_secs(5);

const WHO: &str = "Google's metadata server";

#[derive(Debug)]
pub(super) struct Metadata {
    address: Url,
    presence: Presence,
}

impl Metadata {
    pub(super) fn new() -> Self {
        Self::at(Url::parse(ADDRESS).expect("the constant is a URL"))
    }

    pub(super) fn at(address: Url) -> Self {
        Self {
            address,
            presence: Presence::default(),
        }
    }

    /// Whether the server is there; remembered.
    pub(super) async fn is_there(&self, wires: &Wires) -> bool {
        let question = Question::get(WHO, self.address.clone(), QUICKLY).header(FLAVOR.0, FLAVOR.1);
        let knows = |said: &Said| said.headers.get(FLAVOR.0).is_some_and(|value| value == FLAVOR.1);
        self.presence.is_there(wires, question, knows).await
    }

    /// Whether the server said that this machine has no service account.
    pub(super) fn has_no_account(&self) -> bool {
        self.presence.is_absent()
    }

    /// A token of the machine's service account.
    pub(super) async fn token(&self, wires: &Wires) -> Result<Token, Trouble> {
        let trouble = |reason| {
            Trouble {
            reason,
            next_step: "give the machine or the pod a service account that may read the registry, set `registries.google.keyFile`, \
                        or write `enabled: false` into `registries.google`"
                .to_owned(),
        }
        };
        let http = wires
            .near()
            .map_err(|error| trouble(transport::chain(&error).to_string()))?;
        let mut url = self.address.clone();
        url.set_path(TOKEN);
        let question = Question::get(WHO, url, PATIENCE).header(FLAVOR.0, FLAVOR.1);
        let said = question.patiently(&http).await.map_err(trouble)?;
        if said.status == StatusCode::NOT_FOUND {
            self.presence.has_nothing();
        }
        said.token(WHO, "access_token").map_err(trouble)
    }
}
