//! Who shares a pace with whom, and whose is forgotten.

use std::time::Duration;

use super::*;

fn origin(text: &str) -> Origin {
    Origin::of_text(text).expect("an origin")
}

fn stranger(paces: &Paces, text: &str) -> Arc<Pace> {
    paces.elsewhere(&origin(text), Limits::default)
}

#[tokio::test(start_paused = true)]
async fn who_leads_to_the_same_host_shares_its_pace() {
    let paces = Paces::default();
    let one = stranger(&paces, "https://cdn.example.com/a");
    assert!(Arc::ptr_eq(&one, &stranger(&paces, "https://CDN.example.com:443/b")));
    for other in [
        "https://cdn.example.com:444/",
        "http://cdn.example.com/",
        "https://cdn2.example.com/",
    ] {
        assert!(!Arc::ptr_eq(&one, &stranger(&paces, other)), "{other}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_registry_that_is_led_to_keeps_its_own_pace() {
    let paces = Paces::default();
    let registry = paces.registry(&origin("https://reg.example.com/"), &Limits::default());
    assert!(Arc::ptr_eq(
        &registry,
        &stranger(&paces, "https://reg.example.com/token")
    ));
    // What was a stranger before is a registry from then on, and its pause goes on.
    let stranger = stranger(&paces, "https://other.example.com/");
    stranger.pause(Duration::from_secs(60), "no".to_owned());
    let registry = paces.registry(&origin("https://other.example.com/"), &Limits::default());
    assert!(!Arc::ptr_eq(&registry, &stranger) && registry.paused().is_some());
}

#[tokio::test(start_paused = true)]
async fn the_host_that_was_not_used_for_the_longest_time_is_forgotten() {
    let paces = Paces::default();
    let name = |n: usize| format!("https://cdn{n}.example.com/");
    let in_use = stranger(&paces, &name(0));
    stranger(&paces, &name(1)).pause(Duration::from_secs(60), "no".to_owned());
    for n in 2..STRANGERS {
        stranger(&paces, &name(n));
    }
    stranger(&paces, &name(2));
    stranger(&paces, "https://new.example.com/");
    let known = |n: usize| paces.get(&origin(&name(n))).is_some();
    assert_eq!([0, 1, 2, 3, 4].map(known), [true, true, true, false, true]);
    // Any number of names ends no pause, and takes no more room.
    for n in 0..10 * STRANGERS {
        stranger(&paces, &format!("https://flood{n}.example.com/"));
    }
    assert_eq!([0, 1, 2].map(known), [true, true, false]);
    assert_eq!(paces.lock().strangers.len(), STRANGERS);
    drop(in_use);
}

#[tokio::test(start_paused = true)]
async fn another_configuration_ends_no_pause() {
    let (earlier, paces) = (Paces::default(), Paces::default());
    stranger(&earlier, "https://cdn.example.com/").pause(Duration::from_secs(60), "no".to_owned());
    paces.inherit(&earlier);
    assert!(stranger(&paces, "https://cdn.example.com/").paused().is_some());
}
