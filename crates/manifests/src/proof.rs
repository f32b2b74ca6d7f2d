//! The proof that an edit changed what it meant to, and nothing else.
//!
//! What lies outside the sections that were touched is the same bytes, and a
//! section means the same wherever it stands; so only those are read again, and
//! by the whole grammar: a short cut that misread a file cannot vouch for it.

use std::{collections::HashMap, ops::Range};

use yaml_spans::{Document, Kind, Node, Section, Stream, Style};

use crate::{
    quoting::plain_is_text,
    splice::{Shift, Splice, apply},
};

/// What the changed scalars are to be, by their number in the tree.
pub(crate) type Intended = HashMap<usize, (String, Style)>;

/// Parses what the splices touch again, and compares all of it with what was there.
///
/// # Errors
///
/// What differs.
pub(crate) fn prove(stream: &Stream, splices: &[Splice], intended: &Intended) -> Result<(), &'static str> {
    let mut rest = splices;
    for section in stream.sections() {
        let count = rest.partition_point(|splice| splice.range.start < section.span.end);
        let (inside, behind) = rest.split_at(count);
        rest = behind;
        if !inside.is_empty() {
            prove_section(stream, &section, inside, intended)?;
        }
    }
    if rest.is_empty() {
        Ok(())
    } else {
        Err("an edit lies outside the text")
    }
}

fn prove_section(
    stream: &Stream,
    section: &Section,
    splices: &[Splice],
    intended: &Intended,
) -> Result<(), &'static str> {
    let text = apply(stream.text(), section.span.clone(), splices);
    let edited = Stream::parse_by_grammar(text).map_err(|_| "it is no YAML any more")?;
    let comparison = Comparison {
        shift: Shift::new(splices, section.span.start),
        first: stream.nodes_of(section).next().map_or(0, Node::id),
        intended,
    };
    let documents = section.documents.clone().map(|index| stream.document(index));
    comparison.documents(documents, &edited)?;
    comparison.comments(stream, &section.span, &edited)?;
    let (old, new) = (stream.nodes_of(section), edited.nodes());
    if old.len() != new.len() {
        return Err("a node came or went");
    }
    old.zip(new).try_for_each(|(old, new)| comparison.nodes(old, new))
}

struct Comparison<'a> {
    shift: Shift<'a>,
    /// The number of the first node of the section.
    first: usize,
    intended: &'a Intended,
}

impl Comparison<'_> {
    fn documents<'s>(
        &self,
        old: impl ExactSizeIterator<Item = Document<'s>>,
        new: &Stream,
    ) -> Result<(), &'static str> {
        let new = new.documents();
        let same = |(old, new): (Document<'_>, Document<'_>)| {
            old.is_explicit() == new.is_explicit()
                && self.shift.of(old.start()) == new.start()
                && old.root().id() - self.first == new.root().id()
        };
        let equal = old.len() == new.len() && old.zip(new).all(same);
        equal.then_some(()).ok_or("a document changed")
    }

    fn comments(&self, old: &Stream, within: &Range<usize>, new: &Stream) -> Result<(), &'static str> {
        let (old, new) = (old.comments_in(within.clone()), new.comments());
        let equal = old.len() == new.len()
            && old
                .zip(new)
                .all(|(old, new)| old.text == new.text && self.shift.of(old.span().start) == new.span().start);
        equal.then_some(()).ok_or("a comment changed")
    }

    fn nodes(&self, old: Node<'_>, new: Node<'_>) -> Result<(), &'static str> {
        if self.span(old) != new.span() {
            return Err("a node moved");
        }
        let names = |node: Node<'_>| node.anchor().map(|anchor| anchor.name.to_owned());
        if old.tag() != new.tag() || names(old) != names(new) || old.size() != new.size() {
            return Err("a tag, an anchor or the structure changed");
        }
        match (old.kind(), new.kind()) {
            (Kind::Mapping(old), Kind::Mapping(new)) if old.layout() == new.layout() => Ok(()),
            (Kind::Sequence(old), Kind::Sequence(new)) if old.layout() == new.layout() => Ok(()),
            (Kind::Alias(old), Kind::Alias(new)) if old.target().id() - self.first == new.target().id() => Ok(()),
            (Kind::Scalar(old), Kind::Scalar(new)) => {
                let unchanged = (old.text(), old.style());
                let intended = self.intended.get(&old.node().id());
                let intended = intended.map_or(unchanged, |(text, style)| (text, *style));
                let kept = (new.text(), new.style()) == intended;
                let changed = intended != unchanged;
                let typed =
                    changed && new.style() == Style::Plain && new.node().tag().is_none() && !plain_is_text(new.text());
                if kept && !typed {
                    Ok(())
                } else {
                    Err("a scalar changed")
                }
            }
            _ => Err("the structure changed"),
        }
    }

    fn span(&self, node: Node<'_>) -> Range<usize> {
        let span = node.span();
        self.shift.of(span.start)..self.shift.of(span.end)
    }
}
