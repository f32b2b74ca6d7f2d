//! Writes YAML: block style, texts in quotes wherever another reader might take them for something else.

use serde_json::Value;
use yaml_spans::plain_value;

/// What YAML 1.1 readers take for booleans.
const OLD_BOOLEANS: [&str; 8] = ["y", "n", "yes", "no", "on", "off", "true", "false"];

/// The document of a value, which is only as deep as whoever made it built it.
pub(super) fn yaml(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value, 0);
    text
}

fn write_value(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (number, (key, value)) in fields.iter().enumerate() {
                // The first key of a list's item stands behind its dash.
                if number > 0 || !text.ends_with("- ") {
                    text.push_str(&"  ".repeat(depth));
                }
                text.push_str(&scalar(key));
                text.push(':');
                write_inner(text, value, depth + 1);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&"  ".repeat(depth));
                text.push_str("- ");
                write_value(text, item, depth + 1);
            }
        }
        value => {
            text.push_str(&flow(value));
            text.push('\n');
        }
    }
}

fn write_inner(text: &mut String, value: &Value, depth: usize) {
    let block = match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    text.push(if block { '\n' } else { ' ' });
    write_value(text, value, depth);
}

fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => scalar(text),
        // Numbers, booleans, and what is empty are the same in JSON.
        other => other.to_string(),
    }
}

/// Plain where every reader of YAML takes it for the same text, in quotes everywhere else.
fn scalar(text: &str) -> String {
    let is_text = matches!(plain_value(text), yaml_spans::Value::Text(_));
    let old_boolean = OLD_BOOLEANS.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is_text && !old_boolean && (is_word(text) || is_quantity(text)) {
        text.to_owned()
    } else {
        Value::from(text).to_string()
    }
}

/// A word, a path or an address: `main`, `/var/lib`, `https://git.example.com/fleet.git`.
fn is_word(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._/@+:-".contains(&byte);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') && !text.ends_with(':') && text.bytes().all(plain)
}

/// A number with a unit: `30s`, `64MiB`. Old readers take some numbers for octal, hexadecimal or dates; none ends so.
fn is_quantity(text: &str) -> bool {
    text.starts_with(|c: char| matches!(c, '1'..='9'))
        && text.ends_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn only_what_cannot_be_mistaken_is_plain() {
        let texts = "main /var/lib https://a.example/b.git 30s 64MiB a:b yes off Y null ~ true 1.10 1e5 0x1f 012h 2024-01-01 a: #a -a *a {}";
        let written: Vec<String> = texts.split(' ').map(scalar).collect();
        expect![[r##"main /var/lib https://a.example/b.git 30s 64MiB a:b "yes" "off" "Y" "null" "~" "true" "1.10" "1e5" "0x1f" "012h" "2024-01-01" "a:" "#a" "-a" "*a" "{}""##]].assert_eq(&written.join(" "));
    }
}
