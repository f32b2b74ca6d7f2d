//! What a JSON text says twice, and how deep it goes; `serde_json::Value` does not tell.

use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// Lists and objects in one another that are read.
pub(crate) const DEEPEST: usize = 64;

/// The shape of a text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shape {
    /// Lists and objects in one another; 0 for a single value.
    pub(crate) depth: usize,
    /// An object has a key twice.
    pub(crate) double: bool,
    /// The outermost object has this key twice.
    pub(crate) double_tags: bool,
}

impl Shape {
    fn around(self, inner: Self) -> Self {
        Self {
            depth: self.depth.max(inner.depth + 1),
            double: self.double || inner.double,
            double_tags: false,
        }
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shaper)
    }
}

struct Shaper;

impl<'de> Visitor<'de> for Shaper {
    type Value = Shape;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Shape, E> {
        Ok(Shape::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Shape, A::Error> {
        let mut shape = Shape::default().around_nothing();
        while let Some(item) = items.next_element::<Shape>()? {
            shape = shape.around(item);
        }
        Ok(shape)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Shape, A::Error> {
        let mut shape = Shape::default().around_nothing();
        let (mut keys, mut double_tags) = (HashSet::new(), false);
        while let Some((key, value)) = pairs.next_entry::<String, Shape>()? {
            shape = shape.around(value);
            let is_tags = key == "tags";
            if !keys.insert(key) {
                shape.double = true;
                double_tags |= is_tags;
            }
        }
        Ok(Shape { double_tags, ..shape })
    }
}

impl Shape {
    /// An empty list or object.
    fn around_nothing(self) -> Self {
        Self { depth: 1, ..self }
    }
}
