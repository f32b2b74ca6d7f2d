//! The whole way from text to configuration, and back.

mod broken;
mod reference;

use std::path::{Path, PathBuf};

use expect_test::{expect, expect_file};
use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// The folder of the samples.
fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config")
}

fn environment() -> Environment {
    Environment {
        home: Some("/home/someone".into()),
        ..Environment::default()
    }
}

fn read(text: &str) -> Result<Config, Problems> {
    parse(
        "daemon.yaml",
        text.as_bytes(),
        Path::new("/etc/tidemark"),
        &environment(),
    )
}

#[test]
fn the_annotated_sample_is_a_configuration() {
    load(&samples().join("daemon.yaml"), &environment()).unwrap();
}

#[test]
fn the_examples_are_configurations() {
    for name in ["github.yaml", "private-registry.yaml", "local.yaml"] {
        load(&samples().join("examples").join(name), &environment()).unwrap();
    }
}

/// Every key of the schema, with the numbers of list items left out.
fn keys_of(schema: &Value, root: &Value, path: &str, keys: &mut Vec<String>) {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let name = target.trim_start_matches("#/$defs/");
        return keys_of(&root["$defs"][name], root, path, keys);
    }
    for branch in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        keys_of(branch, root, path, keys);
    }
    if let Some(items) = schema.get("items") {
        keys_of(items, root, &format!("{path}[]"), keys);
    }
    for (key, value) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let key = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        keys.push(key.clone());
        keys_of(value, root, &key, keys);
    }
}

/// Whether a key of the schema is in a document.
fn holds(value: &Value, key: &str) -> bool {
    let (first, rest) = key.split_once('.').unwrap_or((key, ""));
    let name = first.trim_end_matches("[]");
    let Some(inner) = value.get(name) else { return false };
    let inner: Vec<&Value> = match inner {
        Value::Array(items) if first.ends_with("[]") => items.iter().collect(),
        other => vec![other],
    };
    rest.is_empty() || inner.iter().any(|inner| holds(inner, rest))
}

fn schema() -> Value {
    serde_json::from_str(&schema_text()).unwrap()
}

fn json_of(text: &str) -> Value {
    let stream = yaml_spans::Stream::parse(text).unwrap();
    json(stream.documents().next().unwrap().root())
}

fn json(node: yaml_spans::Node<'_>) -> Value {
    use yaml_spans::{Kind, Value as Scalar};
    match node.resolved().kind() {
        Kind::Mapping(mapping) => mapping
            .entries()
            .map(|entry| (entry.key.as_text().unwrap().to_owned(), json(entry.value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Kind::Sequence(items) => items.items().map(json).collect(),
        Kind::Scalar(scalar) => match scalar.value() {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => value.into(),
            Scalar::Int(_) | Scalar::Float(_) => {
                serde_json::from_str(scalar.text()).unwrap_or_else(|_| scalar.text().into())
            }
            Scalar::Text(text) => text.into(),
        },
        Kind::Alias(_) => unreachable!("aliases are resolved"),
    }
}

#[test]
fn the_annotated_sample_shows_every_key() {
    let sample = json_of(&std::fs::read_to_string(samples().join("daemon.yaml")).unwrap());
    let mut keys = Vec::new();
    keys_of(&schema(), &schema(), "", &mut keys);
    let second_spellings = ["policies[].glob", "policies[].regex"];
    let missing: Vec<String> = keys
        .into_iter()
        .filter(|key| !key.starts_with("rules[].policy."))
        .filter(|key| !second_spellings.contains(&key.as_str()))
        .filter(|key| !holds(&sample, key))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn the_schema_is_the_one_that_is_shipped() {
    expect_file!["../../../../config/schema.json"].assert_eq(&schema_text());
}

#[test]
fn every_format_of_the_schema_is_checked() {
    fn formats(schema: &Value, found: &mut Vec<String>) {
        match schema {
            Value::Object(fields) => {
                if let (Some("string"), Some(format)) =
                    (fields.get("type").and_then(Value::as_str), fields.get("format"))
                {
                    found.extend(format.as_str().map(str::to_owned));
                }
                fields.values().for_each(|value| formats(value, found));
            }
            Value::Array(items) => items.iter().for_each(|item| formats(item, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    formats(&schema(), &mut found);
    assert!(found.len() > 10);
    for format in found {
        let known = super::scalars::check_of(&format).is_some() || format == super::policy_file::ARGUMENT_FORMAT;
        assert!(known, "{format}");
    }
}

#[test]
fn every_example_of_the_schema_reads() {
    for (format, check) in super::scalars::FORMATS {
        let mut examples = Vec::new();
        super::tests::examples_of(&schema(), format, &mut examples);
        assert!(
            examples.iter().all(|example| check(example).is_none()),
            "{format}: {examples:?}"
        );
    }
}

fn examples_of(schema: &Value, format: &str, found: &mut Vec<String>) {
    match schema {
        Value::Object(fields) => {
            if fields.get("format").and_then(Value::as_str) == Some(format) {
                found.extend(
                    fields["examples"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str)
                        .map(str::to_owned),
                );
            }
            fields.values().for_each(|value| examples_of(value, format, found));
        }
        Value::Array(items) => items.iter().for_each(|item| examples_of(item, format, found)),
        _ => {}
    }
}

#[test]
fn what_is_printed_reads_as_the_same() {
    let sample = std::fs::read_to_string(samples().join("daemon.yaml")).unwrap();
    for text in [
        sample.as_str(),
        "{}",
        "policies: [{name: a, semver: }, {name: b, digest: x, pin: never}]",
    ] {
        let config = read(text).unwrap();
        let again = read(&config.print()).unwrap();
        assert_eq!(config, again, "{}", config.print());
    }
}

#[test]
fn the_defaults_are_those_of_the_documentation() {
    let config = read("{}").unwrap();
    expect![[r#"
        http:
          listen: "127.0.0.1:3030"
          auth:
            mode: none
        log:
          level: info
          format: text
        cache:
          embedded:
            maxSize: 64MiB
        state:
          file: /home/someone/.local/state/tidemark/state
        mirrors: /home/someone/.local/state/tidemark/mirrors
        registries:
          defaults:
            requestsPerSecond: 20
            burst: 10
            concurrency: 8
            timeout: 30s
            interval: 5m
            minInterval: 30s
            suspect:
              scans: 3
              span: 10m
          hosts: []
          include: []
          exclude: []
          credentialHelpers: []
          ecr:
            regions: []
            includeAccounts: []
            excludeAccounts:
              - "602401143452"
            roles: []
            require: false
          google:
            enabled: auto
          azure:
            enabled: auto
        policies: []
        rules: []
        repositories: []
    "#]]
    .assert_eq(&config.print());
}

#[test]
fn the_defaults_of_the_schema_are_those_in_force() {
    let host = "registries: {hosts: [{host: a.example}]}\nrepositories: [{name: a, url: file:///srv/a.git}]";
    let printed = json_of(&read(host).unwrap().print());
    let mut checked = 0;
    check_defaults(&schema(), &schema(), &printed, &mut checked);
    assert!(checked > 10, "{checked}");
}

fn check_defaults(schema: &Value, root: &Value, printed: &Value, checked: &mut usize) {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        return check_defaults(
            &root["$defs"][target.trim_start_matches("#/$defs/")],
            root,
            printed,
            checked,
        );
    }
    for branch in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        check_defaults(branch, root, printed, checked);
    }
    for item in printed.as_array().into_iter().flatten() {
        check_defaults(&schema["items"], root, item, checked);
    }
    for (key, value) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let Some(printed) = printed.get(key) else { continue };
        if let Some(default) = value.get("default") {
            assert_eq!(printed, default, "{key}");
            *checked += 1;
        }
        check_defaults(value, root, printed, checked);
    }
}

#[test]
fn relative_paths_begin_at_the_folder_of_the_file() {
    let config = read("{state: {file: state}, mirrors: /m, registries: {dockerConfig: d/config.json}}").unwrap();
    assert_eq!(config.state_file, Path::new("/etc/tidemark/state"));
    assert_eq!(config.mirrors, Path::new("/m"));
    assert!(config.print().contains("/etc/tidemark/d/config.json"));
}

#[test]
fn the_state_is_where_the_desktop_specification_puts_it() {
    let state = |home: Option<&str>, xdg: Option<&str>| {
        let (home, xdg_state_home) = (home.map(PathBuf::from), xdg.map(PathBuf::from));
        let environment = Environment {
            home,
            xdg_state_home,
            ..Environment::default()
        };
        parse("f", b"{}", Path::new("/"), &environment).map(|config| config.state_file)
    };
    assert_eq!(
        state(Some("/h"), None).unwrap(),
        Path::new("/h/.local/state/tidemark/state")
    );
    assert_eq!(state(Some("/h"), Some("/x")).unwrap(), Path::new("/x/tidemark/state"));
    assert_eq!(
        state(Some("/h"), Some("relative")).unwrap(),
        Path::new("/h/.local/state/tidemark/state")
    );
    assert_eq!(state(None, None).unwrap(), Path::new("/var/lib/tidemark/state"));
}

#[test]
fn the_minimum_between_scans_is_never_longer_than_the_interval() {
    let config = read("registries: {defaults: {interval: 10s}, hosts: [{host: a.example, interval: 1h}]}").unwrap();
    let of = |host: &str| config.schedules.of(&domain::reference::Registry::parse(host).unwrap());
    assert_eq!(of("b.example").min_interval.as_secs(), 10);
    assert_eq!(
        (
            of("a.example").interval.as_secs(),
            of("a.example").min_interval.as_secs()
        ),
        (3600, 10)
    );
    assert_eq!(of("A.Example"), of("a.example"));
}

#[test]
fn what_takes_effect_only_after_a_restart_is_named() {
    let old = read("{}").unwrap();
    let check =
        |text: &str, expected: &[&str]| assert_eq!(restart_needed(&old, &read(text).unwrap()), expected, "{text}");
    check("{}", &[]);
    check("{log: {level: debug}, registries: {defaults: {interval: 1m}}}", &[]);
    check(
        "{http: {listen: '127.0.0.1:1'}, mirrors: /m}",
        &["http.listen", "mirrors"],
    );
    check(
        "{state: {file: /s}, cache: {embedded: {maxSize: 1MiB}}}",
        &["state.file", "cache"],
    );
}

#[test]
fn the_commands_use_the_credentials_of_docker_where_there_is_no_configuration() {
    let docker = |environment: &Environment| scanner_for_cli(None, environment).unwrap().docker_config;
    let usual = |path: &str| Some(registry_scanner::DockerConfigFile::Usual(path.into()));
    assert_eq!(docker(&environment()), usual("/home/someone/.docker/config.json"));
    let environment = Environment {
        docker_config: Some("/d".into()),
        ..environment()
    };
    assert_eq!(docker(&environment), usual("/d/config.json"));
    let sample = scanner_for_cli(Some(&samples().join("daemon.yaml")), &environment).unwrap();
    assert_eq!(sample.hosts.len(), 2);
    assert!(sample.proxy.is_some());
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let error = load(Path::new("/nowhere/daemon.yaml"), &environment()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "failed to read the configuration `/nowhere/daemon.yaml`"
    );
}

#[test]
fn a_policy_survives_the_way_through_the_file() {
    let texts = [
        "semver:~1.4",
        "digest:latest",
        "semver:>=1.0.0 <2.0.0",
        "{digest: x, pin: never}",
        "{semver: '', prerelease: true}",
    ];
    for text in texts {
        let file = format!("rules: [{{match: {{}}, policy: {}}}]", Value::from(text));
        let config = read(&file).unwrap();
        assert_eq!(read(&config.print()).unwrap().rules, config.rules, "{text}");
    }
}

/// YAML with the file's own words in it, right and wrong.
fn yaml_like() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "http",
        "listen",
        "auth",
        "mode",
        "none",
        "registries",
        "hosts",
        "host",
        "defaults",
        "suspect",
        "policies",
        "name",
        "semver",
        "rules",
        "match",
        "policy",
        "repositories",
        "url",
        "file:///a",
        "1",
        "true",
        "30s",
        "~",
        "\"x\"",
        "&a",
        "*a",
        "<<",
        "cluster",
        "[",
        "]",
        "{",
        "}",
        ",",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\n    ",
        "|",
        "#",
        "!!str ",
        "? ",
        "\t",
        "é",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,60}") {
        let _ = read(&text);
    }

    #[test]
    fn no_yaml_panics_and_what_reads_prints(text in yaml_like()) {
        match read(&text) {
            Ok(config) => prop_assert_eq!(read(&config.print()), Ok(config)),
            Err(problems) => prop_assert!(!problems.to_string().contains("does not read"), "{}", problems),
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = parse("f", &bytes, Path::new("/"), &environment());
    }
}
