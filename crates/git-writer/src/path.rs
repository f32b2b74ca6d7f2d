//! Paths inside a tree, as the server sent them: nothing of them is trusted.

/// Longest path of a file, in bytes.
pub(crate) const LONGEST_PATH: usize = 4096;

/// Deepest nesting of folders.
pub(crate) const DEEPEST_PATH: usize = 128;

/// Whether a component could mean something else to a file system or to git than a plain name.
///
/// No file is ever written under such a name here, but someone's checkout of our commit would
/// (CVE-2014-9390 and its kin); a repository that holds one is hostile or broken there.
pub(crate) fn is_hostile(name: &str) -> bool {
    name.is_empty()
        || name == "."
        || name == ".."
        || name.contains(['/', '\\'])
        || name.chars().any(char::is_control)
        || is_dot_git(name)
}

/// Whether some file system takes the name for `.git`.
fn is_dot_git(name: &str) -> bool {
    // HFS+ ignores these characters when it compares names.
    let ignored_by_hfs =
        |c: char| matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let seen: String = name
        .chars()
        .filter(|&c| !ignored_by_hfs(c))
        .collect::<String>()
        .to_ascii_lowercase();
    // NTFS drops trailing dots and spaces, ends the name at a colon, and knows `.git` as `git~1`.
    let stem = seen.split(':').next().unwrap_or_default().trim_end_matches(['.', ' ']);
    stem == ".git" || stem == "git~1"
}

/// Whether `path` is `prefix` or below it; folders count whole, so `prod` does not cover `production`.
pub(crate) fn is_within(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| prefix.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
