//! Addresses that a server wrote into an answer, absolute or relative.

use transport::Origin;
use url::Url;

/// Resolves `text` against the address of the answer it stands in, or says what is wrong with it.
///
/// Texts that two readers of URLs could take for two different hosts are refused, whatever they mean to ours.
pub(crate) fn resolve(base: &Url, text: &str) -> Result<Url, &'static str> {
    if text.contains('\\') || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err("its address holds a character that readers of URLs disagree about");
    }
    let mut url = base.join(text).map_err(|_| "its address cannot be read")?;
    let absolute = if text.starts_with("//") {
        Some(format!("{}:{text}", base.scheme()))
    } else {
        has_scheme(text).then(|| text.to_owned())
    };
    if absolute.is_some_and(|text| Origin::of_text(&text).is_err()) {
        return Err("its address is written in an unusual form");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("its address carries a user name or password");
    }
    url.set_fragment(None);
    Ok(url)
}

/// Whether a `:` stands before anything that could only come later in a URL.
fn has_scheme(text: &str) -> bool {
    let end = text.find([':', '/', '?', '#']);
    end.is_some_and(|at| text[at..].starts_with(':'))
}
