//! A tree, written in whatever style the dice say.

use std::ops::Range;

use manifests::FileKind;

use super::{dice::Dice, styles, tree::Tree};

/// A scalar that was written.
#[derive(Debug)]
pub(super) struct Written {
    /// What it reads, without the line ends behind it.
    pub(super) text: String,
    /// Its bytes, with quotes; of a block, its lines.
    pub(super) span: Range<usize>,
    /// The place it belongs to, and what it is to become.
    pub(super) image: Option<(usize, String)>,
}

/// An anchor, and the parts of images that whoever names it shows, by their number among the scalars.
struct Anchor {
    name: String,
    parts: Vec<usize>,
    is_open: bool,
}

/// Writes documents.
pub(super) struct Printer<'d, 'b> {
    dice: &'d mut Dice<'b>,
    pub(super) out: String,
    /// All scalars, keys too, in the order of the text.
    pub(super) scalars: Vec<Written>,
    /// The scalars of images that are shown through an alias, too.
    pub(super) shared: Vec<usize>,
    line_end: &'static str,
    /// Aliases may stand for what holds images.
    shows_images: bool,
    anchors: Vec<Anchor>,
    count: usize,
    /// A block that keeps its line ends was the last; empty lines would be its own.
    is_kept: bool,
}

impl<'d, 'b> Printer<'d, 'b> {
    pub(super) fn new(dice: &'d mut Dice<'b>, kind: FileKind) -> Self {
        let mark = if dice.once_in(8) { "\u{feff}" } else { "" };
        Self {
            out: mark.to_owned(),
            line_end: if dice.once_in(4) { "\r\n" } else { "\n" },
            // In values an alias of an image is one more place.
            shows_images: kind != FileKind::Values,
            dice,
            scalars: Vec::new(),
            shared: Vec::new(),
            anchors: Vec::new(),
            count: 0,
            is_kept: false,
        }
    }

    /// Writes one document of a stream.
    pub(super) fn document(&mut self, tree: &Tree, is_first: bool) {
        self.anchors.clear();
        let ends_before = !is_first && self.dice.once_in(4);
        if ends_before {
            self.line("...");
        }
        let has_directive = (is_first || ends_before) && self.dice.once_in(8);
        if has_directive {
            self.line("%YAML 1.1");
        }
        if !is_first || has_directive || self.dice.once_in(2) {
            self.out.push_str("---");
            self.end_line();
        }
        match tree {
            Tree::Map(entries) if !entries.is_empty() && !self.dice.once_in(6) => self.block_map(entries, 0, false),
            other => {
                self.flow(other, 0);
                self.end_line();
            }
        }
    }

    /// Leaves out the end of the last line, maybe.
    pub(super) fn finish(&mut self) {
        if self.dice.once_in(4) && self.out.ends_with(self.line_end) {
            self.out.truncate(self.out.len() - self.line_end.len());
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push_str(self.line_end);
        self.is_kept = false;
    }

    /// Ends a line that may carry a comment.
    fn end_line(&mut self) {
        let comment = self.dice.of(&["", "", "", " # image: nginx:1", "\t#", "  # é: {", " "]);
        // To libyaml a tab is white space only where no key can begin.
        let is_early = self.out.ends_with([':', '-']);
        self.line(if is_early && comment.starts_with('\t') {
            ""
        } else {
            comment
        });
    }

    /// Lines that are nothing, and the white space before an entry.
    fn start_line(&mut self, column: usize) {
        let between = self.dice.below(8);
        if between == 7 && !self.is_kept {
            self.line("");
        }
        if between == 6 {
            let comment = format!("{}# image: x", " ".repeat(column));
            self.line(&comment);
        }
        self.spaces(column);
    }

    fn spaces(&mut self, count: usize) {
        self.out.extend(std::iter::repeat_n(' ', count));
    }

    fn block_map(&mut self, entries: &[(String, Tree)], column: usize, is_inline: bool) {
        for (number, (key, value)) in entries.iter().enumerate() {
            if number > 0 || !is_inline {
                self.start_line(column);
            }
            let is_explicit = self.dice.once_in(8);
            if is_explicit {
                self.out.push_str("? ");
            }
            self.key(key);
            if is_explicit {
                self.end_line();
                self.spaces(column);
            }
            self.out.push(':');
            // A list may begin below its key, but not below the mark of one.
            self.value(
                value,
                column,
                usize::from(is_explicit || !matches!(value, Tree::List(_))),
                false,
            );
        }
    }

    fn block_list(&mut self, items: &[Tree], column: usize, is_inline: bool) {
        for (number, item) in items.iter().enumerate() {
            if number > 0 || !is_inline {
                self.start_line(column);
            }
            self.out.push('-');
            self.value(item, column, 1, true);
        }
    }

    /// Writes what follows a key or a dash in a block at `column`; ends the line.
    fn value(&mut self, tree: &Tree, column: usize, least: usize, is_item: bool) {
        let mut inner = column + least + self.dice.below(4);
        match tree {
            Tree::Map(entries) if !entries.is_empty() && !self.dice.once_in(4) => {
                let anchor = self.block_start(&mut inner, column, is_item, "!!map");
                self.block_map(entries, inner, anchor.is_none());
                self.close(anchor.flatten());
            }
            Tree::List(items) if !items.is_empty() && !self.dice.once_in(4) => {
                let anchor = self.block_start(&mut inner, column, is_item, "!!seq");
                self.block_list(items, inner, anchor.is_none());
                self.close(anchor.flatten());
            }
            Tree::Map(_) | Tree::List(_) => {
                self.out.push(' ');
                self.flow(tree, column);
                self.end_line();
            }
            Tree::Alias(number) => {
                self.out.push(' ');
                self.alias(*number);
                self.end_line();
            }
            Tree::Text(text) => self.scalar(text, None, column),
            Tree::Image { text, becomes, place } => self.scalar(text, Some((*place, becomes.clone())), column),
        }
    }

    /// Begins a block: in the same line (`None`), or in the next one, with an anchor or without.
    fn block_start(&mut self, inner: &mut usize, column: usize, is_item: bool, tag: &str) -> Option<Option<usize>> {
        if is_item && self.dice.once_in(2) {
            let gap = 1 + self.dice.below(3);
            self.spaces(gap);
            *inner = column + 1 + gap;
            return None;
        }
        let anchor = self.properties(tag);
        if self.out.ends_with(' ') {
            self.out.pop();
        }
        self.end_line();
        Some(anchor)
    }

    /// Writes an anchor and a tag, maybe; both before a blank and with one behind.
    fn properties(&mut self, tag: &str) -> Option<usize> {
        self.out.push(' ');
        let choice = self.dice.below(8);
        if choice == 7 {
            self.out.push_str(tag);
            self.out.push(' ');
        }
        (choice >= 6).then(|| {
            self.count += 1;
            let name = format!("a{}", self.count);
            self.out.push_str(&format!("&{name} "));
            self.anchors.push(Anchor {
                name,
                parts: Vec::new(),
                is_open: true,
            });
            self.anchors.len() - 1
        })
    }

    /// From here on others may name it.
    fn close(&mut self, anchor: Option<usize>) {
        if let Some(anchor) = anchor {
            self.anchors[anchor].is_open = false;
        }
    }

    fn key(&mut self, key: &str) {
        let start = self.out.len();
        let style = styles::key(key, self.dice);
        self.out.push_str(&styles::line(key, style));
        self.scalars.push(Written {
            text: key.to_owned(),
            span: start..self.out.len(),
            image: None,
        });
    }

    fn alias(&mut self, number: usize) {
        let may = |anchor: &Anchor| !anchor.is_open && (self.shows_images || anchor.parts.is_empty());
        let closed: Vec<usize> = (0..self.anchors.len()).filter(|&at| may(&self.anchors[at])).collect();
        match closed.get(number % closed.len().max(1)) {
            Some(&at) => {
                self.out.push_str(&format!("*{}", self.anchors[at].name));
                let parts = self.anchors[at].parts.clone();
                self.shared.extend(&parts);
                self.show(&parts);
            }
            None => self.key("nothing"),
        }
    }

    /// Notes that these scalars are in all that is open.
    fn show(&mut self, parts: &[usize]) {
        for anchor in self.anchors.iter_mut().filter(|anchor| anchor.is_open) {
            anchor.parts.extend(parts);
        }
    }

    /// Writes a scalar of a block, and ends the line.
    fn scalar(&mut self, text: &str, image: Option<(usize, String)>, column: usize) {
        let anchor = self.properties("!!str");
        if image.is_some() {
            self.show(&[self.scalars.len()]);
        }
        if styles::is_block(text, image.is_some()) && self.dice.once_in(4) {
            self.block_scalar(text, image, column);
        } else {
            self.line_scalar(text, image, column);
            self.end_line();
        }
        self.close(anchor);
    }

    fn line_scalar(&mut self, text: &str, image: Option<(usize, String)>, column: usize) {
        let start = self.out.len();
        let style = styles::any(text, self.dice);
        let mut written = styles::line(text, style);
        if style == styles::Style::Double && self.dice.once_in(4) {
            let joint = format!("\\{}{}", self.line_end, " ".repeat(column + 1));
            written = styles::joined(&written, &joint, self.dice);
        }
        self.out.push_str(&written);
        self.scalars.push(Written {
            text: text.trim_end_matches('\n').to_owned(),
            span: start..self.out.len(),
            image,
        });
    }

    fn block_scalar(&mut self, text: &str, image: Option<(usize, String)>, column: usize) {
        let content = text.trim_end_matches('\n');
        let is_line = !content.contains('\n');
        let style = if is_line { self.dice.of(&["|", ">"]) } else { "|" };
        let ends = self.dice.of(&["-", "", "+"]);
        let ends = match image {
            Some(_) => ends,
            None if content.len() == text.len() => "-",
            None => "",
        };
        let deeper = 1 + self.dice.below(4);
        let depth = if self.dice.once_in(3) {
            deeper.to_string()
        } else {
            String::new()
        };
        let header = if self.dice.once_in(2) {
            format!("{style}{depth}{ends}")
        } else {
            format!("{style}{ends}{depth}")
        };
        self.out.push_str(&header);
        self.end_line();
        let start = self.out.len();
        for line in content.split('\n') {
            if !line.is_empty() {
                self.spaces(column + deeper);
            }
            self.line(line);
        }
        self.scalars.push(Written {
            text: content.to_owned(),
            span: start..self.out.len(),
            image,
        });
        self.is_kept = ends == "+";
    }

    /// Writes a node in brackets, or what may stand there.
    fn flow(&mut self, tree: &Tree, column: usize) {
        match tree {
            Tree::Map(entries) => {
                let anchor = self.flow_start('{', "!!map");
                for (key, value) in entries {
                    self.flow_gap(column);
                    if self.dice.once_in(8) {
                        self.out.push_str("? ");
                    }
                    self.key(key);
                    self.out.push_str(self.dice.of(&[": ", " : ", ":  "]));
                    self.flow(value, column);
                    self.out.push_str(self.dice.of(&[",", " ,"]));
                }
                self.flow_end('}', column, anchor);
            }
            Tree::List(items) => {
                let anchor = self.flow_start('[', "!!seq");
                for item in items {
                    self.flow_gap(column);
                    self.flow(item, column);
                    self.out.push_str(self.dice.of(&[",", " ,"]));
                }
                self.flow_end(']', column, anchor);
            }
            Tree::Alias(number) => {
                self.alias(*number);
                self.out.push(' ');
            }
            Tree::Text(text) => self.flow_scalar(text, None, column),
            Tree::Image { text, becomes, place } => self.flow_scalar(text, Some((*place, becomes.clone())), column),
        }
    }

    fn flow_start(&mut self, bracket: char, tag: &str) -> Option<usize> {
        let anchor = if self.out.ends_with(' ') {
            self.properties(tag)
        } else {
            None
        };
        self.out.push(bracket);
        anchor
    }

    fn flow_end(&mut self, bracket: char, column: usize, anchor: Option<usize>) {
        // The comma behind the last one may stay.
        if self.out.ends_with(',') && !self.dice.once_in(4) {
            self.out.pop();
        }
        self.flow_gap(column);
        self.out.push(bracket);
        self.close(anchor);
    }

    fn flow_gap(&mut self, column: usize) {
        match self.dice.below(6) {
            4 => {
                self.line("");
                self.spaces(column + 1);
            }
            5 => {
                self.line(" # image: x, ]}");
                self.spaces(column + 2);
            }
            _ => self.out.push(' '),
        }
    }

    fn flow_scalar(&mut self, text: &str, image: Option<(usize, String)>, column: usize) {
        let anchor = self.properties("!!str");
        if image.is_some() {
            self.show(&[self.scalars.len()]);
        }
        self.line_scalar(text, image, column);
        self.close(anchor);
    }
}
