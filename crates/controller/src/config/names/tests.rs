use super::*;

#[test]
fn names_are_plain_words() {
    for text in ["stable", "a", "team-a.prod_1", "A9"] {
        assert_eq!(Name::parse(text).unwrap().as_str(), text);
    }
    for text in ["", "-a", "a-", "a b", "a/b", "ns:name", "é", ".a", &"a".repeat(64)] {
        assert!(Name::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn authors_have_a_name_and_an_address() {
    let author = Author::parse("Tidemark <tidemark@example.com>").unwrap();
    assert_eq!(
        (author.name.as_str(), author.email.as_str()),
        ("Tidemark", "tidemark@example.com")
    );
    assert_eq!(Author::parse(&author.to_string()), Ok(author));
    assert!(Author::parse(Author::DEFAULT).is_ok());
    for text in [
        "",
        "Tidemark",
        "<a@b.c>",
        "T <>",
        "T <a>",
        "T <a@b",
        "T <a@b> x",
        "T\n <a@b.c>",
        "T <a@ b>",
        "T. <a@b.c>",
    ] {
        assert!(Author::parse(text).is_err(), "{text:?}");
    }
}
