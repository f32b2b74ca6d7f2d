//! A file that may be edited.

use std::sync::Arc;

use yaml_spans::{Location, Stream};

use crate::{FieldPattern, FileKind, Note, Place, Refusal, places, refusal::Problem, templates, text::Text};

/// What to look for in a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading<'a> {
    /// What its name says about it.
    pub kind: FileKind,
    /// Scalars with a marker of Flux are places, too; markers and annotations that lead to no image are noted.
    pub markers: bool,
    /// What these lead to are places, too.
    pub fields: &'a [FieldPattern],
    /// The images that markers of policies mean where nothing beside them says which, by the names of the policies.
    pub images: &'a [(String, String)],
}

/// The text of a file, its tree, and the places in it where images are written.
///
/// Keep it: finding and editing again costs next to nothing.
#[derive(Debug, Clone)]
pub struct Manifest {
    pub(crate) stream: Stream,
    pub(crate) places: Vec<Place>,
    /// The texts inside its scalars that have places.
    pub(crate) texts: Vec<Text>,
    notes: Vec<Note>,
}

impl Manifest {
    /// Reads the text of a file whose name says nothing: only objects that name their kind have places.
    ///
    /// # Errors
    ///
    /// Nobody should edit the file; trying again does not help.
    pub fn read(text: impl Into<Arc<str>>) -> Result<Self, Refusal> {
        Self::read_as(FileKind::Other, text)
    }

    /// Reads the text of a file whose name says that it is of this kind.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_as(kind: FileKind, text: impl Into<Arc<str>>) -> Result<Self, Refusal> {
        let reading = Reading {
            kind,
            ..Reading::default()
        };
        Self::read_with(&reading, text)
    }

    /// Reads the text of a file, and looks for what `reading` asks for.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_with(reading: &Reading<'_>, text: impl Into<Arc<str>>) -> Result<Self, Refusal> {
        let text = text.into();
        let stream = match Stream::parse(Arc::clone(&text)) {
            Ok(stream) => stream,
            Err(error) => return Err(templates::blame(&text, error)),
        };
        templates::check(&stream, reading.kind)?;
        let Found { places, texts, notes } = places::find(&stream, reading)?;
        Ok(Self {
            stream,
            places,
            texts,
            notes,
        })
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), and if they are not UTF-8.
    pub fn read_bytes(bytes: &[u8]) -> Result<Self, Refusal> {
        Self::read_bytes_as(FileKind::Other, bytes)
    }

    /// Reads the bytes of a file whose name says that it is of this kind.
    ///
    /// # Errors
    ///
    /// As [`read_bytes`](Self::read_bytes).
    pub fn read_bytes_as(kind: FileKind, bytes: &[u8]) -> Result<Self, Refusal> {
        let reading = Reading {
            kind,
            ..Reading::default()
        };
        Self::read_bytes_with(&reading, bytes)
    }

    /// Reads the bytes of a file, and looks for what `reading` asks for.
    ///
    /// # Errors
    ///
    /// As [`read_bytes`](Self::read_bytes).
    pub fn read_bytes_with(reading: &Reading<'_>, bytes: &[u8]) -> Result<Self, Refusal> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::read_with(reading, text),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
                let column = 1 + before.iter().rev().take_while(|&&byte| byte != b'\n').count();
                Err(Refusal::new(Problem::NotUtf8, Location { line, column }))
            }
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        self.stream.text()
    }

    /// Where images are written, in the order of the text.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// What seems to be meant for an image, and leads to none, in the order of the text.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

/// All that was found in a text.
pub(crate) struct Found {
    pub(crate) places: Vec<Place>,
    pub(crate) texts: Vec<Text>,
    pub(crate) notes: Vec<Note>,
}
