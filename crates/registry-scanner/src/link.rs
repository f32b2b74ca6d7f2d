//! The next page of a list: the `Link` header (RFC 8288), followed only to the same list on the same origin.

use http::HeaderMap;
use http::header::LINK;
use transport::{Origin, Redactor, one_line};
use url::Url;

use crate::location::resolve;

/// The longest `Link` that is read. The address in it is kept with each page until the list has been read.
const LONGEST: usize = 8 * 1024;

/// Why a `Link` cannot be followed. The list is then incomplete: there is more of it somewhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LinkError {
    #[error("the `Link` to the next page cannot be read")]
    Unreadable,
    #[error("the `Link` to the next page leads away from this list, to `{0}`")]
    Elsewhere(String),
    #[error("the answer has several different `Link`s to a next page")]
    Several,
}

impl LinkError {
    /// Without our own secrets, which the server may have written into the address.
    pub(crate) fn redacted(self, redactor: &Redactor) -> Self {
        match self {
            Self::Elsewhere(target) => Self::Elsewhere(redactor.safe_text(target.as_bytes(), usize::MAX)),
            other => other,
        }
    }
}

/// The address of the next page, or `None` where there is none.
///
/// `current` is the address of the page whose `headers` these are, `path` that of the list.
pub(crate) fn next_page(headers: &HeaderMap, current: &Url, path: &str) -> Result<Option<Url>, LinkError> {
    let mut next: Option<Url> = None;
    for value in headers.get_all(LINK) {
        let text = value.to_str().map_err(|_| LinkError::Unreadable)?;
        if text.len() > LONGEST {
            return Err(LinkError::Unreadable);
        }
        for target in targets(text)? {
            let url = check(current, path, target)?;
            if next.as_ref().is_some_and(|known| *known != url) {
                return Err(LinkError::Several);
            }
            next = Some(url);
        }
    }
    Ok(next)
}

/// Where a link leads: the same origin and the same path, only the query may differ.
fn check(current: &Url, path: &str, target: &str) -> Result<Url, LinkError> {
    let elsewhere = || LinkError::Elsewhere(one_line(target, 200));
    let url = resolve(current, target).map_err(|_| elsewhere())?;
    if Origin::of(&url) == Origin::of(current) && url.path() == path {
        Ok(url)
    } else {
        Err(elsewhere())
    }
}

/// The targets of the links that say `rel="next"`, as written.
fn targets(header: &str) -> Result<Vec<&str>, LinkError> {
    let mut found = Vec::new();
    let mut rest = header.trim_start_matches([' ', '\t', ',']);
    while !rest.is_empty() {
        let inner = rest.strip_prefix('<').ok_or(LinkError::Unreadable)?;
        let (target, after) = inner.split_once('>').ok_or(LinkError::Unreadable)?;
        let (is_next, after) = parameters(after)?;
        if is_next {
            found.push(target);
        }
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    Ok(found)
}

/// Reads `; name=value` up to the comma before the next link: whether one of them is `rel` with `next`, and what is left.
fn parameters(text: &str) -> Result<(bool, &str), LinkError> {
    let mut is_next = false;
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix(';') {
        let after = after.trim_start();
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, tail) = (after[..end].trim(), &after[end..]);
        let (value, tail) = match tail.strip_prefix('=') {
            Some(tail) => value(tail.trim_start())?,
            None => ("", tail),
        };
        let next = |word: &str| word.eq_ignore_ascii_case("next");
        if name.eq_ignore_ascii_case("rel") && value.split_ascii_whitespace().any(next) {
            is_next = true;
        }
        rest = tail.trim_start();
    }
    if rest.is_empty() || rest.starts_with(',') {
        Ok((is_next, rest))
    } else {
        Err(LinkError::Unreadable)
    }
}

/// A token, or a quoted text, which is given with its escapes: no relation has any.
fn value(text: &str) -> Result<(&str, &str), LinkError> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut escaped = false;
        let end = quoted.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        });
        let end = end.ok_or(LinkError::Unreadable)?;
        return Ok((&quoted[..end], &quoted[end + 1..]));
    }
    let end = text.find([';', ',']).unwrap_or(text.len());
    Ok((text[..end].trim(), &text[end..]))
}

#[cfg(test)]
mod tests;
