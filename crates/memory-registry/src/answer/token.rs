//! The token service.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

use super::Asked;
use super::admit::by_password;
use super::failure::Failure;
use crate::Authentication;
use crate::access::{Caller, Presented};
use crate::registry::State;

impl State {
    /// Gives a token for what the caller may do of what it asks for.
    pub(super) fn give_token(&mut self, asked: &Asked, presented: &Presented) -> Result<Response, Failure> {
        let Authentication::Bearer(service) = &self.authentication else {
            return Err(Failure::new(
                StatusCode::NOT_FOUND,
                "NOT_FOUND",
                "there is no token service",
            ));
        };
        let caller = by_password(&service.users, presented).ok_or_else(|| Failure::unauthorized(Vec::new()))?;
        let scopes = asked.query.iter().filter(|(key, _)| key == "scope");
        let scopes: Vec<&str> = scopes.flat_map(|(_, value)| value.split_whitespace()).collect();
        let granted = Caller {
            rights: caller.rights.within(&scopes),
            user: caller.user,
        };
        let lifetime = service.lifetime;
        let token = self.tokens.give(granted, service);
        let body = json!({"token": token, "access_token": token, "expires_in": lifetime.as_secs()});
        Ok(([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response())
    }
}
