//! git over SSH: OpenSSH's own server.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::BareRepository;
use crate::folder::Folder;
use crate::port::on_free_port;
use crate::process::{Process, command, installed, run};

/// Where sshd wants to be able to lock a child in.
const PRIVILEGE_SEPARATION: &str = "/run/sshd";

/// A git server over SSH on a port of 127.0.0.1 for one user and one key; stopped when dropped.
///
/// It serves the user who runs the test. As root it makes `/run/sshd`, without which
/// sshd does not start; as another user sshd can serve that user alone, which is all that is asked.
#[derive(Debug)]
pub struct Sshd {
    _process: Process,
    address: SocketAddr,
    user: String,
    folder: Folder,
}

impl Sshd {
    /// Starts a server without a repository, with an Ed25519 and an ECDSA key of its own, and one for the client.
    ///
    /// # Errors
    ///
    /// A program is not installed, or does not start; with its own words.
    pub fn start() -> anyhow::Result<Self> {
        on_free_port(Self::start_on)
    }

    pub(crate) fn start_on(port: u16) -> anyhow::Result<Self> {
        let folder = Folder::new()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        fs::create_dir(folder.join("srv"))?;
        for (name, kind) in [
            ("host", "ed25519"),
            ("host_ecdsa", "ecdsa"),
            ("client", "ed25519"),
            ("stranger", "ed25519"),
        ] {
            make_key(&folder, name, kind)?;
        }
        let user = run(command(&installed("id")?, folder.path()).arg("-un"))?.stdout;
        let user = String::from_utf8(user)?.trim().to_owned();
        write_files(&folder, address)?;
        if rustix::process::geteuid().is_root() {
            fs::create_dir_all(PRIVILEGE_SEPARATION).context("making the folder that sshd needs")?;
        }
        let mut process = serve(&folder)?;
        let keyscan = installed("ssh-keyscan")?;
        process.wait_until(|| {
            let mut scan = command(&keyscan, folder.path());
            let keys = scan
                .args(["-T", "2", "-t", "ed25519", "-p", &port.to_string(), "127.0.0.1"])
                .output()
                .ok()?;
            (!keys.stdout.is_empty()).then_some(())
        })?;
        for (known, key) in [
            ("known", "host"),
            ("known_ecdsa", "host_ecdsa"),
            ("changed", "stranger"),
        ] {
            let key = fs::read_to_string(folder.join(&format!("{key}.pub")))?;
            folder.write(known, format!("[127.0.0.1]:{port} {key}"))?;
        }
        Ok(Self {
            _process: process,
            address,
            user,
            folder,
        })
    }

    /// Makes an empty repository at `name`: `team/config.git`.
    ///
    /// # Errors
    ///
    /// git's own words.
    pub fn repository(&self, name: &str) -> anyhow::Result<BareRepository> {
        BareRepository::create(&self.folder.join("srv").join(name))
    }

    /// The URL of a repository.
    pub fn url(&self, name: &str) -> String {
        format!("ssh://{}@{}/{name}", self.user, self.address)
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The private key that is let in: OpenSSH's format, Ed25519, no passphrase.
    pub fn client_key(&self) -> PathBuf {
        self.folder.join("client")
    }

    /// A private key that is not let in.
    pub fn unknown_key(&self) -> PathBuf {
        self.folder.join("stranger")
    }

    /// A `known_hosts` file that names this server's Ed25519 key.
    pub fn known_hosts(&self) -> PathBuf {
        self.folder.join("known")
    }

    /// A `known_hosts` file that names this server's ECDSA key alone: who reads it must
    /// ask the server for that one.
    pub fn ecdsa_known_hosts(&self) -> PathBuf {
        self.folder.join("known_ecdsa")
    }

    /// A `known_hosts` file that names another key for this server: to its reader, the
    /// host's key has changed.
    pub fn changed_known_hosts(&self) -> PathBuf {
        self.folder.join("changed")
    }

    /// The commands that clients gave, in their order: `git-upload-pack '/team/config.git'`.
    pub fn commands(&self) -> Vec<String> {
        let log = fs::read_to_string(self.folder.join("commands.log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    /// Whether anybody began a push so far.
    pub fn saw_push(&self) -> bool {
        self.commands()
            .iter()
            .any(|command| command.contains("git-receive-pack"))
    }
}

fn serve(folder: &Folder) -> anyhow::Result<Process> {
    // It must be started by its absolute path: it starts itself again for each connection.
    let mut sshd = command(&installed("sshd")?, folder.path());
    sshd.args(["-D", "-e", "-f"]).arg(folder.join("sshd_config"));
    Process::start(sshd, folder.path(), "sshd")
}

fn make_key(folder: &Folder, name: &str, kind: &str) -> anyhow::Result<()> {
    let mut keygen = command(&installed("ssh-keygen")?, folder.path());
    run(keygen
        .args(["-q", "-t", kind, "-N", "", "-C", name, "-f"])
        .arg(folder.join(name)))?;
    Ok(())
}

fn write_files(folder: &Folder, address: SocketAddr) -> anyhow::Result<()> {
    let path = folder.path().display();
    let script = folder.write(
        "git-serve.sh",
        format!(
            "#!/bin/sh\n\
             printf '%s\\n' \"$SSH_ORIGINAL_COMMAND\" >>{path}/commands.log\n\
             export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null HOME={path}\n\
             cd {path}/srv && exec git-shell -c \"$(printf %s \"$SSH_ORIGINAL_COMMAND\" | sed \"s#'/#'#\")\"\n"
        ),
    )?;
    executable(&script)?;
    let key = fs::read_to_string(folder.join("client.pub"))?;
    folder.write(
        "authorized_keys",
        format!("restrict,command=\"{}\" {key}", script.display()),
    )?;
    folder.write(
        "sshd_config",
        format!(
            "Port {}\nListenAddress {}\nHostKey {path}/host\nHostKey {path}/host_ecdsa\nPidFile {path}/sshd.pid\n\
             AuthorizedKeysFile {path}/authorized_keys\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n\
             AcceptEnv GIT_PROTOCOL\nLogLevel VERBOSE\nMaxStartups 100\n",
            address.port(),
            address.ip(),
        ),
    )?;
    Ok(())
}

fn executable(path: &Path) -> anyhow::Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("making {} executable", path.display()))
}

#[cfg(test)]
mod tests;
