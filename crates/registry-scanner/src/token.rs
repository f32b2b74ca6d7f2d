//! Bearer tokens: for whom, from where, for what; fetched once for all who wait, and renewed early.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;
use transport::Secret;
use url::Url;

use crate::credential::CredentialId;
use crate::json::Json;
use crate::jwt;

/// The largest answer of a token server.
pub(crate) const MAX_TOKEN_BYTES: usize = 64 * 1024;

/// How long a token lives whose server does not say (distribution's token specification).
const DEFAULT_LIFE: Duration = Duration::from_secs(60);

/// A token that claims to live longer is renewed nevertheless.
const LONGEST_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// The longest token; no server takes longer headers.
const LONGEST_TOKEN: usize = 16 * 1024;

/// Tokens that are kept at most, of 16 KiB each. A registry can name another service in each challenge, and have a token for each.
const MANY: usize = 1024;

/// What a token is good for. The same repository asked for by someone else, or at another server, is another token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct TokenKey {
    /// `None` for an anonymous token.
    pub(crate) identity: Option<IdentityKey>,
    pub(crate) realm: Url,
    pub(crate) service: Option<String>,
    pub(crate) scopes: BTreeSet<String>,
}

/// Wraps the id so that the key can be printed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct IdentityKey(pub(crate) CredentialId);

impl std::fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[identity]")
    }
}

/// A token with the moment from which it is no longer used.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    renew: Instant,
}

type Slot = Arc<AsyncMutex<Option<Token>>>;

/// The tokens of one registry host.
#[derive(Default)]
pub(crate) struct Tokens(Mutex<HashMap<TokenKey, Slot>>);

impl Tokens {
    /// A token that is still good, else what `fetch` brings; whoever asks meanwhile waits for that one answer.
    ///
    /// `rejected` is a token that the registry has just refused: it is not given out again.
    pub(crate) async fn get<E>(
        &self,
        key: &TokenKey,
        rejected: Option<&Secret>,
        fetch: impl Future<Output = Result<Token, E>>,
    ) -> Result<Secret, E> {
        let slot = self.slot(key);
        let mut kept = slot.lock().await;
        if let Some(token) = &*kept
            && token.renew > Instant::now()
            && Some(&token.secret) != rejected
        {
            return Ok(token.secret.clone());
        }
        *kept = None;
        let token = fetch.await?;
        let secret = token.secret.clone();
        *kept = Some(token);
        Ok(secret)
    }

    fn slot(&self, key: &TokenKey) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MANY && !slots.contains_key(key) {
            make_room(&mut slots);
        }
        slots.entry(key.clone()).or_default().clone()
    }
}

/// Throws out what has expired, else the token that will expire first. A slot that is locked is being filled.
fn make_room(slots: &mut HashMap<TokenKey, Slot>) {
    let now = Instant::now();
    let end = |slot: &Slot| {
        let kept = slot.try_lock().ok()?;
        Some(kept.as_ref().map_or(now, |token| token.renew))
    };
    slots.retain(|_, slot| end(slot).is_none_or(|end| end > now));
    if slots.len() < MANY {
        return;
    }
    let ends = slots.iter().filter_map(|(key, slot)| Some((end(slot)?, key)));
    if let Some(first) = ends.min_by_key(|(end, _)| *end).map(|(_, key)| key.clone()) {
        slots.remove(&first);
    }
}

/// The address to ask: the realm with its own query kept, and what we want after it.
pub(crate) fn query(key: &TokenKey, account: Option<&str>) -> Url {
    let mut url = key.realm.clone();
    {
        let mut pairs = url.query_pairs_mut();
        if let Some(service) = &key.service {
            pairs.append_pair("service", service);
        }
        for scope in &key.scopes {
            pairs.append_pair("scope", scope);
        }
        if let Some(account) = account {
            pairs.append_pair("account", account);
        }
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    url
}

/// Room for all of a form but the token in it, for a text that grows leaves what it held behind.
const FORM_BYTES: usize = 4096;

/// The form that exchanges an identity token (distribution's OAuth2 page).
pub(crate) fn refresh_form(key: &TokenKey, refresh_token: &Secret) -> Secret {
    let scopes: Vec<&str> = key.scopes.iter().map(String::as_str).collect();
    let mut form =
        url::form_urlencoded::Serializer::new(String::with_capacity(FORM_BYTES + 3 * refresh_token.expose().len()));
    form.append_pair("grant_type", "refresh_token");
    if let Some(service) = &key.service {
        form.append_pair("service", service);
    }
    form.append_pair("client_id", "tidemark");
    form.append_pair("scope", &scopes.join(" "));
    form.append_pair("refresh_token", refresh_token.expose());
    Secret::new(form.finish())
}

/// Reads the answer of a token server that arrived now. A refresh token in it is not kept.
pub(crate) fn read(body: &[u8]) -> Result<Token, &'static str> {
    let json = Json::parse(body).map_err(|_| "it is no JSON")?;
    let text = |key| json.get(key).and_then(Json::text).filter(|text| !text.is_empty());
    let token = text("token")
        .or_else(|| text("access_token"))
        .ok_or("there is neither a `token` nor an `access_token` in it")?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("its token holds characters that no header may have");
    }
    if token.len() > LONGEST_TOKEN {
        return Err("its token is longer than 16 KiB");
    }
    let life = match json.get("expires_in") {
        Some(Json::Number(Some(seconds))) => Duration::from_secs(*seconds),
        // Azure's registries say it in the token alone.
        _ => jwt::life(token).unwrap_or(DEFAULT_LIFE),
    };
    Ok(Token {
        secret: Secret::new(token),
        // Counted on our own clock from its arrival; a fifth is left for the way and for clocks that run apart.
        renew: Instant::now() + life.min(LONGEST_LIFE).mul_f64(0.8),
    })
}

#[cfg(test)]
mod tests;
