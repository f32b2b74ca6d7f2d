//! Whatever happens, in whatever order: against a queue that is nothing but a list.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Something that happens to one of a few repositories.
#[derive(Debug, Clone)]
enum Event {
    Plan(u8, Turn),
    Ask(u8, Timestamp),
    Ended(u8, Turn),
    Unwanted(u8),
    Passes(u8),
    Start,
}

fn name(number: u8) -> Repository {
    repository(&format!("r{}", number % 12))
}

fn any_turn() -> impl Strategy<Value = Turn> {
    let urgency = prop_oneof![Just(Urgency::New), Just(Urgency::Due)];
    (urgency, 0..60_i64).prop_map(|(urgency, seconds)| turn(urgency, seconds))
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (any::<u8>(), any_turn()).prop_map(|(number, turn)| Event::Plan(number, turn)),
        2 => (any::<u8>(), 0..60_i64).prop_map(|(number, seconds)| Event::Ask(number, at(seconds))),
        4 => (any::<u8>(), any_turn()).prop_map(|(number, turn)| Event::Ended(number, turn)),
        1 => any::<u8>().prop_map(Event::Unwanted),
        3 => (0..8_u8).prop_map(Event::Passes),
        6 => Just(Event::Start),
    ]
}

/// What a queue should hold, with every question answered by looking at all of it.
#[derive(Default)]
struct Plain {
    waiting: BTreeMap<Repository, Turn>,
    under_way: BTreeMap<Repository, (Timestamp, Option<Turn>)>,
}

impl Plain {
    fn has_room(&self, now: Timestamp, places: usize) -> bool {
        let holds = |(since, _): &&(Timestamp, _)| now.since(*since) < HOLDS_A_PLACE;
        let holding = self.under_way.values().filter(holds).count();
        holding < places && self.under_way.len() < places * UNDER_WAY_PER_PLACE
    }

    fn first(&self, now: Timestamp, places: usize) -> Option<Repository> {
        let due = self.waiting.iter().filter(|(_, turn)| turn.at <= now);
        let first = due.min_by_key(|(repository, turn)| (turn.urgency, turn.at, (*repository).clone()));
        let (repository, _) = first.filter(|_| self.has_room(now, places))?;
        Some(repository.clone())
    }

    fn plan(&mut self, repository: Repository, turn: Turn) {
        if self.under_way.contains_key(&repository) {
            return;
        }
        let known = self.waiting.get(&repository).copied();
        let kept = match known.map(|known| (known.urgency, known)) {
            Some((Urgency::Asked, known)) => known,
            Some((Urgency::New, known)) if turn.urgency == Urgency::New && known.at < turn.at => known,
            _ => turn,
        };
        self.waiting.insert(repository, kept);
    }

    fn ask(&mut self, repository: Repository, at: Timestamp) {
        let asked = |known: Option<Turn>| {
            let known = known.filter(|known| known.urgency == Urgency::Asked);
            Turn {
                urgency: Urgency::Asked,
                at: known.map_or(at, |known| known.at.min(at)),
            }
        };
        if let Some((_, again)) = self.under_way.get_mut(&repository) {
            *again = Some(asked(*again));
        } else {
            let turn = asked(self.waiting.get(&repository).copied());
            self.waiting.insert(repository, turn);
        }
    }

    /// Ends one of the scans that are under way, if any; says which.
    fn end(&mut self, number: u8, turn: Turn) -> Option<Repository> {
        let which = usize::from(number) % self.under_way.len().max(1);
        let repository = self.under_way.keys().nth(which)?.clone();
        let (_, again) = self.under_way.remove(&repository)?;
        self.waiting.insert(repository.clone(), again.unwrap_or(turn));
        Some(repository)
    }
}

/// Lets one event happen to both.
fn happen(queue: &mut Queue, plain: &mut Plain, event: &Event, now: &mut Timestamp, places: usize) {
    match event {
        Event::Plan(number, turn) => {
            queue.plan(&name(*number), *turn);
            plain.plan(name(*number), *turn);
        }
        Event::Ask(number, when) => {
            queue.ask(&name(*number), *when);
            plain.ask(name(*number), *when);
        }
        Event::Ended(number, turn) => {
            if let Some(repository) = plain.end(*number, *turn) {
                queue.ended(&repository, *turn);
            }
        }
        Event::Unwanted(number) => {
            queue.retain(|repository| *repository != name(*number));
            plain.waiting.remove(&name(*number));
        }
        Event::Passes(seconds) => *now = *now + Duration::from_secs(u64::from(*seconds)),
        Event::Start => {
            let expected = plain.first(*now, places);
            let started = queue.start(*now, places).map(|(repository, _)| repository);
            assert_eq!(started, expected, "who goes first");
            if let Some(repository) = started {
                assert!(!plain.under_way.contains_key(&repository), "once at a time");
                plain.waiting.remove(&repository);
                plain.under_way.insert(repository, (*now, None));
            }
        }
    }
}

/// Nothing can be started before the time that the queue names, and something can then.
fn check_wake(queue: &Queue, plain: &Plain, now: Timestamp, places: usize) {
    let mut times = (0..=60).map(|seconds| now + Duration::from_secs(seconds));
    let expected = times.find(|&when| plain.first(when, places).is_some());
    let wakes = queue.wakes_at(now, places).map(|at| at.max(now));
    assert_eq!(wakes, expected, "when to look again");
}

proptest! {
    #[test]
    fn a_queue_is_what_its_words_say(places in 1..4_usize, events in vec(any_event(), 0..120)) {
        let (mut queue, mut plain, mut now) = (Queue::default(), Plain::default(), at(0));
        for event in &events {
            happen(&mut queue, &mut plain, event, &mut now, places);
            check_wake(&queue, &plain, now, places);
            prop_assert_eq!(&queue.waiting, &plain.waiting);
            prop_assert_eq!(queue.order.iter().map(BTreeSet::len).sum::<usize>(), plain.waiting.len());
            prop_assert_eq!(queue.is_busy(), !plain.under_way.is_empty());
        }
    }

    #[test]
    fn whoever_waits_has_a_turn_though_others_are_due_again_and_again(
        places in 1..4_usize,
        turns in vec((any::<u8>(), any_turn()), 1..40),
    ) {
        let mut queue = Queue::default();
        for (number, turn) in &turns {
            queue.plan(&name(*number), *turn);
        }
        let mut left: BTreeSet<Repository> = queue.waiting.keys().cloned().collect();
        let (mut now, mut scans) = (at(0), 0);
        while !left.is_empty() {
            now = queue.wakes_at(now, places).unwrap().max(now);
            let (repository, _) = queue.start(now, places).unwrap();
            left.remove(&repository);
            now = now + Duration::from_millis(100);
            queue.ended(&repository, turn(Urgency::Due, now.as_unix_seconds() + 1));
            scans += 1;
            prop_assert!(scans < 1_000, "{:?} had no turn", left);
        }
    }
}
