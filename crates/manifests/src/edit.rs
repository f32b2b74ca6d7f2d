//! Many changes to one file.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use crate::{
    Manifest, Place, Refusal,
    proof::{Intended, prove},
    refusal::Problem,
    rewrite::{Rewritten, rewrite},
    sharing::uses,
    splice::apply,
};
use domain::reference::{Reference, Value};

/// What one place is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The place, by its index in [`Manifest::places`].
    pub place: usize,
    /// What is written behind the name; the old tag and digest go.
    pub to: Value,
    /// The name to write instead of the one that is there.
    pub name: Option<String>,
}

/// A file after its edits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The whole text.
    pub text: String,
    /// What was changed, one for each scalar, in the order of the text.
    pub changes: Vec<Change>,
    /// What was not, in the order of the text.
    pub refused: Vec<RefusedPlace>,
}

/// A scalar that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The places that show it, by index; more than one if they share it.
    pub places: Vec<usize>,
    /// What it read.
    pub old: String,
    /// What it reads now.
    pub new: String,
    /// The bytes of the old text that went.
    pub span: Range<usize>,
    /// The bytes that came in their place.
    pub written: String,
}

/// A place that must not be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedPlace {
    /// The place, by index.
    pub place: usize,
    /// The kind of reason, in lower camel case, for machines.
    pub code: &'static str,
    /// The reason.
    pub reason: String,
}

impl Manifest {
    /// Makes all `edits`, or says of each why not; a place that already reads so is in neither list.
    ///
    /// # Errors
    ///
    /// The result could not be proven; nothing of the file may be written.
    ///
    /// # Panics
    ///
    /// If a place is not one of this manifest.
    pub fn edit(&self, edits: &[Edit]) -> Result<Edited, Refusal> {
        let mut plan = Plan::default();
        let mut shared = HashMap::new();
        for (node, wishes) in self.wishes(edits) {
            let document = self.places[wishes[0].place].object.document;
            let uses = shared
                .entry(document)
                .or_insert_with(|| uses(self.stream.document(document)));
            let uses = uses
                .as_ref()
                .map_or(1, |uses| uses.get(&node).copied().unwrap_or_default());
            self.plan(node, &wishes, uses, &mut plan);
        }
        self.apply(plan)
    }

    /// The new texts by scalar, those left out that are there already.
    fn wishes(&self, edits: &[Edit]) -> BTreeMap<usize, Vec<Wish>> {
        let mut wishes: BTreeMap<usize, Vec<Wish>> = BTreeMap::new();
        for edit in edits {
            let place = &self.places[edit.place];
            let wish = Wish::new(place, edit);
            if wish.as_ref().is_none_or(|wish| wish.new != place.text) {
                let unreadable = || Wish {
                    place: edit.place,
                    new: String::new(),
                    kept: 0,
                };
                wishes
                    .entry(place.node)
                    .or_default()
                    .push(wish.unwrap_or_else(unreadable));
            }
        }
        for wishes in wishes.values_mut() {
            wishes.sort_by_key(|wish| wish.place);
            wishes.dedup();
        }
        wishes
    }

    /// Decides on one scalar.
    fn plan(&self, node: usize, wishes: &[Wish], uses: usize, plan: &mut Plan) {
        let place = &self.places[wishes[0].place];
        if wishes.iter().any(|wish| wish.new.is_empty()) {
            return plan.refuse(wishes, "notAReference", "what is written is no image reference");
        }
        let alike = wishes.iter().all(|wish| wish.new == wishes[0].new);
        if !alike || wishes.len() != uses {
            let reason = self.sharing(place, uses);
            return plan.refuse(wishes, "sharedAnchor", &reason);
        }
        let scalar = self.stream.node(node).as_scalar();
        let Wish { new, kept, .. } = &wishes[0];
        let written = scalar.and_then(|scalar| rewrite(scalar, &place.text, new, *kept));
        let Some(rewritten) = written else {
            return plan.refuse(wishes, "unwritable", "the way the scalar is written cannot be kept");
        };
        plan.changes.push(Change {
            places: wishes.iter().map(|wish| wish.place).collect(),
            old: place.text.clone(),
            new: new.clone(),
            span: rewritten.splice.range.clone(),
            written: rewritten.splice.text.clone(),
        });
        plan.rewritten.push((node, rewritten));
    }

    fn sharing(&self, place: &Place, uses: usize) -> String {
        let spots = if uses == 1 { "spot shows" } else { "spots show" };
        format!(
            "{place}: {uses} {spots} the scalar at {} through an anchor or a merge key, and not all \
             of them are this image and to be changed in the same way",
            place.location
        )
    }

    fn apply(&self, plan: Plan) -> Result<Edited, Refusal> {
        let (mut splices, mut intended) = (Vec::new(), Intended::new());
        for (node, Rewritten { splice, text, style }) in plan.rewritten {
            splices.push(splice);
            intended.insert(node, (text, style));
        }
        prove(&self.stream, &splices, &intended).map_err(|difference| {
            let at = splices.first().map_or(0, |splice| splice.range.start);
            Refusal::new(Problem::Unproven(difference), self.stream.location(at))
        })?;
        let text = apply(self.stream.text(), 0..self.stream.text().len(), &splices);
        Ok(Edited {
            text,
            changes: plan.changes,
            refused: plan.refused,
        })
    }
}

/// What a place is to read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wish {
    place: usize,
    /// Empty if what is there cannot be read.
    new: String,
    /// How many bytes at the start stay.
    kept: usize,
}

impl Wish {
    fn new(place: &Place, edit: &Edit) -> Option<Self> {
        let written = &place.text[..name_length(&place.text, place.reference.as_ref()?)];
        let name = edit.name.as_deref().unwrap_or(written);
        let kept = if name == written { name.len() } else { 0 };
        let tag = edit.to.tag.as_ref().map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = edit
            .to
            .digest
            .as_ref()
            .map(|digest| format!("@{digest}"))
            .unwrap_or_default();
        Some(Self {
            place: edit.place,
            new: format!("{name}{tag}{digest}"),
            kept,
        })
    }
}

/// How much of the text of `reference` is its name; tag and digest are kept as they are written.
fn name_length(text: &str, reference: &Reference) -> usize {
    let tag = reference.tag.as_ref().map_or(0, |tag| 1 + tag.as_str().len());
    let digest = reference.digest.as_ref().map_or(0, |digest| 1 + digest.as_str().len());
    text.len() - tag - digest
}

/// What was decided so far.
#[derive(Default)]
struct Plan {
    rewritten: Vec<(usize, Rewritten)>,
    changes: Vec<Change>,
    refused: Vec<RefusedPlace>,
}

impl Plan {
    fn refuse(&mut self, wishes: &[Wish], code: &'static str, reason: &str) {
        self.refused.extend(wishes.iter().map(|wish| RefusedPlace {
            place: wish.place,
            code,
            reason: reason.to_owned(),
        }));
    }
}
