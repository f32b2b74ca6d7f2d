use yaml_spans::{Kind, Stream};

use super::Text;

/// Each byte of the text in a literal block is the same byte of the file.
fn check(file: &str) {
    let stream = Stream::parse(file).unwrap();
    let value = stream.document(0).root().as_mapping().unwrap().get("a").unwrap();
    let Kind::Scalar(scalar) = value.kind() else {
        panic!("{file}")
    };
    let text = Text::read(scalar).unwrap().unwrap();
    assert!(text.is_literal(), "{file:?}");
    for (offset, char) in scalar.text().char_indices().filter(|(_, char)| *char != '\n') {
        let range = offset..offset + char.len_utf8();
        let outside = text.within_line(&range).unwrap();
        assert_eq!(&file[outside], &scalar.text()[range], "{file:?} at {offset}");
    }
}

#[test]
fn bytes_of_a_literal_block_are_found_in_the_file() {
    check("a: |\n  image: b\n");
    check("a: |\n  image: b");
    check("a: |-\n  image: b\n\n  c: d\n\n\n");
    check("a: |+ # why\n\n\n  image: b\n   \n  c:\n    d: é\n\n# end\n");
    check("a: |2\n   # x\n  image: b\n");
    check("a: |\r\n  image: b\r\n\r\n  c: d\r\n");
    check("\u{feff}a: |\n \n  image: b\n \n");
    check("z: 1\na: |\n  image: b\nb: 2\n");
}

#[test]
fn other_styles_hide_their_bytes() {
    for file in ["a: 'image: b'", "a: >\n  image: b\n", "a: \"image: b\\n\""] {
        let stream = Stream::parse(file).unwrap();
        let value = stream.document(0).root().as_mapping().unwrap().get("a").unwrap();
        let text = Text::read(value.as_scalar().unwrap()).unwrap().unwrap();
        assert!(!text.is_literal(), "{file}");
        assert_eq!(text.outside(0..1), value.span());
    }
}
