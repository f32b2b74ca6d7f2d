//! The agent that gives a pod of EKS, or a task of ECS, the keys of its role. Made after its documentation.

use std::ops::Deref;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use crate::clouds::StandIn;
use crate::{Answer, Ca};

/// The keys of a role for a while.
#[derive(Debug, Clone)]
pub struct AwsKeys {
    /// Not secret: it stands in every signature.
    pub id: String,
    /// What is signed with.
    pub secret: String,
    /// What is sent with every request.
    pub session: String,
    /// From the moment on that they are given.
    pub life: Duration,
}

/// What is given, and to whom.
#[derive(Debug, Clone)]
pub struct Given {
    keys: AwsKeys,
    shown: Option<String>,
}

/// The agent of a pod of EKS at 169.254.170.23, or of a task of ECS at 169.254.170.2.
#[derive(Debug)]
pub struct AwsAgent(StandIn<Given>);

impl AwsAgent {
    /// Gives nothing yet at `path`, on a port of an address (0 is a free one), over TLS if a `ca` is given.
    ///
    /// # Errors
    ///
    /// The port cannot be had.
    pub fn start(at: (&str, u16), path: &'static str, ca: Option<&Ca>) -> anyhow::Result<Self> {
        let server = StandIn::start(at, ca, move |seen, given: Option<Given>| match given {
            Some(given) if seen.path == path => given.answer(seen.header("authorization")),
            _ => Answer::status(404),
        })?;
        Ok(Self(server))
    }

    /// Gives these keys to whoever shows this token, and no other; to whoever shows none without one.
    pub fn gives(&self, keys: &AwsKeys, shown: Option<&str>) {
        self.give(Given {
            keys: keys.clone(),
            shown: shown.map(str::to_owned),
        });
    }
}

impl Deref for AwsAgent {
    type Target = StandIn<Given>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Given {
    fn answer(&self, shown: Option<&str>) -> Answer {
        if shown != self.shown.as_deref() {
            return Answer::status(400).body("Service account token cannot be parsed");
        }
        let keys = &self.keys;
        let end = Timestamp::now() + keys.life;
        let body = json!({
            "AccessKeyId": keys.id, "SecretAccessKey": keys.secret, "Token": keys.session,
            "AccountId": super::Aws::ACCOUNT, "Expiration": end.to_string(),
        });
        Answer::json(body.to_string())
    }
}
