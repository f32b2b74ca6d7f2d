//! How long a refusal stands.

use super::*;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_unix_seconds(minutes * 60)
}

#[test]
fn a_refused_push_is_tried_again_ever_more_rarely() {
    let head = ObjectId::of_blob(b"head");
    let mut refusals = Refusals::default();
    let mut now = at(0);
    let mut waits = Vec::new();
    for _ in 0..6 {
        refusals.record("u1", head, "protected branch", now);
        let wait = refusals.wait(now);
        let until = now + wait;
        waits.push(wait.as_secs() / 60);
        assert_eq!(refusals.standing("u1", head, now).as_deref(), Some("protected branch"));
        assert_eq!(refusals.standing("u1", head, until), None);
        now = until;
    }
    assert_eq!(waits, [1, 2, 4, 8, 15, 15]);
}

#[test]
fn another_proposal_or_another_head_is_another_push() {
    let (head, other) = (ObjectId::of_blob(b"head"), ObjectId::of_blob(b"other"));
    let mut refusals = Refusals::default();
    refusals.record("u1", head, "no", at(0));
    assert_eq!(refusals.standing("u2", head, at(0)), None);
    assert_eq!(refusals.standing("u1", other, at(0)), None);
    refusals.record("u2", head, "no", at(0));
    assert_eq!(refusals.wait(at(0)).as_secs(), 60, "the count begins anew");
    refusals.clear();
    assert_eq!(refusals.standing("u2", head, at(0)), None);
}
