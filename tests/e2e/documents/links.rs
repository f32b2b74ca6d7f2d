//! Links between the pages.

use std::collections::BTreeSet;
use std::path::Path;

use super::{pages, read, root};

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_exist() {
    for page in pages() {
        let text = read(&page);
        let folder = Path::new(&page).parent().unwrap_or(Path::new(""));
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let file = if path.is_empty() {
                Path::new(&page).to_owned()
            } else {
                folder.join(path)
            };
            assert!(root().join(&file).exists(), "{page}: `{link}` leads nowhere");
            if !anchor.is_empty() {
                let there = anchors(&read(&file.display().to_string()));
                assert!(there.contains(anchor), "{page}: `{link}`: there are {there:?}");
            }
        }
    }
}

#[test]
fn every_page_can_be_reached_from_the_readme() {
    let readme = read("README.md");
    for page in pages().into_iter().filter(|page| page != "README.md") {
        assert!(
            readme.contains(&format!("({page})")),
            "the README does not lead to {page}"
        );
    }
}

/// What stands in the round brackets of `[…](…)`, outside of fences.
fn links(text: &str) -> Vec<String> {
    let mut links = Vec::new();
    for line in outside_of_fences(text) {
        for part in line.split("](").skip(1) {
            links.extend(part.split_once(')').map(|(link, _)| link.to_owned()));
        }
    }
    links
}

fn outside_of_fences(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// The anchors that GitHub makes of headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = outside_of_fences(text).filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

#[test]
fn anchors_are_made_as_the_forge_makes_them() {
    let anchors = anchors("# A b\n```sh\n# no\n```\n## `suspectList`, or: what?\n");
    assert_eq!(anchors.into_iter().collect::<Vec<_>>(), ["a-b", "suspectlist-or-what"]);
}
