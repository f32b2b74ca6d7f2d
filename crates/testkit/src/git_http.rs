//! git over HTTP(S): nginx, fcgiwrap and `git http-backend`.

use std::cell::Cell;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::folder::Folder;
use crate::port::on_free_port;
use crate::process::{Process, command, installed, wait_for};
use crate::real_registry::write_htpasswd;
use crate::{BareRepository, Ca, ask};

/// git's own program behind the web server.
const BACKEND: &str = "/usr/lib/git-core/git-http-backend";
/// Debian's list of what nginx tells a program behind it.
const FASTCGI_PARAMETERS: &str = "/etc/nginx/fastcgi_params";

/// Who may come, and how the server is reached.
#[derive(Debug, Clone, Default)]
pub struct GitHttpSettings {
    users: Vec<(String, String)>,
    ca: Option<Ca>,
    rules: String,
}

impl GitHttpSettings {
    /// Everybody, reading and writing, over plain HTTP.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same for this user and those named before, by Basic authentication.
    #[must_use]
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.users.push((name.to_owned(), password.to_owned()));
        self
    }

    /// The same over TLS, with a certificate of `ca` (see [`crate::NAMES`]).
    #[must_use]
    pub fn tls(mut self, ca: &Ca) -> Self {
        self.ca = Some(ca.clone());
        self
    }

    /// The same for who shows this bearer token. nginx has no user for it, so the log has none either.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.rule(&format!(
            r#"if ($http_authorization != "Bearer {token}") {{ return 401; }}"#
        ))
    }

    /// The same with pushes sent elsewhere: the same path below `origin` (`http://127.0.0.2:8080`), by a 307.
    #[must_use]
    pub fn redirect_pushes(self, origin: &str) -> Self {
        self.rule(&format!(
            "if ($request_uri ~ git-receive-pack) {{ return 307 {origin}$request_uri; }}"
        ))
    }

    /// The same with words of nginx's own before a repository is asked.
    fn rule(mut self, words: &str) -> Self {
        self.rules.push_str(words);
        self
    }
}

/// A git server over HTTP on a port of 127.0.0.1; stopped when dropped.
#[derive(Debug)]
pub struct GitHttp {
    // Ended in this order: nginx asks fcgiwrap.
    _nginx: Process,
    _fcgiwrap: Process,
    address: SocketAddr,
    ca: Option<Ca>,
    marks: Cell<usize>,
    folder: Folder,
}

/// A request that a [`GitHttp`] answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GitRequest {
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Its query; empty if there was none.
    pub query: String,
    /// The status of the answer.
    pub status: u16,
    /// The user whose password was right; empty if nobody's.
    pub user: String,
    /// From its first byte to the last of its answer, to the millisecond.
    #[serde(deserialize_with = "seconds")]
    pub took: Duration,
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(D::Error::custom)
}

impl GitRequest {
    /// Whether it is a part of a push.
    pub fn is_push(&self) -> bool {
        self.path.ends_with("/git-receive-pack") || self.query.contains("git-receive-pack")
    }
}

impl GitHttp {
    /// Starts a server without a repository.
    ///
    /// # Errors
    ///
    /// A program is not installed, or does not start; with its own words.
    pub fn start(settings: &GitHttpSettings) -> anyhow::Result<Self> {
        on_free_port(|port| Self::start_on(settings, port))
    }

    pub(crate) fn start_on(settings: &GitHttpSettings, port: u16) -> anyhow::Result<Self> {
        let folder = Folder::new()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        for name in ["srv", "tmp"] {
            fs::create_dir(folder.join(name))?;
        }
        let configuration = folder.write("nginx.conf", configuration(settings, address, &folder)?)?;
        let fcgiwrap = start_fcgiwrap(&folder)?;
        let mut nginx = command(&installed("nginx")?, folder.path());
        nginx
            .arg("-e")
            .arg(folder.join("error.log"))
            .arg("-c")
            .arg(configuration);
        let mut nginx = Process::start(nginx, folder.path(), "nginx")?;
        nginx.wait_until(|| {
            // It is written once the port is had: until then, a stranger may answer there.
            folder.join("nginx.pid").exists().then_some(())?;
            let answer = ask::get(address, settings.ca.as_ref(), "/", &[]).ok()?;
            matches!(ask::status(&answer), 200..500).then_some(())
        })?;
        Ok(Self {
            _nginx: nginx,
            _fcgiwrap: fcgiwrap,
            address,
            ca: settings.ca.clone(),
            marks: Cell::new(0),
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

    /// The URL of a repository, without user and password.
    pub fn url(&self, name: &str) -> String {
        let scheme = if self.ca.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/{name}", self.address)
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests that were answered before this call, in the order of their ends.
    ///
    /// # Errors
    ///
    /// nginx does not answer any more.
    pub fn requests(&self) -> anyhow::Result<Vec<GitRequest>> {
        // nginx logs a request a moment after its answer is read. It works on one thing at a
        // time: once this request is in the log, so are all that were answered before.
        self.marks.set(self.marks.get() + 1);
        let mark = format!("/tidemark-mark-{}", self.marks.get());
        ask::get(self.address, self.ca.as_ref(), &mark, &[])?;
        let log = wait_for("the mark in the log of nginx", || {
            let log = fs::read_to_string(self.folder.join("access.log")).ok()?;
            log.contains(&format!("\"{mark}\"")).then_some(log)
        })?;
        let requests = log
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<Vec<GitRequest>, _>>();
        let mut requests = requests.context("reading the log of nginx")?;
        requests.retain(|request| !request.path.starts_with("/tidemark-mark-") && request.path != "/");
        Ok(requests)
    }

    /// Whether anybody began a push so far.
    ///
    /// # Errors
    ///
    /// nginx does not answer any more.
    pub fn saw_push(&self) -> anyhow::Result<bool> {
        Ok(self.requests()?.iter().any(GitRequest::is_push))
    }

    /// What nginx and the programs behind it complained of.
    pub fn errors(&self) -> String {
        fs::read_to_string(self.folder.join("error.log")).unwrap_or_default()
    }
}

fn start_fcgiwrap(folder: &Folder) -> anyhow::Result<Process> {
    ensure!(
        Path::new(BACKEND).is_file(),
        "{BACKEND} is not there; `make servers` installs git"
    );
    let socket = folder.join("fcgi.sock");
    let mut fcgiwrap = command(&installed("fcgiwrap")?, folder.path());
    // What the environment of git http-backend is made of; see `crate::repository` for the names.
    fcgiwrap
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    fcgiwrap
        .args(["-c", "4", "-s"])
        .arg(format!("unix:{}", socket.display()));
    let mut process = Process::start(fcgiwrap, folder.path(), "fcgiwrap")?;
    process.wait_until(|| socket.exists().then_some(()))?;
    Ok(process)
}

fn configuration(settings: &GitHttpSettings, address: SocketAddr, folder: &Folder) -> anyhow::Result<String> {
    let path = folder.path().display();
    let (ssl, certificate) = match &settings.ca {
        None => ("", String::new()),
        Some(ca) => {
            let server = ca.server()?;
            folder.write("server.crt", server.certificate_pem)?;
            folder.write("server.key", server.key_pem)?;
            (
                " ssl",
                format!("ssl_certificate {path}/server.crt; ssl_certificate_key {path}/server.key;"),
            )
        }
    };
    let rules = &settings.rules;
    let auth = if settings.users.is_empty() {
        ""
    } else {
        write_htpasswd(&folder.join("htpasswd"), folder.path(), &settings.users)?;
        "auth_basic git; auth_basic_user_file htpasswd;"
    };
    // The workers must be able to enter the folder, which is its owner's alone.
    let user = if rustix::process::geteuid().is_root() {
        "user root;"
    } else {
        ""
    };
    Ok(format!(
        r#"daemon off; worker_processes 1; {user} pid {path}/nginx.pid; error_log {path}/error.log warn;
events {{ worker_connections 256; }}
http {{
  log_format typed escape=json '{{"method":"$request_method","path":"$uri","query":"$args","status":$status,"user":"$remote_user","took":$request_time}}';
  access_log {path}/access.log typed; client_max_body_size 0;
  client_body_temp_path {path}/tmp/b; proxy_temp_path {path}/tmp/p; fastcgi_temp_path {path}/tmp/f;
  uwsgi_temp_path {path}/tmp/u; scgi_temp_path {path}/tmp/s;
  server {{
    listen {address}{ssl}; {certificate}
    {auth}
    location /tidemark-mark- {{ auth_basic off; return 204; }}
    location / {{
      {rules}
      gzip off; include {FASTCGI_PARAMETERS}; fastcgi_pass unix:{path}/fcgi.sock;
      fastcgi_param SCRIPT_FILENAME {BACKEND}; fastcgi_param GIT_PROJECT_ROOT {path}/srv; fastcgi_param GIT_HTTP_EXPORT_ALL "";
      fastcgi_param PATH_INFO $uri; fastcgi_param REMOTE_USER $remote_user; fastcgi_param HOME {path};
      fastcgi_param GIT_PROTOCOL $http_git_protocol; fastcgi_buffering off; fastcgi_request_buffering off;
    }}
  }}
}}
"#
    ))
}

#[cfg(test)]
mod tests;
