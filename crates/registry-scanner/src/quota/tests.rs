//! What headers say, and that no more is pulled than is left.

use http::HeaderValue;
use proptest::prelude::*;

use super::*;

fn headers(limit: &str, remaining: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [(LIMIT, limit), (REMAINING, remaining)] {
        if !value.is_empty() {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
    }
    headers
}

fn check(limit: &str, remaining: &str, expected: Option<(u64, u64, u64)>) {
    let found = quota(&headers(limit, remaining));
    let found = found.map(|quota| (quota.limit, quota.remaining, quota.window.as_secs()));
    assert_eq!(found, expected, "{limit} {remaining}");
}

#[test]
fn quotas_are_read_as_docker_hub_writes_them() {
    check("100;w=21600", "76;w=21600", Some((100, 76, 21_600)));
    check("200 ; w=3600", "0", Some((200, 0, 3_600)));
    check("100", "7", Some((100, 7, 21_600)));
    check("100;w=99999999999", "500", Some((100, 100, 604_800)));
    check("100;w=0", "1", Some((100, 1, 1)));
}

#[test]
fn what_makes_no_sense_is_no_quota() {
    for (limit, remaining) in [
        ("", ""),
        ("100", ""),
        ("", "1"),
        ("0", "0"),
        ("-1", "1"),
        ("ten", "1"),
        ("99999999999999999999", "1"),
        ("100", "1.5"),
    ] {
        check(limit, remaining, None);
    }
}

const WHOLE: Duration = Duration::from_secs(21_600);

fn said(remaining: u64) -> HeaderMap {
    headers("100;w=21600", &format!("{remaining};w=21600"))
}

/// The registry says so in answer to a question that is asked now.
fn tell(pulls: &Pulls, remaining: u64, now: Instant) {
    pulls.look(now).expect("a HEAD is no pull").saw(&said(remaining), now);
}

#[tokio::test(start_paused = true)]
async fn a_fifth_is_left_to_others() {
    let (now, pulls) = (Instant::now(), Pulls::default());
    tell(&pulls, 23, now);
    for _ in 0..3 {
        assert!(pulls.take(now).is_ok());
    }
    let later = now + Duration::from_secs(600);
    assert_eq!(pulls.take(later).err(), Some(WHOLE - Duration::from_secs(600)));
    tell(&pulls, 21, later);
    assert!(pulls.take(later).is_ok());
    assert_eq!(pulls.take(later).err(), Some(WHOLE));
    assert!(pulls.take(later + WHOLE).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_window_that_passed_brings_one_quota_and_no_more() {
    let (now, pulls) = (Instant::now(), Pulls::default());
    tell(&pulls, 20, now);
    let taken = (0..200).filter(|_| pulls.take(now + WHOLE).is_ok()).count();
    assert_eq!(taken, 80);
}

#[tokio::test(start_paused = true)]
async fn an_answer_has_not_counted_what_came_after_its_question() {
    let (now, pulls) = (Instant::now(), Pulls::default());
    tell(&pulls, 30, now);
    let under_way = pulls.take(now).expect("some are left");
    let question = pulls.look(now).expect("a HEAD is no pull");
    let after: Vec<_> = (0..4).map(|_| pulls.take(now).expect("some are left")).collect();
    drop(after);
    question.saw(&said(30), now);
    assert_eq!(pulls.left(now).map(|quota| quota.remaining), Some(25));
    // A pull is in the count that it is answered with.
    under_way.saw(&said(26), now);
    drop(under_way);
    assert_eq!(pulls.left(now).map(|quota| quota.remaining), Some(22));
    tell(&pulls, 25, now);
    assert_eq!(pulls.left(now).map(|quota| quota.remaining), Some(25));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_empties_the_quota() {
    let (now, pulls) = (Instant::now(), Pulls::default());
    assert!(pulls.take(now).is_ok());
    assert_eq!(pulls.refused(&HeaderMap::new(), false, now), WHOLE);
    assert_eq!(pulls.take(now).err(), Some(WHOLE));
    assert!(pulls.look(now).is_ok());
    assert!(pulls.take(now + WHOLE).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_head_that_was_refused_as_a_pull_is_tried_again_after_a_while() {
    let (now, pulls) = (Instant::now(), Pulls::default());
    assert_eq!(pulls.refused(&said(0), true, now), HEADS_WAIT);
    let later = now + Duration::from_secs(60);
    assert_eq!(pulls.look(later).err(), Some(HEADS_WAIT - Duration::from_secs(60)));
    assert!(pulls.look(now + HEADS_WAIT).is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_says_no_quota_is_not_held_back() {
    let pulls = Pulls::default();
    let now = Instant::now();
    assert!((0..1_000).all(|_| pulls.take(now).is_ok()));
    assert_eq!(pulls.left(now), None);
    for empty in [headers("", ""), headers(";w=21600", ";w=21600")] {
        pulls.take(now).expect("no quota").saw(&empty, now);
        assert_eq!(pulls.left(now), None);
    }
}

/// What happens at a registry that counts pulls.
#[derive(Debug, Clone)]
enum Step {
    Wait(u64),
    /// A request is sent: a pull or a `HEAD`.
    Send(bool),
    /// The registry takes note of the request at this place, and thinks up its answer.
    Arrive(usize),
    /// The answer to the request at this place is read, or lost.
    Read(usize, bool),
    /// Someone else pulls.
    Other,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0_u64..4_000).prop_map(Step::Wait),
        6 => any::<bool>().prop_map(Step::Send),
        6 => (0_usize..16).prop_map(Step::Arrive),
        6 => (0_usize..16, prop::bool::weighted(0.9)).prop_map(|(at, arrives)| Step::Read(at, arrives)),
        1 => Just(Step::Other),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Requests overtake each other and answers come late or never: a registry that counts in a sliding window and has once said
    /// what is left never has to refuse, while others pull no more than what is left to them.
    #[test]
    fn a_registry_never_has_to_refuse(steps in prop::collection::vec(step(), 1..400), limit in 5_u64..60) {
        let begin = Instant::now();
        let pulls = Pulls::default();
        let mut counted: Vec<u64> = Vec::new();
        let mut requests: Vec<(Pull<'_>, Option<u64>)> = Vec::new();
        let (mut seconds, mut others) = (0, 0);
        pulls.look(begin).unwrap().saw(&headers(&limit.to_string(), &limit.to_string()), begin);
        for step in steps {
            let now = begin + Duration::from_secs(seconds);
            let left = |counted: &[u64]| limit - counted.iter().filter(|at| **at + 21_600 > seconds).count() as u64;
            match step {
                Step::Wait(more) => seconds += more,
                Step::Send(true) => requests.extend(pulls.take(now).ok().map(|pull| (pull, None))),
                Step::Send(false) => requests.extend(pulls.look(now).ok().map(|look| (look, None))),
                Step::Arrive(at) => {
                    let open = requests.len();
                    if let Some((request, answer)) = at.checked_rem(open).map(|at| &mut requests[at])
                        && answer.is_none()
                    {
                        if request.counts {
                            prop_assert!(left(&counted) > 0, "refused");
                            counted.push(seconds);
                        }
                        *answer = Some(left(&counted));
                    }
                }
                Step::Read(at, arrives) => {
                    let Some(at) = at.checked_rem(requests.len()) else { continue };
                    let (request, answer) = &requests[at];
                    let Some(remaining) = *answer else { continue };
                    if arrives {
                        request.saw(&headers(&limit.to_string(), &remaining.to_string()), now);
                    }
                    requests.swap_remove(at);
                }
                // A fifth of the quota is theirs, once in this history.
                Step::Other if others < limit / LEFT_TO_OTHERS && left(&counted) > 0 => {
                    others += 1;
                    counted.push(seconds);
                }
                Step::Other => {}
            }
        }
    }
}
