use domain::reference::Timestamp;
use expect_test::{Expect, expect};

use super::*;
use crate::config::parse_for_tests;

struct Bench {
    uses: AllUses,
    board: Board,
}

/// Two repositories; a rule for both, one for `fleet` alone, and one for repositories that are not there.
fn config() -> Arc<Config> {
    let config = parse_for_tests(
        "
policies: [{name: stable, semver: '*'}, {name: edge, semver: '*'}]
rules:
  - {match: {kind: Deployment}, policy: stable}
  - {match: {repository: fleet, kind: Job}, policy: stable}
  - {match: {repository: 'gone-*'}, policy: stable}
repositories:
  - {name: fleet, url: 'file:///srv/fleet.git', branch: main}
  - {name: infra, url: 'file:///srv/infra.git', branch: main}
",
    );
    Arc::new(config)
}

impl Bench {
    fn new() -> Self {
        Self {
            uses: AllUses::default(),
            board: Board::new("0.0.0", Timestamp::from_unix_seconds(0)),
        }
    }

    fn put(&self, repository: &str, config: &Arc<Config>, rules: &[usize], policies: &[&str]) {
        let uses = Uses {
            rules: rules.iter().copied().collect(),
            policies: policies.iter().map(|&name| name.to_owned()).collect(),
        };
        self.uses.put(repository, config, uses, &self.board);
    }

    fn check(&self, expected: &Expect) {
        let unused = self.board.snapshot().unused.clone();
        let lines = unused
            .iter()
            .map(|problem| format!("{}: {}\n", problem.path, problem.message));
        expected.assert_eq(&lines.collect::<String>());
    }
}

#[test]
fn what_another_repository_may_still_use_is_not_told_yet() {
    let (bench, config) = (Bench::new(), config());
    bench.put("fleet", &config, &[], &[]);
    bench.check(&expect![[r#"
        rules[1]: it matches no image in any repository (annotations, markers and earlier rules go first)
        rules[2]: it matches no image in any repository (annotations, markers and earlier rules go first)
    "#]]);
    bench.put("infra", &config, &[0], &["stable"]);
    bench.check(&expect![[r#"
        rules[1]: it matches no image in any repository (annotations, markers and earlier rules go first)
        rules[2]: it matches no image in any repository (annotations, markers and earlier rules go first)
        policies[1]: no image in any repository follows `edge`; name it in an annotation, a marker or a rule
    "#]]);
}

#[test]
fn what_comes_to_be_used_is_told_no_more() {
    let (bench, config) = (Bench::new(), config());
    bench.put("fleet", &config, &[], &[]);
    bench.put("infra", &config, &[0], &["stable"]);
    bench.put("fleet", &config, &[1], &["stable", "edge"]);
    bench.check(&expect![[r#"
        rules[2]: it matches no image in any repository (annotations, markers and earlier rules go first)
    "#]]);
}

#[test]
fn a_look_under_another_configuration_says_nothing_of_this_one() {
    let (bench, old, new) = (Bench::new(), config(), config());
    bench.put("fleet", &old, &[], &[]);
    bench.put("infra", &old, &[], &[]);
    bench.uses.forget(&bench.board);
    bench.check(&expect![""]);
    bench.put("infra", &new, &[0], &["stable"]);
    // It began before the change, and ends after it.
    bench.put("fleet", &old, &[], &[]);
    bench.put("infra", &new, &[0], &["stable"]);
    bench.check(&expect![[r#"
        rules[2]: it matches no image in any repository (annotations, markers and earlier rules go first)
    "#]]);
}
