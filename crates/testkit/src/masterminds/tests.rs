use expect_test::expect;

use super::*;

#[test]
fn each_question_has_an_answer() {
    let answers = masterminds(concat!(
        r#"{"constraint": "^1.2", "versions": ["1.4.0", "1.4.0-rc.1", "2.0.0", "latest"]}"#,
        "\n",
        r#"{"constraint": "foo", "versions": ["1"]}"#,
        "\n",
    ));
    expect![[r#"
        {"versions":[{"reads":true,"releases":true,"prereleases":true},{"reads":true,"releases":false,"prereleases":true},{"reads":true,"releases":false,"prereleases":false},{"reads":false,"releases":false,"prereleases":false}]}
        {"problem":"improper constraint: \"foo\"","versions":[{"reads":true,"releases":false,"prereleases":false}]}
    "#]]
    .assert_eq(&answers.unwrap());
}

#[test]
fn what_is_no_question_is_an_error() {
    let error = masterminds("{\"constraint\": 1}\n").unwrap_err().to_string();
    assert!(error.contains("masterminds: json: cannot unmarshal"), "{error}");
}
