use super::*;

fn clone(server: &Sshd, key: &Path, known_hosts: &Path) -> anyhow::Result<()> {
    let folder = Folder::new()?;
    let ssh = format!(
        "ssh -F /dev/null -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile={} -i {}",
        known_hosts.display(),
        key.display()
    );
    let git = |arguments: &[&str]| {
        let mut git = command(&installed("git")?, folder.path());
        git.env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_SSH_COMMAND", &ssh)
            .current_dir(folder.path());
        run(git
            .args(["-c", "user.name=Us", "-c", "user.email=us@x"])
            .args(arguments))
    };
    git(&["clone", "--quiet", &server.url("team/config.git"), "w"])?;
    git(&["-C", "w", "commit", "--quiet", "--allow-empty", "-m", "Ours"])?;
    git(&["-C", "w", "push", "--quiet", "origin", "HEAD:main"])?;
    Ok(())
}

#[test]
fn the_known_key_clones_and_pushes_and_no_other() {
    let server = Sshd::start().unwrap();
    let origin = server.repository("team/config.git").unwrap();
    origin.seed([("a.yaml", "one\n")]).unwrap();
    assert!(clone(&server, &server.unknown_key(), &server.known_hosts()).is_err());
    assert!(clone(&server, &server.client_key(), &server.changed_known_hosts()).is_err());
    assert!(!server.saw_push());
    clone(&server, &server.client_key(), &server.known_hosts()).unwrap();
    assert_eq!(
        server.commands(),
        [
            "git-upload-pack '/team/config.git'",
            "git-receive-pack '/team/config.git'"
        ]
    );
    assert_eq!(origin.log().unwrap(), ["Ours", "Seed"]);
}

#[test]
fn it_is_known_by_either_of_its_keys() {
    let server = Sshd::start().unwrap();
    server
        .repository("team/config.git")
        .unwrap()
        .seed([("a.yaml", "one\n")])
        .unwrap();
    clone(&server, &server.client_key(), &server.ecdsa_known_hosts()).unwrap();
}
