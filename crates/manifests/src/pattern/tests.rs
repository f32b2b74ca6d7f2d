use super::{FieldPattern, FieldPatternError};

#[test]
fn patterns_print_as_they_are_written() {
    for text in [
        "image",
        "spec.engine.image",
        "spec.jobs[*].image",
        "spec.jobs[0].image",
        "spec.jobs[name=build].image",
        "spec.jobs[name=a b].steps[*][1].image",
        "spec.*.image",
        "*.image",
        "spec[\"a.b/c\"].image",
        "spec[\"*\"]",
        "spec.a/b.image",
    ] {
        assert_eq!(FieldPattern::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn what_is_no_pattern_is_told_where() {
    use FieldPatternError::{BeginsWithItem, Bracket, Empty, MissingKey, TooLong};
    for (text, error) in [
        ("", Empty),
        (".", MissingKey(0)),
        (".spec", MissingKey(0)),
        ("spec.", MissingKey(5)),
        ("spec..image", MissingKey(5)),
        ("spec.a b", MissingKey(5)),
        ("spec[", Bracket(4)),
        ("spec[]", Bracket(4)),
        ("spec[x]", Bracket(4)),
        ("spec[-1]", Bracket(4)),
        ("spec[=a]", Bracket(4)),
        ("spec[a=]", Bracket(4)),
        ("spec[\"]", Bracket(4)),
        ("spec[\"\"]", Bracket(4)),
        ("spec[99999999999999999999]", Bracket(4)),
        ("spec[0]image", MissingKey(7)),
        ("[0].image", BeginsWithItem),
        (&"a".repeat(513), TooLong),
        (&"a.".repeat(33).as_str()[..65], TooLong),
    ] {
        assert_eq!(FieldPattern::parse(text), Err(error), "{text}");
    }
}
