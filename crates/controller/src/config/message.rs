//! The template of a commit's message: text with a handful of placeholders, nothing that is executed.

/// Longest template, in bytes.
const LONGEST_TEMPLATE: usize = 4096;

/// Longest message that is made of one, in bytes: the writer of commits takes 64 KiB.
const LONGEST_MESSAGE: usize = 60 * 1024;

/// The message of a commit, with `{summary}`, `{changes}`, `{count}`, `{repository}` and `{branch}` to be filled in.
///
/// `{{` and `}}` stand for the braces themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageTemplate {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Placeholder(Placeholder),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Placeholder {
    Summary,
    Changes,
    Count,
    Repository,
    Branch,
}

/// The names that may stand in braces.
const PLACEHOLDERS: [(&str, Placeholder); 5] = [
    ("summary", Placeholder::Summary),
    ("changes", Placeholder::Changes),
    ("count", Placeholder::Count),
    ("repository", Placeholder::Repository),
    ("branch", Placeholder::Branch),
];

/// What the placeholders of one commit stand for.
#[derive(Debug, Clone, Copy)]
pub struct MessageValues<'a> {
    /// One line that says what the commit does: `Update ghcr.io/acme/api to 1.9.2`.
    pub summary: &'a str,
    /// A line per change, old and new value.
    pub changes: &'a str,
    /// How many values change.
    pub count: usize,
    /// The name of the repository in the configuration.
    pub repository: &'a str,
    /// The branch that is written to.
    pub branch: &'a str,
}

impl MessageTemplate {
    /// The template that is used where none is configured.
    pub const DEFAULT: &'static str = "{summary}\n\n{changes}\n";

    /// Takes a template.
    ///
    /// # Errors
    ///
    /// It is empty or too long, a brace is not closed, or a placeholder does not exist.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("a commit needs a message".to_owned());
        }
        if text.len() > LONGEST_TEMPLATE {
            return Err(format!("a template is at most {LONGEST_TEMPLATE} bytes long"));
        }
        if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err("a template holds no control characters but line ends".to_owned());
        }
        Ok(Self {
            text: text.to_owned(),
            parts: parts(text)?,
        })
    }

    /// The template as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The message of one commit, ending in one line end. What the values hold is never read as a template again.
    pub fn render(&self, values: &MessageValues<'_>) -> String {
        let mut message = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => message.push_str(text),
                Part::Placeholder(Placeholder::Summary) => message.push_str(values.summary),
                Part::Placeholder(Placeholder::Changes) => message.push_str(values.changes),
                Part::Placeholder(Placeholder::Count) => message.push_str(&values.count.to_string()),
                Part::Placeholder(Placeholder::Repository) => message.push_str(values.repository),
                Part::Placeholder(Placeholder::Branch) => message.push_str(values.branch),
            }
        }
        let end = message.floor_char_boundary(LONGEST_MESSAGE.min(message.len()));
        message.truncate(end);
        message.truncate(message.trim_end().len());
        message.push('\n');
        message
    }
}

fn parts(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        let (brace, after) = rest[at..].split_at(1);
        if let Some(after) = after.strip_prefix(brace) {
            literal.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err("a `}` closes nothing; write `}}` for the brace itself".to_owned());
        }
        let (name, after) = after
            .split_once('}')
            .ok_or_else(|| "a `{` is not closed; write `{{` for the brace itself".to_owned())?;
        parts.push(Part::Text(std::mem::take(&mut literal)));
        parts.push(Part::Placeholder(placeholder(name)?));
        rest = after;
    }
    literal.push_str(rest);
    parts.push(Part::Text(literal));
    Ok(parts)
}

fn placeholder(name: &str) -> Result<Placeholder, String> {
    let found = PLACEHOLDERS.into_iter().find(|(known, _)| *known == name);
    found.map(|(_, placeholder)| placeholder).ok_or_else(|| {
        let known: Vec<String> = PLACEHOLDERS.iter().map(|(name, _)| format!("`{{{name}}}`")).collect();
        format!(
            "`{{{}}}` is no placeholder; there are {}",
            transport::one_line(name, 40),
            known.join(", ")
        )
    })
}

#[cfg(test)]
mod tests;
