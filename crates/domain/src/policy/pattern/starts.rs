//! What every match of an expression begins with.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::Look;
use regex_syntax::hir::literal::Extractor;

use super::NESTED;

/// The texts, one of which every tag begins with that the expression matches; `None` if a match may begin anywhere or with anything.
///
/// `text` is as it was compiled.
pub(super) fn of(text: &str, unicode: bool) -> Option<Vec<String>> {
    let mut parser = ParserBuilder::new()
        .utf8(false)
        .unicode(unicode)
        .nest_limit(NESTED)
        .build();
    let hir = parser.parse(text).ok()?;
    // Only if every way through the expression passes the start of the text first.
    if !hir.properties().look_set_prefix().contains(Look::Start) {
        return None;
    }
    let starts = Extractor::new().extract(&hir);
    let texts = starts.literals()?.iter().map(|literal| {
        // What is no letter of a tag begins none.
        std::str::from_utf8(literal.as_bytes())
            .ok()
            .filter(|text| text.is_ascii())
    });
    Some(texts.flatten().map(str::to_owned).collect())
}
