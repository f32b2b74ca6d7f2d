//! What could not be used or is of no use, on a line each.

use std::fmt::Write;

use status_api::view::FileProblemView;
use transport::one_line;

/// Characters of one line, at most.
const LINE: usize = 500;

/// `REPOSITORY: PATH[:LINE]: MESSAGE`, made safe for a terminal; what is in no git repository is the configuration's.
pub(super) fn line(repository: Option<&str>, problem: &FileProblemView) -> String {
    one_line(&format!("{}: {problem}", repository.unwrap_or("configuration")), LINE)
}

/// The first `most` lines, and how many more there are; `total` counts those that `lines` may lack too.
pub(super) fn first(most: usize, total: usize, lines: impl Iterator<Item = String>) -> String {
    let (mut text, mut told) = (String::new(), 0);
    for line in lines.take(most) {
        let _ = writeln!(text, "{line}");
        told += 1;
    }
    if total > told {
        let _ = writeln!(text, "… and {} more", total - told);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_one_line_with_its_place() {
        let problem = FileProblemView {
            path: "apps/a.yaml".to_owned(),
            line: Some(3),
            message: "a mapping was expected\n\u{1b}[31m".to_owned(),
        };
        let shown = line(Some("fleet"), &problem);
        assert!(
            shown.starts_with("fleet: apps/a.yaml:3: a mapping was expected"),
            "{shown}"
        );
        assert!(!shown.contains(['\n', '\u{1b}']), "{shown:?}");
    }

    #[test]
    fn long_lists_are_cut_and_counted() {
        let lines = || (0..60).map(|number| number.to_string());
        let text = first(50, 60, lines());
        assert!(text.ends_with("49\n… and 10 more\n"), "{text}");
        assert_eq!(first(50, 2, lines().take(2)), "0\n1\n");
    }
}
