//! Everything that registries do wrong, all at once, beside some that do nothing wrong: no interval of these is missed, nothing is
//! decided from doubt, and no credential gets to where it does not belong.
//!
//! One daemon looks after an image of each host of the cast (`cast.rs`). In three acts, images get newer and hosts get worse or better; what
//! is waited for is what the API and git say. Then the logs of all servers, and all that the daemon ever said, are held against the laws
//! (`laws.rs`).

mod cast;
mod faults;
mod laws;
mod stage;

use std::time::Duration;

use serde_json::Value;

use self::cast::{Cast, PATIENT};
use self::stage::Stage;

/// The whole of it must be over by then.
const AT_MOST: Duration = Duration::from_secs(60);

#[test]
fn hosts_that_misbehave_harm_nobody() {
    let cast = Cast::new();
    let mut stage = Stage::new(&cast);
    let daemon = stage.start();

    // Faults that pass: each host is asked again, and then moves.
    stage.until_all_are(&daemon, &Cast::recovering(), "1.1.0");
    stage.look_around(&daemon);

    // Hosts that were good get worse, and then something new is there.
    cast.get_worse();
    cast.push_everywhere("1.2.0");
    stage.until_all_are(&daemon, &["plain", "tls", "token", "renewed"], "1.2.0");
    for (name, code) in [
        ("stranger", "unreachable"),
        ("silent", "unreachable"),
        ("seduced", "badAnswer"),
        ("realm", "realmNotAllowed"),
        ("page", "badAnswer"),
        ("half", "unreachable"),
    ] {
        stage.until_listed(&daemon, "images", name, code, |image| image["lastErrorCode"] == code);
    }
    for (name, reason) in [("empty", "suspectList"), ("without", "currentTagMissing")] {
        let held = |target: &Value| target["decision"]["reason"] == reason;
        stage.until_listed(&daemon, "targets", name, reason, held);
    }
    stage.look_around(&daemon);

    // They get better again.
    cast.get_better();
    cast.push("plain", "1.3.0");
    cast.push("tls", "1.3.0");
    cast.push("token", "1.3.0");
    stage.until_all_are(&daemon, &["plain", "tls", "token"], "1.3.0");
    stage.until_all_are(
        &daemon,
        &["stranger", "empty", "without", "half", "page", PATIENT],
        "1.2.0",
    );
    stage.look_around(&daemon);

    stage.end(daemon);
    stage.assert_exactly_the_right_commits();
    stage.assert_no_interval_was_missed();
    stage.assert_patience();
    cast.assert_credentials_stayed_at_home();
    stage.assert_nothing_was_told();
    assert!(stage.lasted() < AT_MOST, "it took {:?}", stage.lasted());
}
