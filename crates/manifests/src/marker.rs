//! Flux's markers: comments that say which policy a scalar follows.
//!
//! Written by Flux v2's image automation, `# {"$imagepolicy": "NAMESPACE:NAME[:tag|:name|:digest]"}`.

/// What all of them hold.
pub(crate) const KEY: &str = "$imagepolicy";

/// The most bytes of a namespace or a name, as Kubernetes has it.
const MAX_NAME: usize = 253;

/// A marker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The namespace that Flux looked for the policy in.
    pub namespace: String,
    /// The name of the policy.
    pub policy: String,
    /// What of the image the scalar holds.
    pub aspect: Aspect,
}

/// What of an image a marked scalar holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// All of it, `NAME:TAG`.
    Whole,
    /// The tag alone.
    Tag,
    /// The name alone.
    Name,
    /// The digest alone.
    Digest,
}

impl Aspect {
    /// As people say it of a scalar.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Whole => "the whole image",
            Self::Tag => "a tag alone",
            Self::Name => "a name alone",
            Self::Digest => "a digest alone",
        }
    }
}

/// A comment that speaks of a policy, and is no marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MarkerError {
    #[error("a marker is written `{{\"$imagepolicy\": \"NAMESPACE:NAME\"}}`")]
    NotOne,
    #[error(
        "the text of a marker is `NAMESPACE:NAME`, `NAMESPACE:NAME:tag`, `NAMESPACE:NAME:name` or `NAMESPACE:NAME:digest`"
    )]
    Text,
}

impl Marker {
    /// Reads a comment without its `#`; `None` if it does not speak of a policy at all.
    pub(crate) fn read(comment: &str) -> Option<Result<Self, MarkerError>> {
        comment.contains(KEY).then(|| {
            let text = value(comment).ok_or(MarkerError::NotOne)?;
            Self::parse(text).ok_or(MarkerError::Text)
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let (namespace, policy, aspect) = (parts.next()?, parts.next()?, parts.next());
        let aspect = match aspect {
            None => Aspect::Whole,
            Some("tag") => Aspect::Tag,
            Some("name") => Aspect::Name,
            Some("digest") => Aspect::Digest,
            Some(_) => return None,
        };
        let is_name = |name: &str| (1..=MAX_NAME).contains(&name.len()) && !name.contains(char::is_whitespace);
        let fits = is_name(namespace) && is_name(policy) && parts.next().is_none();
        fits.then(|| Self {
            namespace: namespace.to_owned(),
            policy: policy.to_owned(),
            aspect,
        })
    }
}

/// The text behind the key in a comment that is an object of JSON with this one key; what stands around the object is not looked at.
fn value(comment: &str) -> Option<&str> {
    let inner = &comment[comment.find('{')? + 1..];
    let quoted = |text: &'_ str| -> Option<(usize, usize)> {
        let start = text.find('"')?;
        let end = start + 1 + text[start + 1..].find('"')?;
        text[..start].trim().is_empty().then_some((start + 1, end))
    };
    let (start, end) = quoted(inner)?;
    let rest = inner[end + 1..].trim_start().strip_prefix(':')?;
    let (first, last) = quoted(rest)?;
    let is_closed = rest[last + 1..].trim_start().starts_with('}');
    (&inner[start..end] == KEY && is_closed).then(|| &rest[first..last])
}

#[cfg(test)]
mod tests;
