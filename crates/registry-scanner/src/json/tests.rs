use super::*;

#[test]
fn doubles_are_found_at_any_depth() {
    let double = |text: &str| {
        let json = Json::parse(text.as_bytes()).expect("valid JSON");
        json.double_key().map(str::to_owned)
    };
    assert_eq!(double(r#"{"a": [{"b": 1, "b": 2}]}"#).as_deref(), Some("b"));
    assert_eq!(double(r#"{"a": {"b": 1}, "b": {"a": 2}}"#), None);
}

#[test]
fn sixty_four_levels_are_read_and_one_more_is_not() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Json::parse(nested(64).as_bytes()).is_ok());
    assert_eq!(Json::parse(nested(65).as_bytes()).err(), Some(JsonError::TooDeep));
    assert_eq!(Json::parse(nested(100_000).as_bytes()).err(), Some(JsonError::TooDeep));
}

#[test]
fn brackets_in_texts_do_not_count() {
    let text = format!(r#"["{}\"{}"]"#, "[".repeat(100), "{".repeat(100));
    assert!(Json::parse(text.as_bytes()).is_ok());
}

#[test]
fn an_error_says_where_and_never_what() {
    let error = Json::parse(b"{\"auths\": {\"a\": hunter2}}").err().expect("no JSON");
    assert_eq!(error.to_string(), "it is no JSON (line 1, column 17)");
}

#[test]
fn a_hundred_thousand_values_are_read_and_many_more_are_not() {
    let list = |value: &str, count: usize| format!("[{}{value}]", format!("{value},").repeat(count - 1));
    for value in ["0", "\"a,[b\"", "{}", "[]", "{\"a\":0}"] {
        assert!(Json::parse(list(value, 49_000).as_bytes()).is_ok(), "{value}");
        assert_eq!(
            Json::parse(list(value, 100_001).as_bytes()).err(),
            Some(JsonError::TooMany),
            "{value}"
        );
    }
}
