//! One page: `{"tags": [NAME…]}`, and what Google's registries add to it.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::json::{JsonError, check_depth};

/// What a page tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Item<'a> {
    /// A tag, or what the registry takes for one.
    Name(&'a str),
    /// The digest that a tag is said to have.
    Claim { digest: &'a str, tag: &'a str },
}

/// Reads a page, and says how many names there are.
pub(crate) fn read_page(body: &[u8], each: impl FnMut(Item<'_>)) -> Result<usize, JsonError> {
    check_depth(body)?;
    // Text that is known to be UTF-8 is not looked at again, name by name.
    match std::str::from_utf8(body) {
        Ok(text) => read(serde_json::Deserializer::from_str(text), each),
        Err(_) => read(serde_json::Deserializer::from_slice(body), each),
    }
}

fn read<'de, R: serde_json::de::Read<'de>>(
    mut json: serde_json::Deserializer<R>,
    mut each: impl FnMut(Item<'_>),
) -> Result<usize, JsonError> {
    let mut count = 0;
    let page = PageSeed(|item: Item<'_>| {
        count += usize::from(matches!(item, Item::Name(_)));
        each(item);
    });
    page.deserialize(&mut json)?;
    json.end()?;
    Ok(count)
}

/// Reads an object with `tags`, and hands each name on as it is met; keys that nobody knows are passed over.
struct PageSeed<F>(F);

impl<'de, F: FnMut(Item<'_>)> DeserializeSeed<'de> for PageSeed<F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(Item<'_>)> Visitor<'de> for PageSeed<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `tags`")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut found = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "tags" if found => return Err(A::Error::custom("`tags` is there twice")),
                "tags" => {
                    found = true;
                    map.next_value_seed(NamesSeed(&mut self.0))?;
                }
                "manifest" => map.next_value_seed(ClaimsSeed {
                    place: Place::Manifests,
                    each: &mut self.0,
                })?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if found {
            Ok(())
        } else {
            Err(A::Error::custom("there are no `tags`"))
        }
    }
}

/// Reads the list, or `null`, which some registries send for an empty one.
struct NamesSeed<'a, F>(&'a mut F);

impl<'de, F: FnMut(Item<'_>)> DeserializeSeed<'de> for NamesSeed<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Item<'_>)> Visitor<'de> for NamesSeed<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names, or null")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<(), A::Error> {
        while let Some(name) = names.next_element::<Name<'_>>()? {
            (self.0)(Item::Name(&name.0));
        }
        Ok(())
    }
}

/// Borrowed from the page unless it holds escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] std::borrow::Cow<'a, str>);

/// Reads `{DIGEST: {"tag": [TAG…], …}, …}`, or a value in it, and keeps none of it. Where something else stands, it says nothing.
struct ClaimsSeed<'a, F> {
    place: Place<'a>,
    each: &'a mut F,
}

/// Which of the values that is.
#[derive(Clone, Copy)]
enum Place<'a> {
    Manifests,
    /// What stands behind this digest.
    Manifest(&'a str),
    /// Its tags.
    Tags(&'a str),
    /// One of them.
    Tag(&'a str),
}

impl<F> ClaimsSeed<'_, F> {
    /// The same for a value within.
    fn within<'a>(&'a mut self, place: Place<'a>) -> ClaimsSeed<'a, F> {
        ClaimsSeed { place, each: self.each }
    }
}

impl<'de, F: FnMut(Item<'_>)> DeserializeSeed<'de> for ClaimsSeed<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(Item<'_>)> Visitor<'de> for ClaimsSeed<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match self.place {
                Place::Manifests => map.next_value_seed(self.within(Place::Manifest(&key)))?,
                Place::Manifest(digest) if key == "tag" => map.next_value_seed(self.within(Place::Tags(digest)))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        match self.place {
            Place::Tags(digest) => while items.next_element_seed(self.within(Place::Tag(digest)))?.is_some() {},
            _ => while items.next_element::<IgnoredAny>()?.is_some() {},
        }
        Ok(())
    }

    fn visit_str<E>(self, tag: &str) -> Result<(), E> {
        if let Place::Tag(digest) = self.place {
            (self.each)(Item::Claim { digest, tag });
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}
