//! The laws of the state machine, and one host after another that has its own idea of patience.

use std::collections::VecDeque;
use std::num::NonZeroU32;

use proptest::prelude::*;

use super::*;

fn limits(requests_per_second: u32, burst: u32) -> Limits {
    let not_zero = |number| NonZeroU32::new(number).expect("not zero");
    Limits {
        requests_per_second: not_zero(requests_per_second),
        burst: not_zero(burst),
        ..Limits::default()
    }
}

fn why(words: &str) -> Why {
    Why {
        code: ErrorCode::RateLimited,
        words: words.to_owned(),
    }
}

fn advice(wait: Option<Duration>) -> Advice {
    Advice { wait, jitter: 1.0 }
}

const SECOND: Duration = Duration::from_secs(1);

/// A host and the time there.
struct World {
    backoff: Backoff,
    now: Instant,
}

impl World {
    fn new(requests_per_second: u32, burst: u32) -> Self {
        let now = Instant::now();
        Self {
            backoff: Backoff::new(&limits(requests_per_second, burst), now),
            now,
        }
    }

    /// Waits until a request may be made; at most a day, or the host is lost for ever.
    fn begin(&mut self) -> Begun {
        let latest = self.now + 86_400 * SECOND;
        while self.now < latest {
            match self.backoff.ask(self.now) {
                Leave::Now(begun) => return begun,
                Leave::In(wait) => self.now += wait.max(Duration::from_micros(1)),
                Leave::Paused(pause) => self.now = pause.until,
                Leave::AfterProbe => panic!("nothing is under way"),
            }
        }
        panic!("never");
    }

    fn refuse(&mut self, begun: &Begun, wait: Option<Duration>) -> Duration {
        self.backoff
            .refused(begun, self.now, Refusal::TooMany, advice(wait), why("no"))
    }

    fn good(&mut self, count: usize) {
        for _ in 0..count {
            let begun = self.begin();
            self.backoff.answered(&begun, self.now);
        }
    }
}

#[test]
fn without_a_word_the_pause_doubles_from_2_seconds_to_15_minutes() {
    let mut world = World::new(1000, 1000);
    let mut wanted = FIRST_PAUSE;
    for _ in 0..40 {
        let begun = world.begin();
        assert_eq!(world.refuse(&begun, None), wanted);
        wanted = (wanted * 2).min(LONGEST_PAUSE);
    }
    // A few good answers are no peace yet, ten are.
    world.good(9);
    let begun = world.begin();
    assert_eq!(world.refuse(&begun, None), LONGEST_PAUSE);
    world.good(10);
    let begun = world.begin();
    assert_eq!(world.refuse(&begun, None), FIRST_PAUSE);
}

#[test]
fn not_all_come_back_at_once() {
    assert_eq!(doubled(FIRST_PAUSE, 3, 0.0), 6 * SECOND);
    assert_eq!(doubled(FIRST_PAUSE, 3, 1.0), 8 * SECOND);
    assert_eq!(doubled(FIRST_PAUSE, u32::MAX, 1.0), LONGEST_PAUSE);
}

#[test]
fn what_was_under_way_together_is_one_refusal() {
    let mut world = World::new(20, 10);
    let under_way: Vec<Begun> = (0..8).map(|_| world.begin()).collect();
    for begun in &under_way {
        assert_eq!(world.refuse(begun, None), FIRST_PAUSE);
    }
    assert!((world.backoff.rate(world.now) - 10.0).abs() < 0.01);
    // But who says how long is believed, also the second time.
    let begun = world.begin();
    world.refuse(&begun, Some(3 * SECOND));
    assert_eq!(world.refuse(&under_way[0], Some(9 * SECOND)), 9 * SECOND);
}

#[test]
fn a_shorter_pause_never_cuts_a_longer_one() {
    let mut world = World::new(20, 10);
    let (first, second) = (world.begin(), world.begin());
    world.refuse(&first, Some(30 * SECOND));
    assert_eq!(world.refuse(&second, Some(10 * SECOND)), 30 * SECOND);
    world.backoff.spent(world.now, 5 * SECOND, why("spent"));
    world.backoff.pause(world.now, 7 * SECOND, why("restart"));
    let pause = world.backoff.paused(world.now).expect("a pause").clone();
    assert_eq!((pause.until - world.now, pause.why), (30 * SECOND, why("no")));
}

#[test]
fn after_a_pause_one_goes_alone_until_it_is_answered() {
    let mut world = World::new(1000, 1000);
    let begun = world.begin();
    world.refuse(&begun, None);
    world.now += FIRST_PAUSE;
    let probe = world.begin();
    world.now += 60 * SECOND;
    assert_eq!(world.backoff.ask(world.now), Leave::AfterProbe);
    // Who gave up leaves the place to the next one; who was not answered, too.
    world.backoff.given_up(&probe);
    let probe = world.begin();
    world
        .backoff
        .silent(&probe, world.now, Patience::Endless, 1.0, why("silence"));
    let probe = world.begin();
    world.backoff.answered(&probe, world.now);
    let _ = (world.begin(), world.begin());
}

#[test]
fn an_answer_from_before_the_refusal_shows_nothing() {
    let mut world = World::new(1000, 1000);
    let (early, refused) = (world.begin(), world.begin());
    world.refuse(&refused, None);
    world.now += FIRST_PAUSE;
    world.backoff.answered(&early, world.now);
    let _probe = world.begin();
    assert_eq!(world.backoff.ask(world.now), Leave::AfterProbe);
}

#[test]
fn the_rate_is_halved_and_grows_back_in_its_time() {
    let mut world = World::new(20, 10);
    let begun = world.begin();
    world.refuse(&begun, None);
    world.good(1);
    let after = |world: &mut World, seconds: u32| world.backoff.rate(world.now + seconds * SECOND).round();
    let rates: Vec<f64> = [0, 50, 95, 100, 300].map(|seconds| after(&mut world, seconds)).to_vec();
    assert_eq!(rates, [10.0, 14.0, 19.0, 20.0, 20.0]);
}

#[test]
fn a_pause_brings_one_request_and_no_burst() {
    let mut world = World::new(20, 10);
    let begun = world.begin();
    world.refuse(&begun, Some(60 * SECOND));
    world.now += 60 * SECOND;
    world.good(1);
    assert!(matches!(world.backoff.ask(world.now), Leave::In(_)));
}

#[test]
fn an_unavailable_host_is_left_alone_but_not_asked_less() {
    let mut world = World::new(20, 10);
    let begun = world.begin();
    let wait = world.backoff.refused(
        &begun,
        world.now,
        Refusal::Unavailable,
        advice(Some(90 * SECOND)),
        why("down"),
    );
    assert_eq!(wait, 90 * SECOND);
    assert!((world.backoff.rate(world.now) - 20.0).abs() < f64::EPSILON);
    assert!(world.backoff.is_cautious());
}

#[test]
fn a_count_that_is_used_up_is_waited_for_within_reason() {
    let mut world = World::new(20, 10);
    world.backoff.spent(world.now, Duration::MAX, why("spent"));
    let pause = world.backoff.paused(world.now).expect("a pause").clone();
    assert_eq!(pause.until - world.now, LONGEST_PAUSE);
    world.now = pause.until;
    // Nothing was refused, so nothing has to be found out.
    let _ = (world.begin(), world.begin());
}

#[test]
fn a_host_that_does_not_answer_is_left_alone_where_nobody_else_cares() {
    let mut world = World::new(20, 10);
    let fail = |world: &mut World, patience| {
        let begun = world.begin();
        world.backoff.silent(&begun, world.now, patience, 1.0, why("silence"));
        let now = world.now;
        world.backoff.paused(now).map(|pause| pause.until - now)
    };
    let pauses: Vec<_> = (0..5).map(|_| fail(&mut world, Patience::Bounded)).collect();
    assert_eq!(
        pauses,
        [None, None, Some(15 * SECOND), Some(30 * SECOND), Some(60 * SECOND)]
    );
    world.good(1);
    assert_eq!(fail(&mut world, Patience::Bounded), None);
    assert!((0..50).all(|_| fail(&mut world, Patience::Endless).is_none()));
}

#[test]
fn other_limits_change_neither_the_pause_nor_the_part() {
    let mut world = World::new(20, 10);
    let begun = world.begin();
    world.refuse(&begun, Some(30 * SECOND));
    world.backoff = world.backoff.under(&limits(100, 50));
    assert!(world.backoff.paused(world.now).is_some());
    assert!((world.backoff.rate(world.now) - 50.0).abs() < 0.01);
    let probe = world.begin();
    world.backoff.answered(&probe, world.now);
}

/// A host that takes so many requests a second and keeps `burst` of them, and says 429 to the rest, without a word.
///
/// What it was asked within an hour: good answers and refusals.
fn an_hour(takes: f64, burst: f64) -> (u32, u32) {
    let mut world = World::new(20, 10);
    let (end, mut seen) = (world.now + 3600 * SECOND, world.now);
    let (mut bucket, mut good, mut refused) = (burst, 0, 0);
    loop {
        let begun = world.begin();
        if world.now > end {
            return (good, refused);
        }
        bucket = (bucket + takes * (world.now - seen).as_secs_f64()).min(burst);
        seen = world.now;
        if bucket >= 1.0 {
            bucket -= 1.0;
            good += 1;
            world.backoff.answered(&begun, world.now);
        } else {
            refused += 1;
            world.refuse(&begun, None);
        }
    }
}

#[test]
fn a_host_that_takes_less_is_asked_nearly_as_much_and_refuses_seldom() {
    for (takes, burst) in [(16.0, 20.0), (10.0, 10.0), (3.0, 20.0), (1.0, 10.0), (0.5, 1.0)] {
        let (good, refused) = an_hour(takes, burst);
        let part = f64::from(good) / (takes * 3600.0);
        assert!(
            part >= 0.6 && refused <= 60,
            "{takes}/s: {part:.2} of it, {refused} refusals"
        );
    }
}

/// What may happen to a host.
#[derive(Debug, Clone)]
enum Step {
    /// Time passes, or jumps back.
    Wait(i64),
    Ask,
    /// The request that is under way at this place ends so.
    Answer(usize),
    Refuse(usize, Option<u16>),
    Unavailable(usize, u16),
    Silence(usize),
    GiveUp(usize),
    Spent(u16),
    Pause(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_i64..3_000).prop_map(Step::Wait),
        1 => (-100_000_i64..1_000_000).prop_map(Step::Wait),
        8 => Just(Step::Ask),
        4 => (0_usize..8).prop_map(Step::Answer),
        2 => (0_usize..8, prop::option::of(0_u16..300)).prop_map(|(at, wait)| Step::Refuse(at, wait)),
        1 => (0_usize..8, 0_u16..100).prop_map(|(at, wait)| Step::Unavailable(at, wait)),
        1 => (0_usize..8).prop_map(Step::Silence),
        1 => (0_usize..8).prop_map(Step::GiveUp),
        1 => any::<u16>().prop_map(Step::Spent),
        1 => any::<u16>().prop_map(Step::Pause),
    ]
}

/// A history, and what it showed.
struct History {
    backoff: Backoff,
    /// What the clock of the machine says.
    clock: Instant,
    /// The latest time that was.
    now: Instant,
    under_way: VecDeque<(Begun, bool)>,
    went: Vec<Instant>,
    paused_until: Instant,
    /// A refusal came, and nothing has shown since that it is over.
    doubt: bool,
}

impl History {
    fn new(rate: u32, burst: u32) -> Self {
        let now = Instant::now() + 1_000_000 * SECOND;
        Self {
            backoff: Backoff::new(&limits(rate, burst), now),
            clock: now,
            now,
            under_way: VecDeque::new(),
            went: Vec::new(),
            paused_until: now,
            doubt: false,
        }
    }

    fn note_pause(&mut self) {
        if let Some(pause) = self.backoff.paused(self.clock) {
            assert!(pause.until >= self.paused_until, "a pause was cut");
            self.paused_until = pause.until;
        }
    }

    fn play(&mut self, step: &Step) {
        let seconds = |seconds: u16| Duration::from_secs(seconds.into());
        let clock = self.clock;
        let take = |at: usize, under_way: &mut VecDeque<(Begun, bool)>| {
            let at = at.checked_rem(under_way.len())?;
            under_way.remove(at)
        };
        match *step {
            Step::Wait(millis) => {
                let far = Duration::from_millis(millis.unsigned_abs());
                self.clock = if millis < 0 { clock - far } else { clock + far };
                self.now = self.now.max(self.clock);
            }
            Step::Ask => self.ask(),
            Step::Answer(at) => {
                if let Some((begun, after)) = take(at, &mut self.under_way) {
                    self.backoff.answered(&begun, clock);
                    self.doubt &= !after;
                }
            }
            Step::Refuse(at, wait) => {
                if let Some((begun, after)) = take(at, &mut self.under_way) {
                    let (wait, jitter) = (wait.map(seconds), 0.5);
                    self.backoff
                        .refused(&begun, clock, Refusal::TooMany, Advice { wait, jitter }, why("no"));
                    self.doubted(after);
                }
            }
            Step::Unavailable(at, wait) => {
                if let Some((begun, after)) = take(at, &mut self.under_way) {
                    let advice = advice(Some(seconds(wait)));
                    self.backoff
                        .refused(&begun, clock, Refusal::Unavailable, advice, why("down"));
                    self.doubted(after);
                }
            }
            Step::Silence(at) => {
                if let Some((begun, after)) = take(at, &mut self.under_way) {
                    let before = self.backoff.paused(clock).cloned();
                    self.backoff
                        .silent(&begun, clock, Patience::Bounded, 0.5, why("silence"));
                    let paused = self.backoff.paused(clock).cloned() != before;
                    self.doubted(after && paused);
                }
            }
            Step::GiveUp(at) => {
                if let Some((begun, _)) = take(at, &mut self.under_way) {
                    self.backoff.given_up(&begun);
                }
            }
            Step::Spent(wait) => self.backoff.spent(clock, seconds(wait), why("spent")),
            Step::Pause(wait) => {
                self.backoff.pause(clock, seconds(wait), why("restart"));
                self.doubted(true);
            }
        }
        self.note_pause();
    }

    fn doubted(&mut self, news: bool) {
        if news {
            self.doubt = true;
            for (_, after) in &mut self.under_way {
                *after = false;
            }
        }
    }

    fn ask(&mut self) {
        if let Leave::Now(begun) = self.backoff.ask(self.clock) {
            assert!(self.now >= self.paused_until, "asked during a pause");
            let since_then = self.under_way.iter().filter(|(_, after)| *after).count();
            assert!(!self.doubt || since_then == 0, "two were sent to find out");
            self.under_way.push_back((begun, true));
            self.went.push(self.now);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens: no request during a pause, no pause cut short, one at a time while there is doubt, and never more requests
    /// in any span of time than the configuration allows.
    #[test]
    fn nothing_makes_it_impatient(rate in 1_u32..50, burst in 1_u32..20, steps in prop::collection::vec(step(), 1..200)) {
        let mut history = History::new(rate, burst);
        for step in &steps {
            history.play(step);
        }
        let went = &history.went;
        for (first, begin) in went.iter().enumerate() {
            for (last, end) in went.iter().enumerate().skip(first) {
                let allowed = f64::from(burst) + f64::from(rate) * (*end - *begin).as_secs_f64();
                let asked = (last - first + 1) as f64;
                prop_assert!(asked <= allowed + 0.01, "{asked} in {:?}", *end - *begin);
            }
        }
    }

    /// Whatever happened: once a host answers well again, it is asked as often as configured after the pause and ten minutes.
    #[test]
    fn nothing_makes_it_afraid_for_ever(rate in 1_u32..50, burst in 1_u32..20, steps in prop::collection::vec(step(), 1..200)) {
        let mut history = History::new(rate, burst);
        for step in &steps {
            history.play(step);
        }
        while let Some((begun, _)) = history.under_way.pop_front() {
            history.backoff.given_up(&begun);
        }
        let (backoff, now) = (history.backoff, history.now);
        let mut world = World { backoff, now };
        let begin = world.now.max(history.paused_until);
        world.good(1);
        // With nothing left in the bucket, the first one may have to wait for the slowest rate.
        prop_assert!(world.now <= begin + 64 * SECOND, "{:?}", world.now - begin);
        world.now += 6 * DOUBLING;
        prop_assert!((world.backoff.rate(world.now) - f64::from(rate)).abs() < 1e-6);
        world.good(burst as usize);
    }
}
