//! Every kind of policy, in annotations, in the configuration and in `tidemark select` alike: one parser, one choice.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use memory_registry::Image;
use testkit::{BareRepository, MemoryRegistry};

use crate::world::World;

/// A policy on trial.
struct Case {
    name: &'static str,
    policy: &'static str,
    /// The tags in the order in which they were built, a day apart.
    tags: &'static [&'static str],
    current: &'static str,
    /// The value after one pass; the current one if it stays.
    wanted: &'static str,
}

/// A case for each kind, and for each option that has a say in which tag wins.
const CASES: [Case; 18] = [
    case("semver", "semver:^1", &["1.4.0", "1.9.2", "2.0.0"], "1.4.0", "1.9.2"),
    case(
        "version",
        "version:<10",
        &["9.9.0.5-a", "9.9.0.65-a", "10.1"],
        "9.9.0.5-a",
        "9.9.0.65-a",
    ),
    case(
        "calver",
        "calver:YY.0M",
        &["24.10", "24.04", "22.04", "noble"],
        "22.04",
        "24.10",
    ),
    case("numeric", "numeric", &["9", "10", "8.5"], "9", "10"),
    case("numeric-desc", "numeric:desc", &["9", "10", "8.5"], "9", "8.5"),
    case("alphabetical", "alphabetical:asc", &["b", "c", "a", "latest"], "a", "c"),
    case(
        "newest",
        "newest:main-*",
        &["main-1", "main-9", "main-2", "dev-3"],
        "main-1",
        "main-2",
    ),
    case(
        "glob",
        "glob:main-?",
        &["main-1", "main-2", "main-10"],
        "main-1",
        "main-2",
    ),
    case("regexp", "regexp:^v[0-9]+$", &["v9", "v1", "v2-rc"], "v9", "v1"),
    case("regex", "regex:^v[0-9]+$", &["v9", "v1", "v2-rc"], "v9", "v1"),
    case(
        "extract",
        r#"{numeric: asc, filter: {pattern: "^main-[0-9a-f]{7}-([0-9]+)$", extract: "$1"}}"#,
        &["main-bbbbbbb-1700", "main-aaaaaaa-1900", "main-ccccccc-1800"],
        "main-bbbbbbb-1700",
        "main-aaaaaaa-1900",
    ),
    case(
        "deny",
        "{semver: \"*\", deny: [\"^1[.]9\"]}",
        &["1.4.0", "1.8.0", "1.9.2"],
        "1.4.0",
        "1.8.0",
    ),
    case(
        "suffix",
        "{semver: 1.x, suffix: keep}",
        &["1.27.3-alpine", "1.28.0", "1.27.4-alpine"],
        "1.27.3-alpine",
        "1.27.4-alpine",
    ),
    case(
        "precision",
        "{semver: \"*\", precision: keep}",
        &["3.19", "3.20", "3.20.1", "4"],
        "3.19",
        "3.20",
    ),
    case(
        "prerelease",
        "{semver: \"*\", prerelease: true}",
        &["1.0.0", "2.0.0-rc.1"],
        "1.0.0",
        "2.0.0-rc.1",
    ),
    case(
        "downgrade",
        "{semver: \"<2\", allowDowngrade: true}",
        &["1.4.0", "2.0.0"],
        "2.0.0",
        "1.4.0",
    ),
    case("only-older", "semver:<2", &["1.4.0", "2.0.0"], "2.0.0", "2.0.0"),
    case(
        "platforms",
        "{newest: \"*\", platforms: [linux/amd64]}",
        &["a", "c", "b"],
        "a",
        "b",
    ),
];

const fn case(
    name: &'static str,
    policy: &'static str,
    tags: &'static [&'static str],
    current: &'static str,
    wanted: &'static str,
) -> Case {
    Case {
        name,
        policy,
        tags,
        current,
        wanted,
    }
}

/// When the tag of that number was built.
fn built(number: usize) -> String {
    format!("2026-03-{:02}T08:00:00Z", number + 1)
}

/// A registry with the tags of all cases.
fn registry() -> MemoryRegistry {
    let registry = MemoryRegistry::start().unwrap();
    for case in &CASES {
        for (number, tag) in case.tags.iter().enumerate() {
            registry
                .registry
                .push(case.name, tag, &Image::new().created(&built(number)));
        }
    }
    registry
}

/// A workload that runs the case's image.
fn workload(case: &Case, host: &str, annotations: &str) -> String {
    let Case { name, current, .. } = case;
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\n{annotations}spec:\n  template:\n    spec:\n      \
         containers:\n        - name: app\n          image: {host}/{name}:{current}\n"
    )
}

/// A policy as the text of an annotation: the same for YAML, whatever it holds.
fn annotation(policy: &str) -> String {
    format!(
        "  annotations:\n    tidemark.dev/policy: '{}'\n",
        policy.replace('\'', "''")
    )
}

/// The values after one pass, by case.
fn values(world: &World, repository: &BareRepository) -> BTreeMap<&'static str, String> {
    world.once().expect(0);
    let value = |case: &Case| {
        let file = repository.read(&format!("apps/{}.yaml", case.name)).unwrap();
        let image = file
            .lines()
            .find_map(|line| line.trim().strip_prefix("image: "))
            .unwrap();
        (case.name, image.rsplit_once(':').unwrap().1.to_owned())
    };
    CASES.iter().map(value).collect()
}

fn wanted() -> BTreeMap<&'static str, String> {
    CASES.iter().map(|case| (case.name, case.wanted.to_owned())).collect()
}

fn world(registry: &MemoryRegistry, repository: &BareRepository) -> World {
    World::new()
        .registry(&format!(
            "host: \"{}\", plainHttp: true, requestsPerSecond: 1000",
            registry.host()
        ))
        .repository(&format!("url: \"{}\"", repository.file_url()))
}

#[test]
fn annotations_choose_by_every_kind() {
    let (registry, repository) = (registry(), BareRepository::new().unwrap());
    let files = CASES.iter().map(|case| {
        let text = workload(case, &registry.host(), &annotation(case.policy));
        (format!("apps/{}.yaml", case.name), text)
    });
    repository.seed(files.collect::<Vec<_>>()).unwrap();
    let world = world(&registry, &repository);
    assert_eq!(values(&world, &repository), wanted());
    let commits = repository.commits().unwrap();
    world.once().expect(0);
    assert_eq!(
        repository.commits().unwrap(),
        commits,
        "what was picked is picked no more"
    );
}

#[test]
fn policies_of_the_configuration_choose_by_every_kind() {
    let (registry, repository) = (registry(), BareRepository::new().unwrap());
    let files = CASES.iter().map(|case| {
        let text = workload(case, &registry.host(), "");
        (format!("apps/{}.yaml", case.name), text)
    });
    repository.seed(files.collect::<Vec<_>>()).unwrap();
    let (mut policies, mut rules) = ("policies:\n".to_owned(), "rules:\n".to_owned());
    for Case { name, policy, .. } in &CASES {
        // The long form stands in the entry itself; the short one has its key and argument there.
        let keys = match policy.strip_prefix('{').and_then(|keys| keys.strip_suffix('}')) {
            Some(keys) => keys.to_owned(),
            None => {
                let (kind, argument) = policy.split_once(':').unwrap_or((policy, ""));
                format!("{kind}: '{argument}'")
            }
        };
        writeln!(policies, "  - {{name: the-{name}, {keys}}}").unwrap();
        writeln!(
            rules,
            "  - {{match: {{image: \"{}/{name}\"}}, policy: the-{name}}}",
            registry.host()
        )
        .unwrap();
    }
    let world = world(&registry, &repository).with(&policies).with(&rules);
    assert_eq!(values(&world, &repository), wanted());
}

#[test]
fn select_chooses_as_the_daemon_does() {
    let world = World::new();
    for case in &CASES {
        let line = |(number, tag): (usize, &&str)| {
            format!(
                "{{\"tag\": \"{tag}\", \"created\": \"{}\", \"platforms\": [\"linux/amd64\"]}}\n",
                built(number)
            )
        };
        let tags: String = case.tags.iter().enumerate().map(line).collect();
        let file = world.file("tags.jsonl", tags);
        let file = file.to_str().unwrap();
        let arguments = [
            "select",
            "--policy",
            case.policy,
            "--current",
            case.current,
            "--now",
            "2026-06-01T00:00:00Z",
            "--tags",
            file,
        ];
        let moves = case.current != case.wanted;
        let ran = world.run(&arguments).expect(if moves { 0 } else { 3 });
        let shown = if moves {
            format!("{}\n", case.wanted)
        } else {
            String::new()
        };
        assert_eq!(ran.stdout, shown, "{}", case.name);
    }
}
