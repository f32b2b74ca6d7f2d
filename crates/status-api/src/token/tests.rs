use std::fs;

use expect_test::{Expect, expect};
use tempfile::TempDir;
use transport::chain;

use super::*;

const GOOD: &str = "s3cret-s3cret-s3cret";

fn file(content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("token");
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn check(content: impl AsRef<[u8]>, expected: &Expect) {
    let (folder, path) = file(content);
    let told = match Token::read(&path) {
        Ok(token) => format!("a token of {} characters", token.0.expose().len()),
        Err(error) => chain(&error)
            .to_string()
            .replace(&folder.path().display().to_string(), ""),
    };
    expected.assert_eq(&told);
}

#[test]
fn white_space_around_it_is_not_part_of_a_token() {
    check(format!("{GOOD}\n"), &expect!["a token of 20 characters"]);
    check(format!("\r\n  {GOOD}\t\r\n\n"), &expect!["a token of 20 characters"]);
    check("x".repeat(16), &expect!["a token of 16 characters"]);
    check("x".repeat(4096), &expect!["a token of 4096 characters"]);
}

#[test]
fn what_is_no_token_is_told_without_showing_it() {
    check("", &expect!["failed to read the token in `/token`: it is empty"]);
    check("\n \n", &expect!["failed to read the token in `/token`: it is empty"]);
    check(
        "x".repeat(15),
        &expect![
            "failed to read the token in `/token`: it is shorter than 16 characters; `openssl rand -hex 32` makes a good one"
        ],
    );
    check(
        "x".repeat(4097),
        &expect!["failed to read the token in `/token`: it is longer than 4096 characters"],
    );
    check(
        "x".repeat(1 << 20),
        &expect!["failed to read the token in `/token`: it is longer than 4096 characters"],
    );
    check(
        format!("{GOOD} {GOOD}"),
        &expect![
            "failed to read the token in `/token`: it holds something else than visible ASCII characters on one line"
        ],
    );
    check(
        format!("{GOOD}é"),
        &expect![
            "failed to read the token in `/token`: it holds something else than visible ASCII characters on one line"
        ],
    );
    check(
        b"\xff\xfe0123456789abcdef",
        &expect![
            "failed to read the token in `/token`: it holds something else than visible ASCII characters on one line"
        ],
    );
}

#[test]
fn a_file_that_is_none_is_not_read() {
    let folder = TempDir::new().unwrap();
    let told = |path: &Path| chain(&Token::read(path).unwrap_err()).to_string();
    assert!(told(folder.path()).ends_with("it is no file"));
    assert!(told(&folder.path().join("absent")).contains("No such file"));
}

#[test]
fn only_the_very_same_text_is_it() {
    let (_folder, path) = file(GOOD);
    let token = Token::read(&path).unwrap();
    assert!(token.is(GOOD.as_bytes()));
    for other in [
        "",
        "s",
        "s3cret-s3cret-s3cre",
        "s3cret-s3cret-s3cret ",
        "S3cret-s3cret-s3cret",
    ] {
        assert!(!token.is(other.as_bytes()), "{other}");
    }
}

#[test]
fn a_token_is_never_printed() {
    let (_folder, path) = file(GOOD);
    let token = Token::read(&path).unwrap();
    assert_eq!(format!("{token:?} {:?}", token.header()), "Token([secret]) Sensitive");
}
