//! Fenced blocks and directives of a Markdown page.

use std::ops::Range;

/// Something on a page that has to be carried out.
#[derive(Debug)]
pub(super) struct Item<'a> {
    /// The line of its beginning, from 1.
    pub(super) line: usize,
    /// What stands behind the fence, or in the directive.
    pub(super) words: Vec<&'a str>,
    /// What stands between the fences; nothing for a directive.
    pub(super) body: &'a str,
    /// Where that is on the page.
    pub(super) span: Range<usize>,
    /// Whether it is a directive, unseen by readers.
    pub(super) directive: bool,
}

/// All of a page, in order.
///
/// # Panics
///
/// A fence is not closed.
pub(super) fn items(page: &str) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let mut open: Option<(usize, &str, usize)> = None;
    let mut offset = 0;
    for (index, line) in page.split_inclusive('\n').enumerate() {
        let text = line.trim();
        match open {
            Some((start, words, from)) if text == "```" => {
                items.push(Item {
                    line: start,
                    words: words.split_whitespace().collect(),
                    body: &page[from..offset],
                    span: from..offset,
                    directive: false,
                });
                open = None;
            }
            Some(_) => {}
            None => {
                if let Some(words) = text.strip_prefix("```") {
                    open = Some((index + 1, words, offset + line.len()));
                } else if let Some(words) = text
                    .strip_prefix("<!-- stage:")
                    .and_then(|rest| rest.strip_suffix("-->"))
                {
                    items.push(Item {
                        line: index + 1,
                        words: words.split_whitespace().collect(),
                        body: "",
                        span: offset..offset,
                        directive: true,
                    });
                }
            }
        }
        offset += line.len();
    }
    assert!(open.is_none(), "a fence is not closed: {open:?}");
    items
}

/// A command of a console, and what it prints by the page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) command: String,
    pub(super) shown: String,
}

/// The commands of a console: lines that begin with `$ `, continued behind a `\` or while a here-document is open.
pub(super) fn steps(body: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut continued = false;
    for line in body.lines() {
        if let Some(command) = line.strip_prefix("$ ").filter(|_| !continued) {
            steps.push(Step {
                command: command.to_owned(),
                shown: String::new(),
            });
        } else {
            let step = steps.last_mut().expect("a console begins with a command");
            if continued {
                step.command += "\n";
                step.command += line;
            } else {
                step.shown += line;
                step.shown.push('\n');
            }
        }
        let last = steps.last().expect("there is one by now");
        continued = last.shown.is_empty() && goes_on(&last.command);
    }
    steps
}

/// Whether the next line belongs to the command too.
fn goes_on(command: &str) -> bool {
    let (first, rest) = command.split_once('\n').unwrap_or((command, ""));
    match first.split_once("<<") {
        Some((_, end)) => rest.lines().last() != Some(end.trim_matches(['\'', '"', ' '])),
        None => command.ends_with('\\'),
    }
}

#[test]
fn blocks_and_directives_are_found_in_order() {
    let page =
        "a\n<!-- stage: push x 1 2 -->\n```yaml config a.yaml\nx: 1\n```\n```console\n$ a \\\n  b\nout\n$ c\n```\n";
    let items = items(page);
    let words: Vec<String> = items.iter().map(|item| item.words.join(" ")).collect();
    assert_eq!(words, ["push x 1 2", "yaml config a.yaml", "console"]);
    assert_eq!(items[1].body, "x: 1\n");
    let steps = steps(items[2].body);
    assert_eq!(steps[0].command, "a \\\n  b");
    assert_eq!(steps[0].shown, "out\n");
    assert_eq!(steps[1].command, "c");
}

#[test]
fn a_here_document_belongs_to_its_command() {
    let steps = steps("$ cat > a <<'END'\n1 \\\n\n$ 2\nEND\nout\n$ b\n");
    let commands: Vec<&str> = steps.iter().map(|step| step.command.as_str()).collect();
    assert_eq!(commands, ["cat > a <<'END'\n1 \\\n\n$ 2\nEND", "b"]);
    assert_eq!(steps[0].shown, "out\n");
}
