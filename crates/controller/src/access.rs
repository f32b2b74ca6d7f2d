//! Who may ask the API: what `http.auth` says just now.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use status_api::{Access, Guard, Token};
use tokio::sync::watch;
use tracing::{info, warn};
use transport::chain;

use crate::config::{Config, HttpAuth};

#[cfg(test)]
mod tests;

/// A guard for the configuration in force, whatever it is. The token is read with each request, so that a new one counts at once.
pub(crate) fn guard(config: watch::Receiver<Arc<Config>>) -> Guard {
    let told = Told::default();
    let access = move || {
        // A copy, for whoever changes the configuration waits while it is looked at.
        let auth = config.borrow().http.auth.clone();
        match auth {
            HttpAuth::None => Access::ReadsOnly,
            HttpAuth::Token { file } => told.token(&file),
        }
    };
    // Whoever starts the daemon is told of a missing file then, not by those who ask in vain.
    access();
    Guard::new(access)
}

/// What the log says about the token, so that it does not say so with each request.
#[derive(Debug, Default)]
struct Told(Mutex<Option<String>>);

impl Told {
    fn token(&self, file: &Path) -> Access {
        match Token::read(file) {
            Ok(token) => {
                self.tell(None);
                Access::Token(token)
            }
            Err(error) => {
                self.tell(Some(chain(&error).to_string()));
                Access::Closed
            }
        }
    }

    fn tell(&self, trouble: Option<String>) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *told == trouble {
            return;
        }
        match &trouble {
            Some(trouble) => warn!("Nobody is let in to the API: {trouble} (`http.auth.tokenFile`)"),
            None => info!("The token of the API can be read again"),
        }
        *told = trouble;
    }
}
