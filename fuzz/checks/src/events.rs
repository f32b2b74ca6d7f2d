//! What a second parser, which shares no code with ours, sees in a text: a port of libyaml.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

use libyaml_safer::{EventData, Parser, ScalarStyle};

/// How many events are looked at.
const MOST: usize = 100_000;

/// One event; positions and what is style alone are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A document, a mapping or a sequence begins or ends; anchor, tag and form, as one text.
    Form(String),
    /// Text.
    Scalar(Scalar),
}

/// A scalar as libyaml tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    /// It has neither quotes nor a tag, so that its text decides what it is.
    pub(crate) untyped: bool,
    /// Anchor and tag.
    pub(crate) properties: String,
}

thread_local! {
    /// The port panics at some texts that are none to libyaml; nobody need hear of it.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// The events of `text`; `None` if it is no YAML to libyaml, which knows YAML 1.1.
pub(crate) fn events(text: &str) -> Option<Vec<Event>> {
    static HOOK: Once = Once::new();
    // The fuzzer ends the process at a panic, whoever catches it.
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let read = panic::catch_unwind(|| read(text));
    QUIET.set(false);
    read.ok()?
}

fn read(text: &str) -> Option<Vec<Event>> {
    // It stumbles over the last line of a block if nothing ends it.
    let text = format!("{text}\n");
    let mut bytes = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut bytes);
    let mut events = Vec::new();
    while events.len() < MOST {
        let event = parser.parse().ok()?.data;
        let ends = matches!(event, EventData::StreamEnd);
        events.push(self::event(event));
        if ends {
            return Some(events);
        }
    }
    None
}

fn event(event: EventData) -> Event {
    match event {
        EventData::Scalar {
            anchor,
            tag,
            value,
            style,
            ..
        } => Event::Scalar(Scalar {
            untyped: tag.is_none() && style == ScalarStyle::Plain,
            properties: format!("{anchor:?} {tag:?}"),
            text: value,
        }),
        other => Event::Form(format!("{other:?}")),
    }
}
