//! Nothing of the user's git configuration is in force.

use std::fs;
use std::process::Command;

use git_writer::{Auth, BranchName, GitUrl, Limits, Mirror, Remote};
use tempfile::TempDir;
use transport::Trust;

const HOSTILE: &str = "[user]\n\tname = Intruder\n[url \"http://elsewhere.example.com/\"]\n\tinsteadOf = http://\n[core]\n\thooksPath = /tmp/hooks\n";

#[test]
fn the_users_configuration_is_not_read() {
    let home = TempDir::new().unwrap();
    fs::create_dir_all(home.path().join("git")).unwrap();
    fs::write(home.path().join(".gitconfig"), HOSTILE).unwrap();
    fs::write(home.path().join("git/config"), HOSTILE).unwrap();
    // libgit2 looks for a home once in a process, so this takes another one.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "in_any_home_the_configuration_is_empty"])
        .env("HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

#[test]
fn in_any_home_the_configuration_is_empty() {
    let folder = TempDir::new().unwrap();
    let remote = Remote {
        url: GitUrl::parse("http://127.0.0.1:1/x.git").unwrap(),
        branch: BranchName::parse("main").unwrap(),
        auth: Auth::None,
        trust: Trust::System,
        proxy: None,
        limits: Limits::default(),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _mirror = Mirror::open(&folder.path().join("mirror"), remote, runtime.handle().clone()).unwrap();
    for found in [
        git2::Config::find_global(),
        git2::Config::find_xdg(),
        git2::Config::find_system(),
    ] {
        assert!(found.is_err(), "{found:?}");
    }
    let repository = git2::Repository::open_bare(folder.path().join("mirror/repository.git")).unwrap();
    let configuration = repository.config().unwrap().snapshot().unwrap();
    assert!(configuration.get_str("user.name").is_err());
    assert_eq!(configuration.get_str("core.hookspath").unwrap(), "/dev/null");
    assert!(!folder.path().join("mirror/repository.git/hooks").exists());
}
