//! Globs: over names, where `*` is any run of characters, and over paths, where `*` stops at `/` and `**` does not.

use std::fmt;

/// Longest glob that is taken, in bytes: matching costs its length times the length of the text.
const LONGEST_GLOB: usize = 512;

/// A pattern for names: `*` is any run of characters (also none), `?` exactly one, all else is itself; whole text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Glob(String);

/// A pattern for paths within a repository: as [`Glob`], but `*` and `?` stop at `/`; `**` does not.
///
/// `**/` also stands for no folder at all: `**/app.yaml` matches `app.yaml`, and `clusters/**` everything below `clusters`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathGlob(String);

impl Glob {
    /// Takes a pattern.
    ///
    /// # Errors
    ///
    /// It is empty, too long, or holds control characters.
    pub fn parse(text: &str) -> Result<Self, String> {
        check_text(text)?;
        Ok(Self(text.to_owned()))
    }

    /// Whether the whole of `text` fits.
    pub fn matches(&self, text: &str) -> bool {
        matches(&name_tokens(&self.0), text)
    }

    /// Whether `text` fits when upper and lower case (of ASCII) count as the same.
    pub fn matches_ignoring_case(&self, text: &str) -> bool {
        matches(&name_tokens(&self.0.to_ascii_lowercase()), &text.to_ascii_lowercase())
    }

    /// The text itself if the pattern fits nothing else.
    pub fn literal(&self) -> Option<&str> {
        (!self.0.contains(['*', '?'])).then_some(self.0.as_str())
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PathGlob {
    /// Takes a pattern.
    ///
    /// # Errors
    ///
    /// It is empty, too long, holds control characters, begins with `/`, or leads out of the repository.
    pub fn parse(text: &str) -> Result<Self, String> {
        check_text(text)?;
        if text.starts_with('/') {
            return Err("a path within a repository does not begin with `/`".to_owned());
        }
        if text.split('/').any(|part| part == "." || part == "..") {
            return Err("a path within a repository has no `.` and no `..`".to_owned());
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether the whole of `path`, with `/` between its folders and none before it, fits.
    pub fn matches(&self, path: &str) -> bool {
        matches(&path_tokens(&self.0), path)
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PathGlob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_text(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("a pattern must not be empty; `*` fits everything".to_owned());
    }
    if text.len() > LONGEST_GLOB {
        return Err(format!("a pattern is at most {LONGEST_GLOB} bytes long"));
    }
    if text.chars().any(char::is_control) {
        return Err("a pattern holds no control characters".to_owned());
    }
    Ok(())
}

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Literal(char),
    /// Exactly one character but `/`.
    OneInFolder,
    /// Exactly one character.
    One,
    /// Any run without `/`.
    RunInFolder,
    /// Any run.
    Run,
    /// Nothing, or any run that ends in `/`.
    Folders,
}

fn name_tokens(pattern: &str) -> Vec<Token> {
    pattern
        .chars()
        .map(|c| match c {
            '*' => Token::Run,
            '?' => Token::One,
            c => Token::Literal(c),
        })
        .collect()
}

fn path_tokens(pattern: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = pattern;
    let mut at_folder = true;
    while let Some(c) = rest.chars().next() {
        let (token, length) = match c {
            '*' if at_folder && rest.starts_with("**/") => (Token::Folders, 3),
            '*' if rest.starts_with("**") => (Token::Run, 2),
            '*' => (Token::RunInFolder, 1),
            '?' => (Token::OneInFolder, 1),
            c => (Token::Literal(c), c.len_utf8()),
        };
        tokens.push(token);
        rest = &rest[length..];
        at_folder = matches!(token, Token::Folders | Token::Literal('/'));
    }
    tokens
}

/// Follows all ways through the pattern at once, one character of the text at a time: never more steps than the length of
/// the pattern times that of the text, whatever the pattern.
fn matches(tokens: &[Token], text: &str) -> bool {
    let mut places = vec![false; tokens.len() + 1];
    places[0] = true;
    skip_empty(tokens, &mut places, true);
    for c in text.chars() {
        let mut next = vec![false; places.len()];
        for (at, _) in places.iter().enumerate().filter(|(_, reached)| **reached) {
            let Some(token) = tokens.get(at) else { continue };
            let (stays, moves) = step(*token, c);
            next[at] |= stays;
            next[at + 1] |= moves;
        }
        skip_empty(tokens, &mut next, c == '/');
        places = next;
    }
    places[tokens.len()]
}

/// Whether a token goes on after `c`, and whether it ends with it.
fn step(token: Token, c: char) -> (bool, bool) {
    match token {
        Token::Literal(wanted) => (false, wanted == c),
        Token::One => (false, true),
        Token::OneInFolder => (false, c != '/'),
        Token::Run => (true, false),
        Token::RunInFolder => (c != '/', false),
        Token::Folders => (true, c == '/'),
    }
}

/// Steps over the tokens that may stand for nothing. `Folders` may only where a folder begins.
fn skip_empty(tokens: &[Token], places: &mut [bool], folder_begins: bool) {
    for (at, token) in tokens.iter().enumerate() {
        let empty = match token {
            Token::Run | Token::RunInFolder => true,
            // Reached at its start, not in the middle of the run that it is reading.
            Token::Folders => folder_begins,
            Token::Literal(_) | Token::One | Token::OneInFolder => false,
        };
        places[at + 1] |= places[at] && empty;
    }
}

#[cfg(test)]
mod tests;
