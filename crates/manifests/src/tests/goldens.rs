//! Each row of the table of places in each style of YAML: `goldens/ROW.diff` shows the files before and after.
//!
//! `UPDATE_EXPECT=1` writes them anew. There a carriage return is shown as `␍`, and a byte order mark as `[BOM]`.

mod rows;

use domain::reference::{Repository, Value};
use expect_test::expect_file;

use crate::{Edit, Edited, FieldPattern, FileKind, Manifest, Place, Reading};
use rows::{Row, row};

/// A way to write the file of a row, and its name.
type Style = (&'static str, fn(&Row) -> String);

const STYLES: [Style; 12] = [
    ("plain", |row| scalars(row.block, |spot| spot.beside(spot.text))),
    ("single quotes", |row| {
        scalars(row.block, |spot| spot.beside(&format!("'{}'", spot.text)))
    }),
    ("double quotes", |row| {
        scalars(row.block, |spot| spot.beside(&format!("\"{}\"", spot.text)))
    }),
    ("literal block", |row| scalars(row.block, |spot| spot.below("|-"))),
    ("folded block", |row| scalars(row.block, |spot| spot.below(">"))),
    ("in brackets", |row| scalars(row.flow, |spot| spot.beside(spot.text))),
    ("anchors", |row| {
        scalars(row.block, |spot| {
            spot.beside(&format!("&a{} {}", spot.number, spot.text))
        })
    }),
    ("tags", |row| {
        scalars(row.block, |spot| spot.beside(&format!("!!str {}", spot.text)))
    }),
    ("explicit keys", |row| scalars(row.block, |spot| spot.explicit())),
    ("carriage returns", |row| plain(row).replace('\n', "\r\n")),
    ("byte order mark, comments", |row| {
        format!(
            "\u{feff}{}",
            scalars(row.block, |spot| format!("{}\t# old", spot.beside(spot.text)))
        )
    }),
    ("no last line end, directive", |row| {
        format!("%YAML 1.2\n---\n{}", plain(row).trim_end())
    }),
];

fn plain(row: &Row) -> String {
    scalars(row.block, |spot| spot.beside(spot.text))
}

/// A scalar that is to change, where a template has it between `<` and `>`.
struct Spot<'t> {
    /// What stands before it on its line.
    before: &'t str,
    text: &'t str,
    /// What stands behind it.
    behind: &'t str,
    number: usize,
}

impl Spot<'_> {
    /// The line with `written` where the text is.
    fn beside(&self, written: &str) -> String {
        format!("{}{written}{}", self.before, self.behind)
    }

    /// The line with a block under it; lists of texts indent it by their dash.
    fn below(&self, header: &str) -> String {
        let column = " ".repeat(self.column() + 2);
        format!("{}{header}{}\n{column}{}", self.before, self.behind, self.text)
    }

    /// `? key` and `: value`; a text that has no key is as it is.
    fn explicit(&self) -> String {
        let column = self.column();
        let (dash, key) = self.before.split_at(column);
        match key.trim_end().strip_suffix(':') {
            Some(key) => format!("{dash}? {key}\n{}: {}{}", " ".repeat(column), self.text, self.behind),
            None => self.beside(self.text),
        }
    }

    fn column(&self) -> usize {
        self.before.len() - self.before.trim_start_matches([' ', '-']).len()
    }
}

/// The template with its scalars written by `write`.
fn scalars(template: &str, write: impl Fn(&Spot<'_>) -> String) -> String {
    let mut number = 0;
    let mut out = String::new();
    for line in template.lines() {
        let mut line = line.to_owned();
        while let Some((before, rest)) = line.split_once('<') {
            let (text, behind) = rest.split_once('>').expect("a spot is closed");
            number += 1;
            let spot = Spot {
                before,
                text,
                behind,
                number,
            };
            line = write(&spot);
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// Writes `nginx` of a row in every style, and sets it.
fn check(name: &str) -> String {
    let row = row(name);
    let mut out = format!("{}\n{} to {}\n", row.about, row.file, row.value);
    for (style, write) in STYLES {
        let text = write(&row);
        let edited = edited(&row, &text);
        assert!(
            !edited.changes.is_empty(),
            "{name}, {style}: nothing changes in\n{text}"
        );
        assert!(
            edited.refused.is_empty(),
            "{name}, {style}: {:?} in\n{text}",
            edited.refused
        );
        out.push_str(&format!("\n==== {style}\n{}", shown(&text, &edited.text)));
    }
    out
}

fn edited(row: &Row, text: &str) -> Edited {
    let fields = [FieldPattern::parse("spec.jobs[name=build].image").unwrap()];
    let reading = Reading {
        kind: FileKind::of(row.file),
        markers: row.is_of_the_daemon,
        fields: if row.is_of_the_daemon { &fields } else { &[] },
        images: &[],
    };
    let manifest = Manifest::read_with(&reading, text).unwrap_or_else(|refusal| panic!("{refusal}:\n{text}"));
    let nginx = Repository::parse("nginx").unwrap();
    let is_nginx = |place: &Place| place.reference.as_ref().map(|reference| &reference.repository) == Some(&nginx);
    let places = (0..manifest.places().len()).filter(|&place| is_nginx(&manifest.places()[place]));
    let edit = |place| Edit {
        place,
        to: Value::parse(row.value).unwrap(),
        name: None,
    };
    let edits = places.map(edit).collect::<Vec<_>>();
    manifest
        .edit(&edits)
        .unwrap_or_else(|refusal| panic!("{refusal}:\n{text}"))
}

/// All lines, those that differ before and after.
fn shown(old: &str, new: &str) -> String {
    let visible = |line: &str| line.replace('\r', "␍").replace('\u{feff}', "[BOM]");
    let lines = |text: &str| text.split_inclusive('\n').count();
    assert_eq!(lines(old), lines(new), "an edit adds and takes no line");
    let mut out = String::new();
    for (old, new) in old.split_inclusive('\n').zip(new.split_inclusive('\n')) {
        let lines = if old == new {
            vec![(' ', old)]
        } else {
            vec![('-', old), ('+', new)]
        };
        for (mark, line) in lines {
            let end = if line.ends_with('\n') { "" } else { "\n\\ no line end\n" };
            let mark = if line == "\n" {
                String::new()
            } else {
                format!("{mark} ")
            };
            out.push_str(&format!("{mark}{}{end}", visible(line)));
        }
    }
    out
}

macro_rules! goldens {
    ($($test:ident: $row:literal,)*) => {
        $(#[test]
        fn $test() {
            expect_file![concat!("goldens/", $row, ".diff")].assert_eq(&check($row));
        })*

        #[test]
        fn every_row_has_a_golden_file() {
            let rows = rows::ROWS.iter().map(|row| row.name).collect::<Vec<_>>();
            assert_eq!(rows, [$($row),*]);
        }
    };
}

goldens! {
    pods_are_edited_in_every_style: "pod",
    workloads_are_edited_in_every_style: "cron-job",
    items_of_lists_are_edited_in_every_style: "list",
    kustomizations_are_edited_in_every_style: "kustomization",
    components_are_edited_in_every_style: "component",
    flux_kustomizations_are_edited_in_every_style: "flux-kustomization",
    values_are_edited_in_every_style: "values",
    releases_are_edited_in_every_style: "helm-release",
    releases_of_flux_v1_are_edited_in_every_style: "helm-release-v1",
    applications_are_edited_in_every_style: "application",
    texts_of_values_are_edited_in_every_style: "application-values",
    application_sets_are_edited_in_every_style: "application-set",
    overrides_of_argo_cd_are_edited_in_every_style: "argocd-source",
    markers_are_edited_in_every_style: "markers",
    fields_are_edited_in_every_style: "fields",
}
