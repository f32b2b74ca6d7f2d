//! Documents in which it is known where the images are.

use domain::reference::Value;
use manifests::FileKind;

use super::dice::Dice;

/// A node to be written.
#[derive(Debug, Clone)]
pub(super) enum Tree {
    /// Text that stays.
    Text(String),
    /// A part of the image with this number, and what it is to become.
    Image {
        text: String,
        becomes: String,
        place: usize,
    },
    Map(Vec<(String, Self)>),
    List(Vec<Self>),
    /// What was anchored before; the number says which.
    Alias(usize),
}

/// A file, and what is asked of it.
pub(super) struct File {
    pub(super) kind: FileKind,
    pub(super) documents: Vec<Tree>,
    pub(super) value: Value,
    /// For each place whether it has to be refused, because its digest stands in the way.
    pub(super) refused: Vec<bool>,
}

const TEXTS: [&str; 18] = [
    "a",
    "",
    "nginx:1",
    "image: nginx:1 # no",
    "no",
    "1.10",
    "~",
    "é ü",
    "two\nlines",
    "two\n\n  more\nlines\n",
    " around ",
    "# none",
    "- item",
    "it's \"quoted\"",
    "{{x}}",
    "&a *b !c",
    "back\\slash",
    "---",
];

const NAMES: [&str; 4] = ["nginx", "quay.io/acme/web", "registry.test:5000/a", "a-b/c.d_e"];
const TAGS: [&str; 5] = ["1.25", "v1", "1.10", "no", "2024-01-01"];
const NEW: [&str; 5] = ["2.0", "v3.1-rc.1", "1.10", "0x1f", "1.9.2@"];

/// Makes files up.
pub(super) struct Maker<'d, 'b> {
    dice: &'d mut Dice<'b>,
    tag: String,
    digest: Option<String>,
    refused: Vec<bool>,
    keys: usize,
}

impl<'d, 'b> Maker<'d, 'b> {
    pub(super) fn file(dice: &'d mut Dice<'b>) -> File {
        let new = dice.of(&NEW).replace('@', &format!("@{}", digest("d")));
        let value = Value::parse(&new).expect("the values are ones");
        let mut maker = Self {
            tag: value.tag.as_ref().expect("each has a tag").to_string(),
            digest: value.digest.as_ref().map(ToString::to_string),
            refused: Vec::new(),
            keys: 0,
            dice,
        };
        let (kind, documents) = match maker.dice.below(4) {
            0 => (FileKind::Kustomization, vec![maker.kustomization()]),
            1 => (FileKind::Values, vec![maker.values()]),
            _ => {
                let count = 1 + maker.dice.below(3);
                (FileKind::Other, (0..count).map(|_| maker.object()).collect())
            }
        };
        let refused = maker.refused;
        File {
            kind,
            documents,
            value,
            refused,
        }
    }

    fn object(&mut self) -> Tree {
        let (version, kind, way): (&str, &str, &[&str]) = self.dice.of(&[
            ("v1", "Pod", &["spec"] as &[&str]),
            ("apps/v1", "Deployment", &["spec", "template", "spec"]),
            (
                "batch/v1",
                "CronJob",
                &["spec", "jobTemplate", "spec", "template", "spec"],
            ),
        ]);
        let pod = self.pod();
        let spec = way[1..]
            .iter()
            .rev()
            .fold(pod, |inner, key| self.map(vec![(key, inner)]));
        let metadata = self.map(vec![("name", text("web"))]);
        let head = vec![
            ("apiVersion", text(version)),
            ("kind", text(kind)),
            ("metadata", metadata),
        ];
        self.map(head.into_iter().chain([(way[0], spec)]).collect())
    }

    fn pod(&mut self) -> Tree {
        let count = 1 + self.dice.below(3);
        let containers = (0..count).map(|_| {
            let image = self.whole();
            self.map(vec![("name", text("c")), ("image", image)])
        });
        let containers = Tree::List(containers.collect());
        self.map(vec![("containers", containers)])
    }

    fn kustomization(&mut self) -> Tree {
        let count = 1 + self.dice.below(3);
        let images = (0..count).map(|_| self.split("name", "newTag")).collect();
        self.map(vec![("images", Tree::List(images))])
    }

    fn values(&mut self) -> Tree {
        let count = 1 + self.dice.below(3);
        let images = (0..count).map(|_| {
            let image = if self.dice.once_in(2) {
                self.whole()
            } else {
                self.split("repository", "tag")
            };
            self.map(vec![("image", image)])
        });
        let images = Tree::List(images.collect());
        self.map(vec![("apps", images)])
    }

    /// An image in one scalar.
    fn whole(&mut self) -> Tree {
        let name = self.dice.of(&NAMES);
        let old = match self.dice.below(4) {
            0 => name.to_owned(),
            1 => format!("{name}@{}", digest("0")),
            2 => format!("{name}:1@{}", digest("1")),
            _ => format!("{name}:{}", self.dice.of(&TAGS)),
        };
        let behind = self.digest.as_ref().map(|digest| format!("@{digest}"));
        let becomes = format!("{name}:{}{}", self.tag, behind.unwrap_or_default());
        let place = self.place(false);
        Tree::Image {
            text: old,
            becomes,
            place,
        }
    }

    /// An image in a map.
    fn split(&mut self, name: &'static str, tag: &'static str) -> Tree {
        let there = self.dice.of(&[None, Some(""), Some("0")]);
        let there = there.map(|text| if text.is_empty() { String::new() } else { digest(text) });
        let is_in_the_way = self.digest.is_none() && there.as_ref().is_some_and(|text| !text.is_empty());
        let place = self.place(is_in_the_way);
        let image = |text: String, becomes: String| Tree::Image { text, becomes, place };
        let behind = self.digest.as_ref().filter(|_| there.is_none());
        let behind = behind.map(|digest| format!("@{digest}")).unwrap_or_default();
        let old = self.dice.of(&TAGS).to_owned();
        let mut entries = vec![
            (name, text(self.dice.of(&NAMES))),
            (tag, image(old, format!("{}{behind}", self.tag))),
        ];
        if let Some(there) = there {
            let becomes = self.digest.clone().unwrap_or_else(|| there.clone());
            entries.push(("digest", image(there, becomes)));
        }
        if self.dice.once_in(2) {
            entries.reverse();
        }
        self.map(entries)
    }

    fn place(&mut self, is_refused: bool) -> usize {
        self.refused.push(is_refused);
        self.refused.len() - 1
    }

    /// The entries, with others between them that nobody knows.
    fn map(&mut self, entries: Vec<(&str, Tree)>) -> Tree {
        let mut all = Vec::new();
        for (key, value) in entries {
            while all.len() < 8 && self.dice.once_in(4) {
                let value = self.noise(0);
                all.push((self.key(), value));
            }
            all.push((key.to_owned(), value));
        }
        Tree::Map(all)
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!(
            "{}{}",
            self.dice.of(&["k", "a b", "é", "it's", "\"", "# ", ": "]),
            self.keys
        )
    }

    fn noise(&mut self, depth: usize) -> Tree {
        let count = self.dice.below(4);
        match self.dice.below(if depth < 3 { 6 } else { 3 }) {
            0 | 1 => text(self.dice.of(&TEXTS)),
            2 => Tree::Alias(self.dice.below(256)),
            3 => Tree::List((0..count).map(|_| self.noise(depth + 1)).collect()),
            _ => {
                let entries = (0..count).map(|_| {
                    let value = self.noise(depth + 1);
                    (self.key(), value)
                });
                Tree::Map(entries.collect())
            }
        }
    }
}

fn text(text: &str) -> Tree {
    Tree::Text(text.to_owned())
}

fn digest(digit: &str) -> String {
    format!("sha256:{}", digit.repeat(64))
}
