//! Names and authors.

use std::fmt;

/// Longest name, in bytes.
const LONGEST_NAME: usize = 63;

/// What a policy or a repository is called in the configuration: `stable`, `fleet`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Takes a name of letters, digits, `-`, `_` and `.`, beginning and ending with a letter or digit.
    ///
    /// # Errors
    ///
    /// The rule that the text breaks.
    pub fn parse(text: &str) -> Result<Self, String> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let edges = |edge: Option<&u8>| edge.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = text.as_bytes();
        if text.len() > LONGEST_NAME {
            return Err(format!("a name is at most {LONGEST_NAME} characters long"));
        }
        if !bytes.iter().copied().all(plain) || !edges(bytes.first()) || !edges(bytes.last()) {
            return Err(
                "a name is letters, digits, `-`, `_` and `.`, and begins and ends with a letter or digit".to_owned(),
            );
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who commits: `Tidemark <tidemark@example.com>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The name before the brackets.
    pub name: String,
    /// The address in the brackets.
    pub email: String,
}

impl Author {
    /// The author of commits where none is configured.
    pub const DEFAULT: &'static str = "Tidemark <tidemark@localhost>";

    /// Takes `NAME <EMAIL>`.
    ///
    /// # Errors
    ///
    /// One of them is missing, or holds what git does not keep.
    pub fn parse(text: &str) -> Result<Self, String> {
        const WANTED: &str = "an author is written `NAME <EMAIL>`";
        if text.len() > 256 || text.chars().any(char::is_control) {
            return Err(format!("{WANTED}, on one line of at most 256 bytes"));
        }
        let (name, rest) = text.split_once('<').ok_or_else(|| WANTED.to_owned())?;
        let email = rest.trim_end().strip_suffix('>').ok_or_else(|| WANTED.to_owned())?;
        let (name, email) = (name.trim(), email.trim());
        if name.is_empty() || name.contains('>') {
            return Err(format!("{WANTED}; the name is missing"));
        }
        // Git drops these characters at the edges of a name, and the author shown would be another than the one configured.
        if name.starts_with(CRUFT) || name.ends_with(CRUFT) {
            return Err("the name of an author begins and ends with none of `.,:;<>\"\\'`".to_owned());
        }
        if email.len() < 3 || !email.contains('@') || email.contains(['<', '>', ' ']) {
            return Err(format!("{WANTED}; the address is not one"));
        }
        Ok(Self {
            name: name.to_owned(),
            email: email.to_owned(),
        })
    }
}

/// What git strips from the ends of names and addresses.
const CRUFT: [char; 9] = ['.', ',', ':', ';', '<', '>', '"', '\\', '\''];

impl fmt::Display for Author {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}

#[cfg(test)]
mod tests;
