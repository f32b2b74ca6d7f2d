use std::fs;

use expect_test::expect;
use tempfile::TempDir;

use super::*;

#[test]
fn what_is_in_the_file_counts_and_nothing_opens_without_it() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("token");
    let told = Told::default();
    let look = || match told.token(&file) {
        Access::Token(_) => "open to the token",
        Access::Closed => "closed",
        Access::ReadsOnly => "open",
    };
    assert_eq!(look(), "closed");
    fs::write(&file, "0123456789abcdef\n").unwrap();
    assert_eq!(look(), "open to the token");
    fs::write(&file, "").unwrap();
    assert_eq!(look(), "closed");
    let trouble = told.0.lock().unwrap().clone().unwrap();
    expect!["failed to read the token in `/token`: it is empty"]
        .assert_eq(&trouble.replace(&folder.path().display().to_string(), ""));
    fs::remove_file(&file).unwrap();
    assert_eq!(look(), "closed");
    assert!(told.0.lock().unwrap().is_some());
}
