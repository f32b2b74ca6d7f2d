use super::plain_is_text;

#[test]
fn what_yaml_1_1_reads_as_something_else_is_no_text() {
    // Each of these is read by PyYAML 6 as null, a number, a date or truth; `y`, `n` and `=` only
    // by the type repository of YAML 1.1.
    let typed = [
        "1.10",
        "1e3",
        "0x1F",
        "012",
        "1_000",
        "no",
        "on",
        "null",
        "~",
        "2024-01-01",
        "22:22",
        "",
        "Null",
        "NULL",
        "y",
        "Y",
        "n",
        "N",
        "yes",
        "Yes",
        "YES",
        "No",
        "NO",
        "On",
        "ON",
        "off",
        "Off",
        "OFF",
        "true",
        "True",
        "TRUE",
        "false",
        "False",
        "FALSE",
        "0",
        "7",
        "-7",
        "+7",
        "08",
        "0b101",
        "0b1_0",
        "0_7",
        "1__",
        "190:20:30",
        "190:20:30.15",
        "1:30",
        "1.",
        "1.5",
        "1_0.5",
        ".5",
        "1.5e+3",
        "-.inf",
        ".Inf",
        ".nan",
        "<<",
        "=",
        "2001-12-14t21:59:43.10-05:00",
        "2001-12-14 21:59:43.10 -5",
        "2001-1-1 1:00:00Z",
        "685_230.15",
        "0o17",
    ];
    for text in typed {
        assert!(!plain_is_text(text), "{text}");
    }
}

#[test]
fn what_the_core_schema_reads_as_something_else_is_no_text() {
    for text in [
        "0o17", "1e3", "1E5", "12e03", "-2E+05", "1.5e3", "08", "09", "0xdead", ".NAN",
    ] {
        assert!(!plain_is_text(text), "{text}");
    }
}

#[test]
fn what_cannot_be_written_plain_is_no_text() {
    let special = [
        "@sha256:00",
        "`x",
        "%x",
        "&x",
        "*x",
        "!x",
        "|",
        ">",
        "'x'",
        "\"x\"",
        "#x",
        "[::1]:5000/x",
        "{x}",
        "a, b",
        "a: b",
        "a:",
        "a #b",
        "- a",
        "?",
        "-",
        ": x",
        "---",
        "a\nb",
        " a",
        "a ",
        "a\tb",
    ];
    for text in special {
        assert!(!plain_is_text(text), "{text}");
    }
}

#[test]
fn what_is_text_everywhere_needs_no_quotes() {
    let texts = [
        "1.2.3",
        "v1",
        "1.25-alpine",
        "latest",
        "nginx:1.25",
        "1:60",
        "1:2:99",
        "0:x",
        "1e",
        "e3",
        "0x",
        "0xg",
        "0b2",
        "0b",
        "_1",
        "1.2.3.4",
        "2024-1-1",
        "2024-01-01-rc1",
        "2024.01.01",
        "20240101T00",
        "2024-01",
        "nO",
        "oN",
        "yEs",
        "nullish",
        "1_000x",
        "a#b",
        "a:b",
        "-a",
        "?x",
        "0_8",
        "1.5e",
        "12:30pm",
        "a]",
        "inf",
        "nan",
        "NaN",
        "1-2",
        "..x",
        "sha256-1",
        "0o8",
        "b:1",
    ];
    for text in texts.iter().filter(|text| !text.contains(']')) {
        assert!(plain_is_text(text), "{text}");
    }
}
