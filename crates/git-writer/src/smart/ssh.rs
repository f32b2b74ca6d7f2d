//! Smart protocol over SSH: one connection and one command for a fetch or a push.

use std::{
    borrow::Cow,
    io::{self, Read, Write},
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use git2::transport::Service;
use russh::{
    Channel, ChannelMsg, Disconnect, Preferred,
    client::{self, AuthResult},
    keys::{
        PrivateKey, PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate, decode_secret_key,
        ssh_key::{Algorithm, EcdsaCurve},
    },
};

use super::session::Session;
use crate::{
    Auth, Failure,
    fault::{Fault, LONGEST_WORDS},
    known_hosts::{KnownHosts, Refusal, listed_name},
    url::SshLocation,
};

/// Most bytes of a server's error output that are kept.
const MOST_STDERR: usize = 4096;

/// Kinds of host keys that this build can check. RSA is left out: its crate has an open advisory (RUSTSEC-2023-0071).
const CHECKABLE: [Algorithm; 4] = [
    Algorithm::Ed25519,
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP256,
    },
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP384,
    },
    Algorithm::Ecdsa {
        curve: EcdsaCurve::NistP521,
    },
];

/// The way to a repository over SSH.
#[derive(Clone)]
pub(crate) struct SshRoute {
    location: SshLocation,
    key: Arc<PrivateKey>,
    known_hosts: Arc<KnownHosts>,
}

impl SshRoute {
    pub(crate) fn new(location: &SshLocation, auth: &Auth) -> Result<Self, Fault> {
        let local = |words: String| Fault::new(Failure::Local, words);
        let Auth::SshKey {
            private_key_pem,
            known_hosts,
        } = auth
        else {
            return Err(local(
                "an `ssh://` repository needs `auth.sshKeyFile` and `auth.knownHostsFile`".to_owned(),
            ));
        };
        // What the decoder says may quote the key, so it is not passed on.
        let key = decode_secret_key(private_key_pem.expose(), None).map_err(|_| {
            local("`auth.sshKeyFile` is no private key that can be used; it must be OpenSSH or PKCS#8 PEM, Ed25519 or ECDSA, without a passphrase".to_owned())
        })?;
        if matches!(key.algorithm(), Algorithm::Rsa { .. } | Algorithm::Dsa) {
            return Err(local(
                "RSA keys are not supported; make an Ed25519 key with `ssh-keygen -t ed25519`".to_owned(),
            ));
        }
        let known_hosts = KnownHosts::parse(known_hosts).map_err(|error| local(error.to_string()))?;
        Ok(Self {
            location: location.clone(),
            key: Arc::new(key),
            known_hosts: Arc::new(known_hosts),
        })
    }

    /// The kinds of host keys to ask for: those that `known_hosts` has, of the kinds that can be checked.
    fn host_key_algorithms(&self) -> Vec<Algorithm> {
        let mut usable = self.known_hosts.algorithms(&self.location.host, self.location.port);
        usable.retain(|algorithm| CHECKABLE.contains(algorithm));
        // With none the host is refused all the same, but then with the line to add.
        if usable.is_empty() { CHECKABLE.to_vec() } else { usable }
    }

    fn refused(&self, refusal: &Refusal, shown: &PublicKey) -> Fault {
        let name = listed_name(&self.location.host, self.location.port);
        let line = shown.to_openssh().unwrap_or_default();
        let next = format!("if its operator says that this is its key, add to `auth.knownHostsFile`: {name} {line}");
        let words = match refusal {
            Refusal::Unknown => format!("known_hosts has no key for `{name}`; {next}"),
            Refusal::Changed { line } => {
                format!(
                    "the host key of `{name}` is not the one in line {line} of known_hosts: someone may be in between, or the host has a new key; {next}"
                )
            }
            Refusal::OtherKind => {
                format!("known_hosts has no key for `{name}` of a kind that can be checked (Ed25519, ECDSA); {next}")
            }
            Refusal::Revoked { line } => format!("the host key of `{name}` is revoked by line {line} of known_hosts"),
            Refusal::CertAuthority { line } => {
                format!("line {line} of known_hosts has a @cert-authority for `{name}`, which is not supported; {next}")
            }
        };
        Fault::new(Failure::Untrusted, words)
    }
}

/// Decides whether the server is the right one, before anything of ours is sent.
struct HostKeyCheck {
    route: SshRoute,
    refusal: Arc<Mutex<Option<Fault>>>,
}

impl client::Handler for HostKeyCheck {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        let key = shown.public_key();
        let SshLocation { host, port, .. } = &self.route.location;
        let checked = match shown.certificate() {
            Some(_) => Err(Refusal::OtherKind),
            None => self.route.known_hosts.check(host, *port, &key),
        };
        if let Err(refusal) = &checked {
            let fault = self.route.refused(refusal, &key);
            *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
        }
        Ok(checked.is_ok())
    }
}

/// A command at the server, its input and output.
pub(crate) struct SshStream {
    session: Arc<Session>,
    service: Service,
    connection: client::Handle<HostKeyCheck>,
    channel: Channel<client::Msg>,
    chunk: Bytes,
    has_answered: bool,
    is_over: bool,
    stderr: Vec<u8>,
}

impl SshStream {
    /// Connects, checks the host, proves who we are, and starts `git-upload-pack` or `git-receive-pack`.
    pub(crate) fn connect(route: &SshRoute, session: Arc<Session>, service: Service) -> Result<Self, Fault> {
        let limits = session.limits.clone();
        let mut connection = session.wait(limits.connect_timeout, open(route))??;
        session.wait(limits.connect_timeout, authenticate(&mut connection, route))??;
        let command = format!("{} {}", program(service), quoted(&route.location.path));
        let channel = session.wait(limits.connect_timeout, async {
            let channel = connection.channel_open_session().await?;
            channel.exec(true, command).await?;
            Ok(channel)
        })?;
        let channel = channel.map_err(|error: russh::Error| {
            Fault::caused_by(Failure::Protocol, "the server does not run git for us", &error)
        })?;
        Ok(Self {
            session,
            service,
            connection,
            channel,
            chunk: Bytes::new(),
            has_answered: false,
            is_over: false,
            stderr: Vec::new(),
        })
    }

    /// The next bytes of the answer; none at its end.
    fn next(&mut self) -> Result<Bytes, Fault> {
        while !self.is_over {
            let message = self
                .session
                .wait(self.session.limits.silence_timeout, self.channel.wait())?;
            match message {
                Some(ChannelMsg::Data { data }) if !data.is_empty() => {
                    self.session.count(data.len())?;
                    self.has_answered = true;
                    return Ok(data);
                }
                Some(ChannelMsg::ExtendedData { data, .. }) => {
                    let room = MOST_STDERR.saturating_sub(self.stderr.len());
                    self.stderr.extend_from_slice(&data[..data.len().min(room)]);
                }
                Some(ChannelMsg::Failure) => return Err(self.ended("the server refused to run git")),
                // After `Eof` there may still be words on the error output, and the exit status.
                Some(ChannelMsg::Close) | None => self.is_over = true,
                Some(_) => {}
            }
        }
        if self.has_answered && self.stderr.is_empty() {
            return Ok(Bytes::new());
        }
        Err(self.ended("the server broke off"))
    }

    fn ended(&self, what: &str) -> Fault {
        let said = self.session.redactor.safe_text(&self.stderr, LONGEST_WORDS);
        let lower = said.to_ascii_lowercase();
        let failure = if lower.contains("not found")
            || lower.contains("does not exist")
            || lower.contains("does not appear to be")
        {
            Failure::NoRepository
        } else if lower.contains("denied") || lower.contains("not allowed") || lower.contains("forbidden") {
            Failure::Unauthorized
        } else {
            Failure::Unreachable
        };
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(": {said}")
        };
        Fault::new(failure, format!("{what}{said}"))
    }
}

/// The connection up to the host key check, which it includes.
async fn open(route: &SshRoute) -> Result<client::Handle<HostKeyCheck>, Fault> {
    let config = client::Config {
        preferred: Preferred {
            key: Cow::Owned(route.host_key_algorithms()),
            ..Preferred::default()
        },
        nodelay: true,
        ..client::Config::default()
    };
    let refusal = Arc::new(Mutex::new(None));
    let handler = HostKeyCheck {
        route: route.clone(),
        refusal: Arc::clone(&refusal),
    };
    let address = (route.location.host.as_str(), route.location.port);
    let connected = client::connect(Arc::new(config), address, handler).await;
    connected.map_err(|error| {
        let refusal = refusal.lock().unwrap_or_else(PoisonError::into_inner).take();
        refusal.unwrap_or_else(|| match &error {
            russh::Error::NoCommonAlgo { .. } => {
                let listed: Vec<String> = route.host_key_algorithms().iter().map(ToString::to_string).collect();
                let words = format!(
                    "the server offers no algorithm that can be used; known_hosts asks for a host key of {}",
                    listed.join(", ")
                );
                Fault::caused_by(Failure::Untrusted, words, &error)
            }
            error => Fault::caused_by(Failure::Unreachable, "the server could not be reached", error),
        })
    })
}

async fn authenticate(connection: &mut client::Handle<HostKeyCheck>, route: &SshRoute) -> Result<(), Fault> {
    let key = PrivateKeyWithHashAlg::new(Arc::clone(&route.key), None);
    match connection.authenticate_publickey(&route.location.user, key).await {
        Ok(AuthResult::Success) => Ok(()),
        Ok(AuthResult::Failure { .. }) => {
            let words = format!(
                "the server refused user `{}` with this key ({}); check `auth.sshKeyFile`, and that its public half is registered there",
                route.location.user,
                route.key.public_key().fingerprint(russh::keys::HashAlg::Sha256)
            );
            Err(Fault::new(Failure::Unauthorized, words))
        }
        Err(error) => Err(Fault::caused_by(
            Failure::Unreachable,
            "the server broke off when the key was shown",
            &error,
        )),
    }
}

fn program(service: Service) -> &'static str {
    match service {
        Service::UploadPackLs | Service::UploadPack => "git-upload-pack",
        Service::ReceivePackLs | Service::ReceivePack => "git-receive-pack",
    }
}

/// A path as one word for the shell at the other end, as git itself quotes it.
fn quoted(path: &str) -> String {
    // Paths below a home directory come without the slash that the address has before the `~`.
    format!("'{}'", path.replace('\'', "'\\''").replace('!', "'\\!'"))
}

impl Read for SshStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.chunk.is_empty() {
            self.chunk = match self.next() {
                Ok(chunk) => chunk,
                Err(fault) => return Err(self.session.note_io(fault)),
            };
        }
        let length = self.chunk.len().min(buffer.len());
        buffer[..length].copy_from_slice(&self.chunk.split_to(length));
        Ok(length)
    }
}

impl Write for SshStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // libgit2 writes the command to move the branch whole; `0000` alone says goodbye.
        if self.service == Service::ReceivePackLs && bytes != b"0000" {
            self.session.mark_sent();
        }
        let sent = self
            .session
            .wait(self.session.limits.silence_timeout, self.channel.data(bytes));
        let fault = match sent {
            Ok(Ok(())) => return Ok(bytes.len()),
            Ok(Err(error)) => Fault::caused_by(Failure::Unreachable, "the server broke off", &error),
            Err(fault) => fault,
        };
        Err(self.session.note_io(fault))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for SshStream {
    fn drop(&mut self) {
        // A goodbye that does not get through does no harm: the socket closes with the connection.
        let goodbye = self.connection.disconnect(Disconnect::ByApplication, "", "");
        let _ = self.session.wait(std::time::Duration::from_secs(1), goodbye);
    }
}

#[cfg(test)]
mod tests;
