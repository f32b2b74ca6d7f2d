//! Many changes to one file.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
};

use domain::reference::Value;
use yaml_spans::{Location, Stream, Style};

use crate::{
    Manifest, Part, Refusal, Role,
    proof::{Intended, prove},
    refusal::Problem,
    rewrite::{Rewritten, rewrite},
    sharing::uses,
    splice::{Splice, apply},
    text::Text,
    wanted::{Objection, PartText, Wanted, wanted},
};

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
    /// The places that have no scalar for the value, by index, in the order of the text.
    pub nothing_to_set: Vec<usize>,
}

/// A scalar that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The places that show it, by index; more than one if they share it.
    pub places: Vec<usize>,
    /// The first of them, and the way to the scalar there.
    pub spot: String,
    /// Where the scalar began.
    pub location: Location,
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
    /// The scalar that is the reason.
    pub location: Location,
    /// The kind of reason, in lower camel case, for machines.
    pub code: &'static str,
    /// The reason.
    pub reason: String,
}

impl Manifest {
    /// Makes all `edits`, or says of each why not; a place that already reads so is in no list.
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
        let wishes = self.wishes(edits, &mut plan);
        let mut sharing = Sharing::new(self);
        let mut scalars = Vec::with_capacity(wishes.len());
        for (spot, wishes) in wishes {
            let outcome = self.decide(spot, &wishes, &mut sharing);
            scalars.push(Planned { spot, wishes, outcome });
        }
        self.hold_back(&mut scalars, &mut plan);
        self.apply(scalars, plan)
    }

    /// The new texts by scalar, those left out that are there already.
    fn wishes(&self, edits: &[Edit], plan: &mut Plan) -> BTreeMap<Spot, Vec<Wish>> {
        let mut wishes: BTreeMap<Spot, Vec<Wish>> = BTreeMap::new();
        for edit in edits {
            let place = &self.places[edit.place];
            match wanted(place, edit) {
                Wanted::NothingToSet => plan.nothing_to_set.push(edit.place),
                Wanted::Refused(objection) => plan.refuse(self, edit.place, objection),
                Wanted::Texts(texts) => {
                    for text in texts
                        .into_iter()
                        .filter(|text| text.text != place.parts[text.part].text)
                    {
                        let wish = Wish::new(edit.place, text);
                        let (within, node) = (place.within, place.parts[wish.part].node);
                        wishes.entry(Spot { within, node }).or_default().push(wish);
                    }
                }
            }
        }
        for wishes in wishes.values_mut() {
            wishes.sort_by_key(|wish| (wish.place, wish.part));
            wishes.dedup();
        }
        wishes
    }

    fn part(&self, wish: &Wish) -> &Part {
        &self.places[wish.place].parts[wish.part]
    }

    /// Decides on one scalar.
    fn decide(&self, spot: Spot, wishes: &[Wish], sharing: &mut Sharing<'_>) -> Result<Rewritten, Reason> {
        let first = &wishes[0];
        self.check_text(spot, first, sharing)?;
        let uses = sharing.uses(spot);
        let image = |wish: &Wish| self.places[wish.place].image.as_ref();
        let alike = |wish: &Wish| wish.new == first.new && image(wish) == image(first);
        let places = wishes.iter().map(|wish| &self.part(wish).path).collect::<HashSet<_>>();
        let others = sharing.others(spot, wishes);
        if !wishes.iter().all(alike) || places.len() != uses || others {
            return Err(Reason {
                code: "sharedAnchor",
                text: self.sharing(first, uses),
            });
        }
        let prefix = self.part(first).substituted.as_deref().unwrap_or_default();
        let new = format!("{prefix}{}", first.new);
        let scalar = self.stream_of(spot).node(spot.node).as_scalar();
        let written = scalar.and_then(|scalar| rewrite(scalar, &new, prefix.len() + first.kept));
        let written = written.filter(|written| self.outside(spot, &written.splice).is_some());
        written.ok_or_else(|| Reason {
            code: "unwritable",
            text: self.unwritable(first),
        })
    }

    /// Whether the text that holds the scalar, if one does, is written so that it can be edited, and for this spot alone.
    fn check_text(&self, spot: Spot, wish: &Wish, sharing: &mut Sharing<'_>) -> Result<(), Reason> {
        let Some(text) = spot.within.map(|within| &self.texts[within]) else {
            return Ok(());
        };
        let name = self.places[wish.place].spot(self.part(wish));
        if !text.is_literal() {
            let text = format!(
                "{name}: the image is written in a text that is no literal block, so its bytes cannot be told; \
                 write that text behind `|`"
            );
            return Err(Reason {
                code: "notALiteralBlock",
                text,
            });
        }
        let holder = Spot {
            within: None,
            node: text.holder,
        };
        if sharing.uses(holder) == 1 {
            return Ok(());
        }
        let text = format!("{name}: the text that the image is written in is shared through an anchor or a merge key");
        Err(Reason {
            code: "sharedAnchor",
            text,
        })
    }

    /// The tree that a scalar is in.
    fn stream_of(&self, spot: Spot) -> &Stream {
        spot.within.map_or(&self.stream, |within| &self.texts[within].stream)
    }

    /// What a splice of the tree that a scalar is in is to the file.
    fn outside(&self, spot: Spot, splice: &Splice) -> Option<Splice> {
        let range = match spot.within {
            None => splice.range.clone(),
            Some(within) => self.texts[within].within_line(&splice.range)?,
        };
        let text = splice.text.clone();
        Some(Splice { range, text })
    }

    fn sharing(&self, wish: &Wish, uses: usize) -> String {
        let part = self.part(wish);
        let (spot, at) = (self.places[wish.place].spot(part), part.location);
        if uses == 1 {
            return format!(
                "{spot}: the scalar at {at} is part of another image, too, which is not to be changed in the same way"
            );
        }
        format!(
            "{spot}: {uses} spots show the scalar at {at} through an anchor or a merge key, and not all \
             of them are this image and to be changed in the same way"
        )
    }

    fn unwritable(&self, wish: &Wish) -> String {
        let part = self.part(wish);
        let spot = self.places[wish.place].spot(part);
        if part.span.is_empty() {
            format!("{spot}: there is no value that could be replaced; write \"\" there")
        } else {
            format!("{spot}: the way the scalar is written cannot be kept")
        }
    }

    /// Refuses whole places: who cannot have one scalar changed gets none, and neither does who shares one with it.
    fn hold_back(&self, scalars: &mut [Planned], plan: &mut Plan) {
        let mut of_place: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut waiting = Vec::new();
        for (number, scalar) in scalars.iter().enumerate() {
            for wish in &scalar.wishes {
                of_place.entry(wish.place).or_default().push(number);
            }
            waiting.extend(scalar.outcome.is_err().then_some(number));
        }
        let mut at = 0;
        while let Some(&number) = waiting.get(at) {
            at += 1;
            let Planned { wishes, outcome, .. } = &scalars[number];
            let Err(Reason { code, text }) = outcome else { continue };
            let (wishes, code, text) = (wishes.clone(), *code, text.clone());
            for wish in wishes {
                let reason = text.clone();
                let part = wish.part;
                plan.refuse(self, wish.place, Objection { part, code, reason });
                for other in of_place.remove(&wish.place).unwrap_or_default() {
                    let scalar = &mut scalars[other];
                    if scalar.outcome.is_ok() {
                        let (code, text) = (code, text.clone());
                        scalar.outcome = Err(Reason { code, text });
                        waiting.push(other);
                    }
                }
            }
        }
    }

    fn apply(&self, scalars: Vec<Planned>, mut plan: Plan) -> Result<Edited, Refusal> {
        let mut file = Splices::default();
        let mut texts: BTreeMap<usize, Splices> = BTreeMap::new();
        let mut changes = Vec::new();
        for Planned { spot, wishes, outcome } in scalars {
            let Ok(Rewritten { splice, text, style }) = outcome else {
                continue;
            };
            let outside = self
                .outside(spot, &splice)
                .expect("what is not on one line was refused when it was decided");
            changes.push(self.change(&wishes, outside.range.clone(), outside.text.clone()));
            file.splices.push(outside);
            match spot.within {
                None => file.intended.insert(spot.node, (text, style)),
                Some(within) => {
                    let inside = texts.entry(within).or_default();
                    inside.splices.push(splice);
                    inside.intended.insert(spot.node, (text, style))
                }
            };
        }
        for (within, inside) in texts {
            let Text { holder, stream, .. } = &self.texts[within];
            let text = inside
                .proven(stream)
                .map_err(|difference| self.unproven(&file, difference))?;
            file.intended.insert(*holder, (text, Style::Literal));
        }
        file.splices.sort_by_key(|splice| splice.range.start);
        changes.sort_by_key(|change| change.span.start);
        let text = file
            .proven(&self.stream)
            .map_err(|difference| self.unproven(&file, difference))?;
        plan.nothing_to_set.sort_unstable();
        plan.nothing_to_set.dedup();
        Ok(Edited {
            text,
            changes,
            refused: plan.refused.into_values().collect(),
            nothing_to_set: plan.nothing_to_set,
        })
    }

    fn unproven(&self, file: &Splices, difference: &'static str) -> Refusal {
        let at = file.splices.iter().map(|splice| splice.range.start).min();
        Refusal::new(
            Problem::Unproven(difference),
            self.stream.location(at.unwrap_or_default()),
        )
    }

    fn change(&self, wishes: &[Wish], span: Range<usize>, written: String) -> Change {
        let part = self.part(&wishes[0]);
        let prefix = part.substituted.as_deref().unwrap_or_default();
        Change {
            places: wishes.iter().map(|wish| wish.place).collect(),
            spot: self.places[wishes[0].place].spot(part),
            location: part.location,
            old: format!("{prefix}{}", part.text),
            new: format!("{prefix}{}", wishes[0].new),
            span,
            written,
        }
    }
}

/// A scalar: its number in the tree of the file, or of a text inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Spot {
    within: Option<usize>,
    node: usize,
}

/// A document of the file, or of a text inside it, by their numbers.
type DocumentOf = (Option<usize>, usize);

/// How often scalars are shown, found out for each tree when it is asked for.
struct Sharing<'m> {
    manifest: &'m Manifest,
    uses: HashMap<DocumentOf, Option<HashMap<usize, usize>>>,
    /// The places that are written in a scalar, where these are several; found out when it is asked for.
    places: Option<HashMap<Spot, Vec<usize>>>,
}

impl<'m> Sharing<'m> {
    fn new(manifest: &'m Manifest) -> Self {
        let uses = HashMap::new();
        let places = None;
        Self { manifest, uses, places }
    }

    /// Whether a place that is not among those of `wishes` is written in the scalar, too: annotations and markers can say so
    /// of any scalar.
    fn others(&mut self, spot: Spot, wishes: &[Wish]) -> bool {
        let manifest = self.manifest;
        let places = self.places.get_or_insert_with(|| several(manifest));
        let places = places.get(&spot).map_or(&[][..], Vec::as_slice);
        // Wishes are in the order of their places.
        let wanted = |place: &usize| wishes.binary_search_by_key(place, |wish| wish.place).is_ok();
        !places.iter().all(wanted)
    }

    fn uses(&mut self, spot: Spot) -> usize {
        let document = self.manifest.stream_of(spot).document_of(spot.node);
        let key = (spot.within, document.index());
        let uses = self.uses.entry(key).or_insert_with(|| uses(document));
        uses.as_ref()
            .map_or(1, |uses| uses.get(&spot.node).copied().unwrap_or_default())
    }
}

/// The places of each scalar that several are written in.
fn several(manifest: &Manifest) -> HashMap<Spot, Vec<usize>> {
    let mut places: HashMap<Spot, Vec<usize>> = HashMap::new();
    for (number, place) in manifest.places.iter().enumerate() {
        let within = place.within;
        for part in place.parts.iter().filter(|part| part.role != Role::FixedName) {
            places
                .entry(Spot {
                    within,
                    node: part.node,
                })
                .or_default()
                .push(number);
        }
    }
    places.retain(|_, places| places.len() > 1);
    places
}

/// What is to be done to one tree, and what that makes of its scalars.
#[derive(Default)]
struct Splices {
    splices: Vec<Splice>,
    intended: Intended,
}

impl Splices {
    /// The text of the tree afterwards, once nothing else can be found to have changed.
    fn proven(&self, stream: &Stream) -> Result<String, &'static str> {
        prove(stream, &self.splices, &self.intended)?;
        Ok(apply(stream.text(), 0..stream.text().len(), &self.splices))
    }
}

/// What a part of a place is to read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wish {
    place: usize,
    part: usize,
    new: String,
    /// How many bytes at the start stay.
    kept: usize,
}

impl Wish {
    fn new(place: usize, PartText { part, text, kept }: PartText) -> Self {
        Self {
            place,
            part,
            new: text,
            kept,
        }
    }
}

/// A scalar, who wants it changed, and how it is to be written.
struct Planned {
    spot: Spot,
    wishes: Vec<Wish>,
    outcome: Result<Rewritten, Reason>,
}

/// Why a scalar cannot be changed.
struct Reason {
    code: &'static str,
    text: String,
}

/// What was decided so far.
#[derive(Default)]
struct Plan {
    refused: BTreeMap<usize, RefusedPlace>,
    nothing_to_set: Vec<usize>,
}

impl Plan {
    /// Refuses a place; the first reason is the one that is told.
    fn refuse(&mut self, manifest: &Manifest, place: usize, objection: Objection) {
        let Objection { part, code, reason } = objection;
        let location = manifest.places[place].parts[part].location;
        self.refused.entry(place).or_insert(RefusedPlace {
            place,
            location,
            code,
            reason,
        });
    }
}
