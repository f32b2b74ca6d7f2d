//! What becomes of a changed file.

use std::fs;

use expect_test::{Expect, expect};
use status_api::Board;
use tempfile::TempDir;

use super::*;
use crate::config::Environment;
use crate::state::State;

const REPOSITORY: &str = "repositories: [{name: fleet, url: 'file:///srv/fleet.git', branch: main}]\n";

struct Bench {
    folder: TempDir,
    reloads: Reloads,
}

impl Bench {
    fn new(text: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let file = ConfigFile {
            path: folder.path().join("daemon.yaml"),
            environment: Environment {
                home: Some("/nowhere".into()),
                ..Environment::default()
            },
        };
        fs::write(&file.path, text).unwrap();
        let config = load(&file.path, &file.environment).unwrap();
        let state = State::open(&folder.path().join("state")).unwrap();
        let board = Board::new("0.0.0", clock::now());
        let parts = Arc::new(Parts::new(&config, state, folder.path().join("mirrors"), board));
        let reloads = Reloads::new(file, watch::Sender::new(Arc::new(config)), parts);
        Self { folder, reloads }
    }

    /// Writes the file, looks at it, and shows what is in force and what people are told.
    fn check(&mut self, text: &str, expected: &Expect) {
        fs::write(self.folder.path().join("daemon.yaml"), text).unwrap();
        self.reloads.look();
        let snapshot = self.reloads.parts.board.snapshot();
        let told = snapshot.config.as_ref().map_or_else(
            || "nothing told".to_owned(),
            |told| {
                let problems = told.problems.len();
                format!(
                    "generation {}, {problems} problems, restart for {:?}",
                    told.generation, told.restart_needed
                )
            },
        );
        let count = self.reloads.config.borrow().repositories.len();
        expected.assert_eq(&format!("{count} repositories, {told}"));
    }
}

#[test]
fn the_same_again_is_no_news() {
    Bench::new(REPOSITORY).check(REPOSITORY, &expect!["1 repositories, nothing told"]);
}

#[test]
fn a_broken_a_partial_and_an_empty_file_leave_the_last_good_one_in_force() {
    let mut bench = Bench::new(REPOSITORY);
    for broken in [
        "repositories: [{name: fleet",
        "repositories: [{name: fleet}]\n",
        "",
        "\n",
        "# soon\n",
        "---\n",
        "null\n",
        "[]\n",
        "\0",
    ] {
        bench.check(
            broken,
            &expect!["1 repositories, generation 1, 1 problems, restart for []"],
        );
    }
    bench.check(
        REPOSITORY,
        &expect!["1 repositories, generation 1, 0 problems, restart for []"],
    );
}

#[test]
fn a_key_that_waits_for_a_restart_stays_told_until_it_is_taken_back() {
    let mut bench = Bench::new(REPOSITORY);
    let moved = format!("{REPOSITORY}mirrors: /srv/mirrors\n");
    bench.check(
        &moved,
        &expect![[r#"1 repositories, generation 2, 0 problems, restart for ["mirrors"]"#]],
    );
    let more = format!("{moved}log: {{level: debug}}\n");
    bench.check(
        &more,
        &expect![[r#"1 repositories, generation 3, 0 problems, restart for ["mirrors"]"#]],
    );
    bench.check(
        "oops: 1\n",
        &expect![[r#"1 repositories, generation 3, 1 problems, restart for ["mirrors"]"#]],
    );
    bench.check(
        &more,
        &expect![[r#"1 repositories, generation 3, 0 problems, restart for ["mirrors"]"#]],
    );
    bench.check(
        REPOSITORY,
        &expect!["1 repositories, generation 4, 0 problems, restart for []"],
    );
}

#[test]
fn a_file_that_is_away_for_a_while_changes_nothing() {
    let mut bench = Bench::new(REPOSITORY);
    fs::remove_file(bench.folder.path().join("daemon.yaml")).unwrap();
    bench.reloads.look();
    assert_eq!(bench.reloads.config.borrow().repositories.len(), 1);
    bench.check(
        REPOSITORY,
        &expect!["1 repositories, generation 1, 0 problems, restart for []"],
    );
}
