//! Paths of fields.

use std::{borrow::Cow, fmt, iter, sync::Arc};

/// The way from the top of a document to a field, `spec.containers[0].image`.
///
/// Cheap to clone; what many paths begin with they share.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FieldPath(Option<Arc<Step>>);

#[derive(PartialEq, Eq)]
struct Step {
    before: FieldPath,
    segment: Segment,
}

#[derive(PartialEq, Eq)]
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

    fn and(&self, segment: Segment) -> Self {
        Self(Some(Arc::new(Step {
            before: self.clone(),
            segment,
        })))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = iter::successors(self.0.as_ref(), |step| step.before.0.as_ref());
        let mut steps = steps.collect::<Vec<_>>();
        steps.reverse();
        for (number, step) in steps.into_iter().enumerate() {
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
