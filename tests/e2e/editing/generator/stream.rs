//! Documents one after another: a whole file.

use super::chance::Chance;
use super::tree::Node;
use super::writer::{Manner, Writer};
use super::written::Written;

/// How a whole file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    Yaml,
    Json,
}

/// Writes `documents` into one file.
pub(super) fn write(chance: &mut Chance, documents: &[Node], notation: Notation) -> Written {
    let manner = Manner::any(chance);
    let mut writer = Writer::new(chance, manner);
    match notation {
        Notation::Json => {
            writer.json(&documents[0]);
            writer.written.features.insert("JSON");
        }
        Notation::Yaml => stream(&mut writer, documents),
    }
    let mut written = writer.written;
    finish(chance, &mut written);
    written
}

fn stream(writer: &mut Writer, documents: &[Node]) {
    for (number, node) in documents.iter().enumerate() {
        begin(writer, number);
        let can_be_flow = !node.any(&|node| matches!(node, Node::Within(_)));
        if can_be_flow && writer.chance.once_in(25) {
            writer.document_in_brackets(number, node);
            writer.written.features.insert("a document in brackets");
        } else {
            writer.document(number, node);
        }
    }
    if documents.len() > 1 {
        writer.written.features.insert("several documents");
    }
    if writer.chance.once_in(15) {
        writer.written.put("...\n");
        writer.written.features.insert("an end of a document");
    }
}

/// What stands before a document.
fn begin(writer: &mut Writer, number: usize) {
    let has_directive = writer.chance.once_in(20);
    if number == 0 && writer.chance.once_in(6) {
        writer
            .written
            .put("# Deployed to all clusters; image: nginx:1.0 was the last.\n\n");
    }
    if has_directive {
        writer.written.features.insert("directives");
        if number > 0 {
            writer.written.put("...\n");
        }
        let directive = writer
            .chance
            .of(&["%YAML 1.2\n", "%YAML 1.1\n", "%TAG !e! tag:example.com,2000:\n"]);
        writer.written.put(directive);
    }
    if number > 0 || has_directive || writer.chance.once_in(4) {
        let comment = writer.chance.of(&["", "", "", " # image: nginx:1.0"]);
        writer.written.put(format!("---{comment}\n"));
    }
}

/// Line ends, the mark of the order of bytes, and the end.
fn finish(chance: &mut Chance, written: &mut Written) {
    if chance.once_in(12) && !written.needs_last_line_end {
        let last = written.pieces.pop().expect("a file has text");
        written.put(last.before.trim_end_matches('\n'));
        written.features.insert("no last line end");
    }
    match chance.below(40) {
        0..5 => {
            written.end_lines(|| "\r\n");
            written.features.insert("CRLF");
        }
        5 if !written.features.contains("a file within") => {
            written.end_lines(|| "\r");
            written.features.insert("CR");
        }
        6 => {
            written.end_lines(|| chance.of(&["\n", "\r\n"]));
            written.features.insert("LF and CRLF");
        }
        _ => {}
    }
    if chance.once_in(12) {
        written.pieces[0].before.insert(0, '\u{feff}');
        written.pieces[0].after.insert(0, '\u{feff}');
        written.features.insert("byte order mark");
    }
}
