//! Who is heard at which level.

use tracing::Level;
use tracing::subscriber::with_default;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use super::filter;

#[track_caller]
fn check(rust_log: Option<&str>, heard: impl FnOnce() -> bool) {
    let filter = filter(rust_log, "info").unwrap();
    assert!(with_default(registry().with(filter), heard), "{rust_log:?}");
}

#[test]
fn libraries_speak_up_only_when_something_is_wrong() {
    check(None, || tracing::enabled!(target: "controller::scan", Level::INFO));
    check(None, || !tracing::enabled!(target: "controller::scan", Level::DEBUG));
    check(None, || tracing::enabled!(target: "hyper", Level::WARN));
    check(None, || !tracing::enabled!(target: "hyper", Level::INFO));
}

#[test]
fn a_log_beside_the_configuration_does_not_feed_itself() {
    check(Some("trace"), || tracing::enabled!(target: "hyper", Level::TRACE));
    check(
        Some("trace"),
        || !tracing::enabled!(target: "notify::inotify", Level::TRACE),
    );
    check(
        Some("notify=trace"),
        || !tracing::enabled!(target: "notify::inotify", Level::TRACE),
    );
}

#[test]
fn nothing_is_heard_that_was_turned_off() {
    check(
        Some("off"),
        || !tracing::enabled!(target: "notify::inotify", Level::ERROR),
    );
    check(
        Some("off"),
        || !tracing::enabled!(target: "controller::scan", Level::ERROR),
    );
}
