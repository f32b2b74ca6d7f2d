//! Tests with a network and an `/etc/hosts` of their own.

use std::path::Path;
use std::process::Command;
use std::{any, fs};

use crate::world::World;

/// The mark of a test's own `/etc/hosts`, before the path of the binary.
const MARK: &str = "# of a test of ";

/// Brings up the loopback with the addresses of metadata servers and agents, with one of a private network and a public one; shows the names, and
/// becomes the test.
const SCRIPT: &str = r#"
set -e
ip link set lo up
for address in 169.254.169.254/32 169.254.170.2/32 169.254.170.23/32 10.20.30.40/32 34.64.64.64/32 fd00:ec2::254/128 fd00:ec2::23/128; do
    ip addr add "$address" dev lo
done
mount --bind "$1" /etc/hosts
shift
exec timeout 300 "$@"
"#;

/// Runs `body` where these names (lines of `/etc/hosts`) mean servers of its own, and nothing else can be reached.
///
/// The test binary is started anew within a namespace, for `test` alone, which is the function that calls this. It needs root, or a kernel
/// that gives namespaces to everybody; without either it fails.
pub(super) fn within<T: Fn()>(test: T, names: &[&str], body: impl FnOnce()) {
    let hosts = fs::read_to_string("/etc/hosts").unwrap_or_default();
    if let Some(binary) = hosts.lines().next().and_then(|line| line.strip_prefix(MARK)) {
        World::binary_is_at(Path::new(binary));
        body();
        return;
    }
    // It is built out here, for nothing can be fetched in there.
    let mark = format!("{MARK}{}", World::binary().display());
    let world = World::new();
    let lines = [&[mark.as_str(), "127.0.0.1 localhost"][..], names].concat().join("\n") + "\n";
    let hosts = world.file("hosts", lines);
    // The name of a function's own type begins with the crate.
    let name = any::type_name_of_val(&test);
    let name = name.split_once("::").map_or(name, |(_, name)| name);
    let mut command = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        command.arg("--map-root-user");
    }
    let this = std::env::current_exe().expect("the test runs");
    command
        .args(["--mount", "--net", "sh", "-c", SCRIPT, "sh"])
        .arg(&hosts)
        .arg(this)
        .args(["--exact", "--nocapture", "--test-threads", "1"])
        .arg(name);
    let output = command.output().expect("`unshare` of util-linux is installed");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(
        !err.contains("unshare failed") && !err.contains("ip: not found"),
        "this test needs namespaces of its own: run it as root (`sudo make test`), with `ip` (`make servers` installs it): {err}"
    );
    assert!(
        output.status.success() && out.contains("1 passed"),
        "within its namespace the test ended with {}:\n{out}\n{err}",
        output.status
    );
}
