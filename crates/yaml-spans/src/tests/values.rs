//! The YAML 1.2 core schema.

use crate::{Stream, Value, plain_value};

fn is_text(plain: &str) -> bool {
    plain_value(plain) == Value::Text(plain)
}

#[test]
fn plain_text_means_what_the_core_schema_says() {
    for null in ["", "~", "null", "Null", "NULL"] {
        assert_eq!(plain_value(null), Value::Null, "{null}");
    }
    for (text, value) in [("true", true), ("True", true), ("TRUE", true), ("false", false)] {
        assert_eq!(plain_value(text), Value::Bool(value), "{text}");
    }
    let whole = [("0", 0), ("012", 12), ("-7", -7), ("+7", 7), ("0x1F", 31), ("0o17", 15)];
    for (text, value) in whole {
        assert_eq!(plain_value(text), Value::Int(value), "{text}");
    }
    let numbers = [
        ("1.10", 1.1),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-1.5E-1", -0.15),
    ];
    for (text, value) in numbers {
        assert_eq!(plain_value(text), Value::Float(value), "{text}");
    }
    assert_eq!(plain_value("-.inf"), Value::Float(f64::NEG_INFINITY));
    assert_eq!(plain_value("+.INF"), Value::Float(f64::INFINITY));
    assert!(matches!(plain_value(".nan"), Value::Float(number) if number.is_nan()));
}

#[test]
fn other_plain_text_is_text() {
    let texts = [
        "nUll",
        "yes",
        "no",
        "on",
        "tRue",
        "1_000",
        "0b1",
        "0x",
        "0o8",
        "-0x1",
        "1.2.3",
        "e3",
        "1e",
        "1e+",
        ".",
        "..",
        "-",
        "+",
        ".e1",
        "1:30",
        "2024-01-01",
        ".Nan",
        "inf",
        "nan",
        "infinity",
        "v1",
        "1 2",
    ];
    for text in texts {
        assert!(is_text(text), "{text}");
    }
}

#[test]
fn numbers_beyond_all_types_are_floats() {
    let digits = "9".repeat(60);
    assert!(matches!(plain_value(&digits), Value::Float(_)));
    assert!(matches!(plain_value(&format!("0x{digits}")), Value::Float(_)));
}

#[test]
fn quotes_and_tags_decide_before_the_text() {
    let text = "['1', !!str 1, ! 1, !!int 1, !!float 1, !!int x, !!bool 'true', !own 1]";
    let stream = Stream::parse(text).unwrap();
    let items = stream.documents().next().unwrap().root().as_sequence().unwrap().items();
    let values = items.map(|item| item.as_scalar().unwrap().value()).collect::<Vec<_>>();
    let one = Value::Text("1");
    assert_eq!(
        values,
        [
            one,
            one,
            one,
            Value::Int(1),
            Value::Int(1),
            Value::Text("x"),
            Value::Bool(true),
            one
        ]
    );
}
