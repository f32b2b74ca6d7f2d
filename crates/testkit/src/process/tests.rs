use super::*;
use crate::folder::Folder;

#[test]
fn a_missing_program_says_how_to_get_it() {
    let missing = installed("no-such-program").unwrap_err();
    assert_eq!(
        missing.to_string(),
        "`no-such-program` is not installed; `make servers` installs it"
    );
    assert!(
        built("no-such-server")
            .unwrap_err()
            .to_string()
            .ends_with("`make servers` builds it")
    );
}

#[test]
fn nothing_of_the_environment_is_left() {
    let home = Path::new("/nowhere");
    let printed = run(&mut command(&installed("env").unwrap(), home)).unwrap().stdout;
    let mut names: Vec<String> = String::from_utf8(printed)
        .unwrap()
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0.to_owned()))
        .collect();
    names.sort();
    assert_eq!(names, ["HOME", "LANG", "PATH"]);
}

#[test]
fn a_server_that_ends_early_says_its_last_words() {
    let folder = Folder::new().unwrap();
    let mut shell = command(&installed("sh").unwrap(), folder.path());
    shell.args(["-c", "echo 'no such luck' >&2; exit 3"]);
    let mut process = Process::start(shell, folder.path(), "shell").unwrap();
    let error = process.wait_until(|| None::<()>).unwrap_err().to_string();
    assert_eq!(error, "the server ended with exit status: 3: no such luck");
}

#[test]
fn the_children_of_a_server_end_with_it() {
    let folder = Folder::new().unwrap();
    let pid = folder.join("pid");
    let mut shell = command(&installed("sh").unwrap(), folder.path());
    let script = format!("sleep 60 & echo $! >'{0}.new'; mv '{0}.new' '{0}'; wait", pid.display());
    shell.args(["-c", &script]);
    let mut process = Process::start(shell, folder.path(), "shell").unwrap();
    let child = process.wait_until(|| fs::read_to_string(&pid).ok()).unwrap();
    let child = format!("/proc/{}/stat", child.trim());
    assert!(Path::new(&child).exists());
    drop(process);
    // A child without a parent is left to the system, which may take its time to forget it.
    let gone = || match fs::read_to_string(&child) {
        Ok(stat) => stat.contains(") Z ").then_some(()),
        Err(_) => Some(()),
    };
    wait_for("the end of the child", gone).unwrap();
}
