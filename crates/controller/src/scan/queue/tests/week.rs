//! A simulated week of one host: its queue and its schedules, against a clock that jumps from event to event.

use std::sync::LazyLock;

use expect_test::{Expect, expect};

use super::*;
use crate::config::{Schedule, parse_for_tests};
use crate::scan::schedule::{Cadence, due, spread};

const DAY: i64 = 24 * 3600;
const WEEK: i64 = 7 * DAY;
const PUSHES: usize = 7 * 5;
const HOST_PLACES: usize = 8;
/// How long it takes to list the tags of a usual image.
const USUAL: Duration = Duration::from_millis(250);

/// One image of the host.
struct Image {
    repository: Repository,
    spread: u16,
    cadence: Cadence,
    /// When something is pushed, the next one last.
    pushes: Vec<i64>,
    /// How long a scan of it takes.
    takes: Duration,
    /// When each scan began and ended.
    scans: Vec<(Timestamp, Timestamp)>,
}

/// A row of numbers that looks random and is the same in each run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// What holds where the configuration says nothing.
fn schedule() -> Schedule {
    static SCHEDULE: LazyLock<Schedule> = LazyLock::new(|| parse_for_tests("{}").schedules.defaults);
    *SCHEDULE
}

/// A hundred images that are pushed to five times a day.
fn images() -> Vec<Image> {
    let mut dice = Dice(20_261_121);
    let image = |number: usize| {
        let mut pushes: Vec<i64> = (0..PUSHES).map(|_| dice.below(WEEK)).collect();
        pushes.sort_unstable_by(|a, b| b.cmp(a));
        let repository = repository(&format!("app{number:03}"));
        Image {
            spread: spread(&repository.to_string()),
            repository,
            cadence: Cadence::default(),
            pushes,
            takes: USUAL,
            scans: Vec::new(),
        }
    };
    (0..100).map(image).collect()
}

/// The same, the first of them with scans that take so long.
fn images_and(first: usize, takes: Duration) -> Vec<Image> {
    let mut images = images();
    for image in &mut images[..first] {
        image.takes = takes;
    }
    images
}

impl Image {
    /// A scan has ended; when the next one is due.
    fn scanned(&mut self, started: Timestamp, ended: Timestamp) -> Turn {
        let (pushed, listed) = (self.pushes.len(), started.as_unix_seconds());
        while self.pushes.last().is_some_and(|push| *push <= listed) {
            self.pushes.pop();
        }
        let has_news = self.pushes.len() < pushed;
        self.cadence = self.cadence.after(has_news, schedule(), self.spread);
        self.scans.push((started, ended));
        Turn {
            urgency: Urgency::Due,
            at: due(schedule(), self.cadence, ended, 0, self.spread),
        }
    }
}

/// Runs the queue of the host from a cold start until so many seconds have passed.
fn simulate(mut images: Vec<Image>, seconds: i64) -> Vec<Image> {
    let (mut queue, mut now) = (Queue::default(), at(0));
    let numbered = (0..).zip(&images);
    let numbers: BTreeMap<Repository, usize> = numbered
        .map(|(number, image)| (image.repository.clone(), number))
        .collect();
    for repository in numbers.keys() {
        queue.plan(repository, turn(Urgency::New, 0));
    }
    let mut ends = BTreeSet::new();
    loop {
        while let Some((repository, _)) = queue.start(now, HOST_PLACES) {
            let number = numbers[&repository];
            ends.insert((now + images[number].takes, now, number));
        }
        let first_end = ends.first().map(|(ended, ..)| *ended);
        let wakes = queue.wakes_at(now, HOST_PLACES);
        now = wakes.into_iter().chain(first_end).min().unwrap();
        if now > at(seconds) {
            return images;
        }
        if first_end == Some(now) {
            let (ended, started, number) = ends.pop_first().unwrap();
            let turn = images[number].scanned(started, ended);
            queue.ended(&images[number].repository, turn);
        }
    }
}

/// The most scans that began within any ten seconds, once all had begun for the first time.
fn busiest_ten_seconds(images: &[Image]) -> usize {
    let later = images.iter().flat_map(|image| &image.scans[1..]);
    let mut begun: Vec<Timestamp> = later.map(|(started, _)| *started).collect();
    begun.sort_unstable();
    let within = |first: &Timestamp| {
        let end = *first + Duration::from_secs(10);
        begun.partition_point(|at| *at < end) - begun.partition_point(|at| at < first)
    };
    begun.iter().map(within).max().unwrap_or_default()
}

/// The shortest and the longest rest between two scans of one image.
fn rests(images: &[Image]) -> (Duration, Duration) {
    let pairs = images.iter().flat_map(|image| image.scans.windows(2));
    let rests = pairs.map(|pair| pair[1].0.since(pair[0].1));
    rests.fold((Duration::MAX, Duration::ZERO), |(shortest, longest), rest| {
        (shortest.min(rest), longest.max(rest))
    })
}

fn lists(images: &[Image]) -> Vec<usize> {
    images.iter().map(|image| image.scans.len()).collect()
}

fn check(images: &[Image], expected: &Expect) {
    let lists: usize = lists(images).iter().sum();
    let (shortest, longest) = rests(images);
    expected.assert_eq(&format!(
        "{lists} lists\nrests of {:.1} to {:.1} s\nat most {} scans begun in ten seconds\n",
        shortest.as_secs_f64(),
        longest.as_secs_f64(),
        busiest_ten_seconds(images),
    ));
}

#[test]
fn a_hundred_images_that_move_five_times_a_day_cost_a_fifth_of_a_million_requests_a_week() {
    let images = simulate(images(), WEEK);
    check(
        &images,
        &expect![[r#"
        213859 lists
        rests of 34.0 to 300.0 s
        at most 15 scans begun in ten seconds
    "#]],
    );
    // A push costs the digest of what it brought, and several between two scans cost no more than one.
    let requests = lists(&images).iter().sum::<usize>() + 100 * PUSHES;
    assert!(requests < 1_010_000 / 4, "{requests} requests");
    let (shortest, longest) = rests(&images);
    assert!(shortest >= schedule().min_interval && longest <= schedule().interval);
}

#[test]
fn an_image_whose_scans_take_an_hour_changes_nobody_elses_schedule() {
    let alone = simulate(images(), DAY);
    let beside = simulate(images_and(1, Duration::from_secs(3600)), DAY);
    let sum = |images: &[Image]| lists(&images[1..]).iter().sum::<usize>();
    // The seconds of the start fall otherwise, so the dice of the schedules do, too.
    assert!(
        sum(&alone).abs_diff(sum(&beside)) <= 99,
        "{} and {}",
        sum(&alone),
        sum(&beside)
    );
    let (shortest, longest) = rests(&beside[1..]);
    assert!(shortest >= schedule().min_interval && longest <= schedule().interval);
    let own = lists(&beside)[0];
    assert!((22..=24).contains(&own), "{own} scans of an hour each");
}

#[test]
fn images_that_hang_hold_the_others_up_for_seconds_at_most() {
    // A fifth of all takes as long as a request may take.
    let images = simulate(images_and(20, Duration::from_secs(30)), DAY);
    let (_, longest) = rests(&images[20..]);
    assert!(longest <= schedule().interval + HOLDS_A_PLACE, "{longest:?}");
}

#[test]
fn ten_thousand_images_are_scanned_once_each_before_any_is_scanned_again() {
    let mut queue = Queue::default();
    let name = |number: usize| repository(&format!("app{number:05}"));
    for number in 0..10_000 {
        queue.plan(&name(number), turn(Urgency::New, 0));
    }
    // A person does not wait for all of that.
    queue.ask(&name(9_999), at(1));
    let (mut now, mut order) = (at(1), Vec::new());
    while order.len() < 10_000 {
        let begun: Vec<Repository> = std::iter::from_fn(|| queue.start(now, HOST_PLACES))
            .map(|(repository, _)| repository)
            .collect();
        assert!((1..=HOST_PLACES).contains(&begun.len()), "as many as there are places");
        now = now + Duration::from_secs(1);
        for repository in begun {
            // The shortest wait there is: all that was scanned is soon due again.
            queue.ended(&repository, turn(Urgency::Due, now.as_unix_seconds() + 30));
            order.push(repository);
        }
    }
    assert_eq!(order[0], name(9_999));
    assert_eq!(order.into_iter().collect::<BTreeSet<_>>().len(), 10_000);
}
