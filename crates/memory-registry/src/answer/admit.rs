//! Lets callers in, or challenges them.

use http::StatusCode;

use super::Asked;
use super::failure::Failure;
use crate::access::{Caller, Presented};
use crate::registry::State;
use crate::route::Need;
use crate::{Action, Authentication, Challenges, Rights, TokenService, Users};

impl State {
    /// Lets the request do what `need` says; `user` becomes who it comes from, also when it is refused.
    pub(super) fn admit(
        &mut self,
        asked: &Asked,
        need: &Need,
        presented: &Presented,
        user: &mut Option<String>,
    ) -> Result<(), Failure> {
        if let (Presented::Basic { name, .. }, Authentication::Open) = (presented, &self.authentication) {
            *user = Some(name.clone());
        }
        if *need == Need::Nothing {
            *user = self.asks_for_token(presented);
            return Ok(());
        }
        let given_to = match presented {
            Presented::Bearer(token) => self.tokens.caller(token),
            _ => None,
        };
        let mut admitted = |caller: &Caller| user.clone_from(&caller.user);
        match &self.authentication {
            Authentication::Open => Ok(()),
            Authentication::Basic(users) => {
                let caller = by_password(users, presented).ok_or_else(basic)?;
                admitted(&caller);
                permit_basic(&caller, need)
            }
            Authentication::Bearer(service) => {
                let challenge = |error| Failure::unauthorized(self.bearer(service, asked, need, error));
                let caller = given_to
                    .or_else(|| self.instead_of_token(service, presented))
                    .ok_or_else(|| match presented {
                        Presented::Bearer(_) => challenge(Some("invalid_token")),
                        _ => challenge(None),
                    })?;
                admitted(&caller);
                if permitted(&caller.rights, need) {
                    Ok(())
                } else {
                    Err(challenge(Some("insufficient_scope")))
                }
            }
        }
    }

    /// Who comes to the token service.
    fn asks_for_token(&self, presented: &Presented) -> Option<String> {
        match &self.authentication {
            Authentication::Bearer(service) => by_password(&service.users, presented)?.user,
            _ => None,
        }
    }

    /// The caller by user and password where these do as well.
    fn instead_of_token(&self, service: &TokenService, presented: &Presented) -> Option<Caller> {
        match presented {
            Presented::Basic { name, password } if self.manners.challenges == Challenges::BearerAndBasic => {
                service.users.identify(name, password)
            }
            _ => None,
        }
    }

    /// The challenges that name where to get a token for `need`.
    fn bearer(&self, service: &TokenService, asked: &Asked, need: &Need, error: Option<&str>) -> Vec<String> {
        let realm = service
            .realm
            .clone()
            .unwrap_or_else(|| format!("{}/token", asked.origin()));
        let mut challenge = format!(r#"Bearer realm="{realm}",service="{}""#, service.service);
        if self.manners.challenges == Challenges::BearerAndBasic {
            return vec![
                format!(r#"{challenge},scope="*""#),
                format!(r#"Basic realm="{}""#, service.service),
            ];
        }
        if let Some(scope) = scope(need) {
            challenge += &format!(r#",scope="{scope}""#);
        }
        if let Some(error) = error {
            challenge += &format!(r#",error="{error}""#);
        }
        vec![challenge]
    }
}

/// The caller by user and password, or nobody in particular; `None` if these are wrong.
pub(super) fn by_password(users: &Users, presented: &Presented) -> Option<Caller> {
    match presented {
        Presented::None => Some(users.anonymous()),
        Presented::Basic { name, password } => users.identify(name, password),
        Presented::Bearer(_) | Presented::Other => None,
    }
}

fn permit_basic(caller: &Caller, need: &Need) -> Result<(), Failure> {
    match (&caller.user, permitted(&caller.rights, need)) {
        (None, _) if *need == Need::Identity => Err(basic()),
        (_, true) => Ok(()),
        (None, false) => Err(basic()),
        (Some(_), false) => Err(Failure::new(
            StatusCode::FORBIDDEN,
            "DENIED",
            "access to the resource is denied",
        )),
    }
}

fn permitted(rights: &Rights, need: &Need) -> bool {
    match need {
        Need::Nothing | Need::Identity => true,
        Need::Catalog => rights.allow_catalog(),
        Need::Repository { name, action } => rights.allow(name, *action),
    }
}

fn basic() -> Failure {
    Failure::unauthorized(vec![r#"Basic realm="registry.test""#.to_owned()])
}

/// The scope that `need` is called in challenges; writing asks for reading as well.
fn scope(need: &Need) -> Option<String> {
    match need {
        Need::Nothing | Need::Identity => None,
        Need::Catalog => Some("registry:catalog:*".to_owned()),
        Need::Repository {
            name,
            action: Action::Push,
        } => Some(format!("repository:{name}:pull,push")),
        Need::Repository { name, action } => Some(format!("repository:{name}:{}", action.name())),
    }
}
