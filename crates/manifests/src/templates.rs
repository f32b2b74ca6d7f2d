//! Helm templates, which look like manifests and are none yet.

use std::ops::Range;

use yaml_spans::{Document, Kind, Layout, Node, ParseError, Sequence, Stream, Style};

use crate::{FileKind, Refusal, refusal::Problem};

/// What actions of Helm speak of, and the templates of others (Prometheus, Argo) do not.
const HELM: [&str; 9] = [
    ".Values",
    ".Release.",
    ".Chart.",
    ".Capabilities.",
    ".Files.",
    ".Template.",
    ".Subcharts.",
    "include \"",
    "tpl ",
];

/// What to say of a text that is no YAML: if there are actions in it, they are why.
pub(crate) fn blame(text: &str, error: ParseError) -> Refusal {
    let is_syntax = error.code() == "notYaml";
    let action = is_syntax
        .then(|| text.lines().position(|line| line.contains("{{")))
        .flatten();
    let Some(line) = action else {
        return Refusal::from_parse(error);
    };
    let column = text
        .lines()
        .nth(line)
        .and_then(|line| line.find("{{"))
        .unwrap_or_default();
    let location = yaml_spans::Location {
        line: line + 1,
        column: column + 1,
    };
    Refusal::new(Problem::Template, location)
}

/// Refuses a text that holds actions of Helm, though it happens to be YAML.
///
/// `key: {{ action }}` is: a mapping in brackets whose key is another one.
pub(crate) fn check(stream: &Stream, file: FileKind) -> Result<(), Refusal> {
    if !stream.text().contains("{{") {
        return Ok(());
    }
    stream
        .documents()
        .try_for_each(|document| check_document(document, file))
}

fn check_document(document: Document<'_>, file: FileKind) -> Result<(), Refusal> {
    let mut data = data(document, file);
    data.sort_by_key(|range| range.start);
    for node in document.nodes() {
        let is_action = match node.kind() {
            Kind::Mapping(mapping) if mapping.layout() == Layout::Flow => {
                node.stream().text()[node.span()].starts_with("{{")
            }
            Kind::Scalar(scalar) => match scalar.style() {
                Style::Literal | Style::Folded => false,
                _ if is_within(&data, node) => false,
                _ => is_helm(scalar.text()),
            },
            _ => false,
        };
        if is_action {
            return Err(Refusal::new(Problem::Template, node.location()));
        }
    }
    Ok(())
}

fn is_helm(text: &str) -> bool {
    let action = text.split_once("{{").map(|(_, action)| action);
    action.is_some_and(|action| HELM.iter().any(|word| action.contains(word)))
}

/// The nodes of what is text for somebody else: what a ConfigMap or Secret holds, and values, which charts may fill in once more.
fn data(document: Document<'_>, file: FileKind) -> Vec<Range<usize>> {
    let root = document.root();
    let kind = |node: Node<'_>| node.as_mapping()?.get("kind")?.as_text().map(str::to_owned);
    match kind(root) {
        None if file == FileKind::Values => Vec::from([nodes(root)]),
        Some(name) if name.ends_with("List") => {
            let items = root.as_mapping().and_then(|root| root.get("items")?.as_sequence());
            let items = items.into_iter().flat_map(Sequence::items);
            items.flat_map(|item| data_of(item, kind(item).as_deref())).collect()
        }
        name => data_of(root, name.as_deref()),
    }
}

/// The same of one object.
fn data_of(object: Node<'_>, kind: Option<&str>) -> Vec<Range<usize>> {
    let keys: &[&str] = match kind {
        Some("ConfigMap" | "Secret") => &["data", "stringData"],
        Some("HelmRelease" | "Application" | "ApplicationSet") => &["spec"],
        _ => &[],
    };
    let found = keys.iter().filter_map(|key| object.as_mapping()?.get(key));
    found.map(nodes).collect()
}

/// Whether a node is in one of some ranges, which are in order and apart.
fn is_within(ranges: &[Range<usize>], node: Node<'_>) -> bool {
    let before = ranges.partition_point(|range| range.start <= node.id());
    before > 0 && ranges[before - 1].contains(&node.id())
}

/// The numbers of a node and of all in it.
fn nodes(node: Node<'_>) -> Range<usize> {
    node.id()..node.id() + node.size()
}
