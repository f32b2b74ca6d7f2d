//! Paths of fields.

use std::{borrow::Cow, fmt, iter, sync::Arc};

/// The way from the top of a document to a field, `spec.containers[0].image`.
///
/// Cheap to clone; what many paths begin with they share.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct FieldPath(Option<Arc<Step>>);

#[derive(PartialEq, Eq, Hash)]
struct Step {
    before: FieldPath,
    segment: Segment,
    /// How many steps there are up to here.
    length: usize,
}

#[derive(PartialEq, Eq, Hash)]
enum Segment {
    Key(Cow<'static, str>),
    Item(usize),
}

impl FieldPath {
    /// The field `key` of what is here.
    pub(crate) fn key(&self, key: impl Into<Cow<'static, str>>) -> Self {
        self.and(Segment::Key(key.into()))
    }

    /// The item `index`, from 0, of what is here.
    pub(crate) fn item(&self, index: usize) -> Self {
        self.and(Segment::Item(index))
    }

    /// How many keys and numbers it has.
    pub(crate) fn length(&self) -> usize {
        self.0.as_ref().map_or(0, |step| step.length)
    }

    /// About how many bytes it takes to write it.
    pub(crate) fn bytes(&self) -> usize {
        let steps = iter::successors(self.0.as_ref(), |step| step.before.0.as_ref());
        let bytes = steps.map(|step| match &step.segment {
            Segment::Key(key) => 1 + key.len(),
            Segment::Item(_) => 4,
        });
        bytes.sum()
    }

    /// The way to what is around this; itself at the top.
    pub(crate) fn above(&self) -> Self {
        self.0.as_ref().map_or_else(Self::default, |step| step.before.clone())
    }

    /// What follows the first `from` steps, with dots between, numbers without brackets, as the names of annotations may have it.
    pub(crate) fn dotted(&self, from: usize) -> String {
        let steps = self.steps().into_iter().skip(from);
        let texts = steps.map(|step| match &step.segment {
            Segment::Key(key) => key.to_string(),
            Segment::Item(index) => index.to_string(),
        });
        texts.collect::<Vec<_>>().join(".")
    }

    /// All steps, from the top.
    fn steps(&self) -> Vec<&Step> {
        let steps = iter::successors(self.0.as_ref(), |step| step.before.0.as_ref());
        let mut steps = steps.map(Arc::as_ref).collect::<Vec<_>>();
        steps.reverse();
        steps
    }

    fn and(&self, segment: Segment) -> Self {
        Self(Some(Arc::new(Step {
            before: self.clone(),
            segment,
            length: self.length() + 1,
        })))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps().into_iter().enumerate() {
            match &step.segment {
                Segment::Key(key) if number == 0 => write!(f, "{key}")?,
                Segment::Key(key) => write!(f, ".{key}")?,
                Segment::Item(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}
