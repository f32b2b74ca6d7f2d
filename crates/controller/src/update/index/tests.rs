use std::collections::HashMap;

use git_writer::{Auth, BranchName, GitUrl, Limits, Remote};
use proptest::prelude::*;
use tempfile::TempDir;
use testkit::{BareRepository, OtherCommit};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;
use transport::Trust;

use super::*;

/// A repository, a mirror of it, and an index.
struct Bench {
    origin: BareRepository,
    mirror: Mirror,
    index: Index,
    _runtime: Runtime,
    _folder: TempDir,
}

impl Bench {
    fn new(files: &[(String, String)]) -> Self {
        let (origin, folder, runtime) = (
            BareRepository::new().unwrap(),
            TempDir::new().unwrap(),
            Runtime::new().unwrap(),
        );
        origin.seed(files.to_vec()).unwrap();
        let remote = Remote {
            url: GitUrl::parse(&origin.file_url()).unwrap(),
            branch: BranchName::parse("main").unwrap(),
            auth: Auth::None,
            trust: Trust::System,
            proxy: None,
            limits: Limits::default(),
        };
        let mirror = Mirror::open(&folder.path().join("mirror"), remote, runtime.handle().clone()).unwrap();
        Self {
            origin,
            mirror,
            index: Index::default(),
            _runtime: runtime,
            _folder: folder,
        }
    }

    fn files(&mut self) -> Vec<TreeFile> {
        let head = self.mirror.fetch(&CancellationToken::new()).unwrap();
        self.mirror.files(&head, &[]).unwrap().files
    }

    fn update(&mut self) -> Vec<IndexedFile> {
        let files = self.files();
        self.index.update(&mut self.mirror, &files, &Readings::plain()).unwrap()
    }

    /// As `update` says it, each file read by itself and nothing skipped by what is in it.
    fn one_by_one(&mut self) -> Vec<IndexedFile> {
        let files = self.files();
        let listed = files.iter().filter(|file| is_looked_at(&file.path)).map(|file| {
            let bytes = self.mirror.blob(file.blob, LARGEST_FILE).unwrap();
            let found = match Manifest::read_bytes_as(FileKind::of(&file.path), &bytes) {
                Ok(manifest) => Found::Places {
                    places: manifest.places().into(),
                    notes: manifest.notes().into(),
                },
                Err(refusal) => Found::Unreadable {
                    line: u32::try_from(refusal.location().line).ok(),
                    message: refusal.to_string().into(),
                },
            };
            IndexedFile {
                path: Arc::from(file.path.as_str()),
                fields: Arc::new([]),
                found,
            }
        });
        listed.filter(|file| !file.found.is_empty()).collect()
    }
}

fn pod(name: &str, tag: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n  containers:\n  - image: example.com/{name}:{tag}\n"
    )
}

/// `PATH: IMAGE…` or `PATH: what is wrong`, a line for each file.
fn shown(indexed: &[IndexedFile]) -> String {
    let line = |file: &IndexedFile| match &file.found {
        Found::Places { places, .. } => {
            let images: Vec<_> = places.iter().map(|place| place.text.as_str()).collect();
            format!("{}: {}\n", file.path, images.join(" "))
        }
        Found::Unreadable { line, message } => format!("{}:{}: {message}\n", file.path, line.unwrap_or_default()),
    };
    indexed.iter().map(line).collect()
}

fn named(files: &[(&str, String)]) -> Vec<(String, String)> {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.clone()))
        .collect()
}

#[test]
fn equal_contents_are_told_apart_by_what_their_names_say() {
    let values = "image: example.com/web:1\n".to_owned();
    let kustomization = "images: [{name: web, newTag: '1'}]\n".to_owned();
    let mut bench = Bench::new(&named(&[
        ("a/other.yaml", values.clone()),
        ("a/values.yaml", values),
        ("b/Kustomization", kustomization.clone()),
        ("b/notes.yaml", kustomization),
    ]));
    expect_test::expect![[r#"
        a/values.yaml: example.com/web:1
        b/Kustomization: web:1
    "#]]
    .assert_eq(&shown(&bench.update()));
}

#[test]
fn only_what_changed_is_read_again() {
    let mut bench = Bench::new(&named(&[("a.yaml", pod("a", "1")), ("b.yaml", pod("b", "1"))]));
    let places = |bench: &mut Bench| -> HashMap<Arc<str>, Arc<[Place]>> {
        let files = bench.update().into_iter();
        let places = files.map(|file| match file.found {
            Found::Places { places, .. } => (file.path, places),
            Found::Unreadable { .. } => panic!("{} can be read", file.path),
        });
        places.collect()
    };
    let before = places(&mut bench);
    let other = OtherCommit::new("Another tag").write("a.yaml", pod("a", "2"));
    bench.origin.commit(&other).unwrap();
    let after = places(&mut bench);
    assert!(Arc::ptr_eq(&before["b.yaml"], &after["b.yaml"]));
    assert!(!Arc::ptr_eq(&before["a.yaml"], &after["a.yaml"]));
    assert_eq!(after["a.yaml"][0].text, "example.com/a:2");
}

#[test]
fn what_is_gone_is_forgotten() {
    let mut bench = Bench::new(&named(&[("a.yaml", pod("a", "1"))]));
    bench.update();
    let readings = Readings::plain();
    bench.index.update(&mut bench.mirror, &[], &readings).unwrap();
    assert!(bench.index.known.is_empty());
}

#[test]
fn a_mirror_that_is_damaged_costs_nothing_that_is_known() {
    let mut bench = Bench::new(&named(&[("a.yaml", pod("a", "1"))]));
    bench.update();
    let mut files = bench.files();
    files.push(TreeFile {
        path: "b.yaml".to_owned(),
        blob: ObjectId::of_blob(b"nobody has this"),
    });
    let readings = Readings::plain();
    let updated = bench.index.update(&mut bench.mirror, &files, &readings);
    updated.expect_err("b is missing");
    assert_eq!(bench.index.known.len(), 1);
}

#[test]
fn what_cannot_be_read_says_so_and_stops_nobody() {
    let mut bench = Bench::new(&named(&[
        ("a.yaml", pod("a", "1")),
        ("b.yaml", "image: [\n".to_owned()),
        ("c.md", "image: [\n".to_owned()),
    ]));
    expect_test::expect![[r#"
        a.yaml: example.com/a:1
        b.yaml:1: not valid YAML: unclosed bracket '['
    "#]]
    .assert_eq(&shown(&bench.update()));
}

/// Names and texts of files, few of each, so that equal contents meet under different names.
fn tree() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = prop::sample::select(vec![
        "values.yaml",
        "kustomization.yaml",
        "app.yaml",
        "app.json",
        "notes.txt",
    ]);
    let text = prop_oneof![
        (0..9_u32).prop_map(|tag| pod("web", &tag.to_string())),
        (0..9_u32).prop_map(|tag| format!("image: example.com/web:{tag}\n")),
        (0..9_u32).prop_map(|tag| format!("images:\n- name: web\n  newTag: 1.{tag}\n")),
        (0..9_u32).prop_map(|tag| format!("web: {{sideImage: example.com/web:{tag}}}\n---\n{}", pod("a", "1"))),
        (0..9_u32).prop_map(|tag| format!("apiVersion: v1\nkind: ConfigMap\ndata: {{a: '{tag}'}}\n")),
        (0..9_u32).prop_map(|tag| format!("image: [{tag}\n")),
        "[a-z:\\-\n# {}]{0,40}".prop_map(|text| format!("image: {text}")),
    ];
    let path = (0..60_u32, name).prop_map(|(folder, name)| format!("{folder}/{name}"));
    prop::collection::hash_map(path, text, 1..300).prop_map(|files| files.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_index_finds_what_reading_each_file_finds(files in tree()) {
        let mut bench = Bench::new(&files);
        let expected = bench.one_by_one();
        prop_assert_eq!(bench.update(), expected.clone());
        prop_assert_eq!(bench.update(), expected);
    }
}

const FIELDS: &str = "
rules:
  - {match: {path: 'engines/*', field: spec.image}, policy: 'semver:*'}
  - {match: {repository: other, field: spec.other}, policy: 'semver:*'}
  - {match: {path: 'engines/*', field: spec.image, kind: Engine}, policy: 'semver:*'}
  - {match: {path: '**/b.yaml', field: spec.more}, policy: 'semver:*'}
repositories:
  - {name: fleet, url: 'file:///srv/fleet.git', branch: main}
  - {name: other, url: 'file:///srv/other.git', branch: main}
";

#[test]
fn the_fields_of_rules_are_looked_for_in_the_files_that_they_are_for() {
    let config = crate::config::parse_for_tests(FIELDS);
    let readings = Readings::new(&config, "fleet");
    let fields = |path: &str| {
        let fields = readings.of(path).fields;
        fields.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(fields("engines/a.yaml"), ["spec.image"]);
    assert_eq!(fields("engines/b.yaml"), ["spec.image", "spec.more"]);
    assert!(fields("a.yaml").is_empty());
    let engine = "spec: {image: example.com/a:1, more: example.com/b:1}\n".to_owned();
    let mut bench = Bench::new(&named(&[
        ("a.yaml", engine.clone()),
        ("engines/a.yaml", engine.clone()),
        ("engines/b.yaml", engine),
    ]));
    let files = bench.files();
    let found = bench.index.update(&mut bench.mirror, &files, &readings).unwrap();
    expect_test::expect![[r#"
        engines/a.yaml: example.com/a:1
        engines/b.yaml: example.com/a:1 example.com/b:1
    "#]]
    .assert_eq(&shown(&found));
}

#[test]
fn of_many_notes_the_first_are_kept_and_the_others_counted() {
    let text: String = (0..MOST_NOTES + 20)
        .map(|number| format!("a{number}: 1 # {{\"$imagepolicy\": \"stable\"}}\n"))
        .collect();
    let Found::Places { notes, .. } = Readings::plain().of("values.yaml").find(text.as_bytes()) else {
        panic!("it can be read");
    };
    assert_eq!(notes.len(), MOST_NOTES + 1);
    expect_test::expect!["20 more problems of this file are not told"].assert_eq(&notes[MOST_NOTES].message);
    assert_eq!(notes[MOST_NOTES].location.line, MOST_NOTES + 1);
}
