use clap::{CommandFactory, Parser};
use expect_test::expect;

use super::*;

#[derive(Debug, Parser)]
#[command(name = "config")]
struct Alone {
    #[command(flatten)]
    args: Args,
}

/// The annotated sample.
fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/daemon.yaml")
}

#[test]
fn the_arguments_are_what_they_are_called() {
    Alone::command().debug_assert();
    assert!(Alone::try_parse_from(["config", "check", "f.yaml"]).is_ok());
    assert!(Alone::try_parse_from(["config", "check"]).is_err());
    assert!(Alone::try_parse_from(["config", "print", "--config", "f.yaml"]).is_ok());
    assert!(Alone::try_parse_from(["config", "print"]).is_ok());
    assert!(Alone::try_parse_from(["config", "schema"]).is_ok());
}

#[test]
fn a_fine_file_is_counted_out() {
    let environment = Environment {
        home: Some("/nowhere".into()),
        ..Environment::default()
    };
    let config = load(&sample(), &environment).unwrap();
    expect![[r#"
        daemon.yaml: fine (3 repositories, 9 policies, 4 rules)
    "#]]
    .assert_eq(&confirmation(Path::new("daemon.yaml"), &config));
}
