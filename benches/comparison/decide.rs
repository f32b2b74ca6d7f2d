//! All decisions of a large fleet, from lists of tags as a scan brings them.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use anyhow::ensure;
use benches::instrument::{Sample, spent};
use benches::table::{Table, Target, Unit};
use benches::workload::tags::{self, Container, Policies};
use domain::accept::Standing;
use domain::decide::{Decision, Question, decide};
use domain::reference::{Digest, Tag, Timestamp};
use domain::review::Checks;
use domain::scan::{Created, Fact, Scan, TagList};
use domain::select::{Candidate, select};

const CONTAINERS: usize = 10_000;
const REPOSITORIES: usize = 1_000;
const TAGS: usize = 1_000;
const REPETITIONS: usize = 9;
/// Each so manieth decision is compared with what `tidemark select` says.
const COMPARED: usize = 97;

/// When everything was scanned.
const NOW: Timestamp = Timestamp::from_unix_seconds(1_767_225_600);

pub(crate) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let names: Vec<Vec<String>> = (0..REPOSITORIES).map(|number| tags::names(number, TAGS)).collect();
    for (shown, policies, target) in [
        ("36 policies", Policies::Few, 100.0),
        ("10,000 policies", Policies::AllDistinct, 100.0),
        ("three with expressions each", Policies::Expressions, 500.0),
    ] {
        let load = Load::new(&names, tags::containers(CONTAINERS, REPOSITORIES, policies));
        let three_each = Load::new(&names, tags::containers(3 * REPOSITORIES, REPOSITORIES, policies));
        load.check()?;
        let (mut index, mut decisions, mut whole) = <(Sample, Sample, Sample)>::default();
        for _ in 0..REPETITIONS {
            let (indexing, lists) = spent(|| lists(&names));
            let scans = load.scans(&lists);
            let (deciding, moves) = spent(|| load.decide(&scans));
            black_box(moves);
            index.add_milliseconds(indexing.cpu);
            decisions.add_milliseconds(deciding.cpu);
            whole.add_milliseconds(indexing.cpu + deciding.cpu);
        }
        let name = |what: &str| format!("decide: {what}, {shown}");
        let cpu = Unit::CpuMilliseconds;
        table.add(&name("pack 1,000 lists of 1,000 tags"), &index, cpu, Target::None)?;
        table.add(
            &name("read them, decide for 10,000 images"),
            &decisions,
            cpu,
            Target::None,
        )?;
        table.add(&name("both"), &whole, cpu, Target::AtMost(target))?;
        three_each.measure_arrivals(&names, shown, table)?;
    }
    Ok(())
}

/// The lists as a scan leaves them.
fn lists(names: &[Vec<String>]) -> Vec<Arc<TagList>> {
    names.iter().map(|names| Arc::new(TagList::from_names(names))).collect()
}

/// The names with one more, which no policy takes for the newest.
fn with_arrival(names: &[String]) -> Vec<String> {
    names.iter().cloned().chain(["0.0.1".to_owned()]).collect()
}

/// What is decided, and the digests that an earlier scan fetched for it.
struct Load {
    containers: Vec<Container>,
    facts: Vec<BTreeMap<Tag, Fact>>,
    standing: Standing,
}

impl Load {
    fn new(names: &[Vec<String>], containers: Vec<Container>) -> Self {
        let mut load = Self {
            containers,
            facts: vec![BTreeMap::new(); names.len()],
            standing: Standing::plausible(),
        };
        let lists = lists(names);
        let containers = load.containers.clone();
        for container in &containers {
            while let Decision::Undecided(needs) =
                decide(&load.question(container, &load.scan(container.repository, &lists)))
            {
                let known = needs.iter().map(|need| (need.tag().clone(), fact(need.tag())));
                load.facts[container.repository].extend(known);
            }
        }
        load
    }

    fn scan(&self, number: usize, lists: &[Arc<TagList>]) -> Scan {
        Scan {
            facts: self.facts[number].clone(),
            ..Scan::of_tags(tags::repository(number), lists[number].clone(), NOW)
        }
    }

    fn scans(&self, lists: &[Arc<TagList>]) -> Vec<Scan> {
        (0..lists.len()).map(|number| self.scan(number, lists)).collect()
    }

    fn question<'a>(&'a self, container: &'a Container, scan: &'a Scan) -> Question<'a> {
        Question {
            policy: &container.policy,
            current: &container.current,
            scan,
            standing: &self.standing,
            high_water: None,
            now: NOW,
        }
    }

    /// As a pass does it for each target; the number of those that move.
    fn decide(&self, scans: &[Scan]) -> usize {
        let moves = |container: &&Container| match decide(&self.question(container, &scans[container.repository])) {
            Decision::Propose(proposal) => proposal.review(Checks::default()).is_ok(),
            Decision::Stay(_) | Decision::Undecided(_) => false,
        };
        self.containers.iter().filter(moves).count()
    }

    /// A tag comes to every list, after all was decided: what is known of the others is taken over, and all is decided again.
    fn measure_arrivals(&self, names: &[Vec<String>], shown: &str, table: &mut Table) -> anyhow::Result<()> {
        let mut arrivals = Sample::default();
        for _ in 0..REPETITIONS {
            let earlier = self.scans(&lists(names));
            black_box(self.decide(&earlier));
            let later = lists(&names.iter().map(|names| with_arrival(names)).collect::<Vec<_>>());
            let (following, lists) = spent(|| {
                let lists = later.into_iter().zip(&earlier);
                lists
                    .map(|(list, earlier)| Arc::new(Arc::unwrap_or_clone(list).following(&earlier.tags)))
                    .collect::<Vec<_>>()
            });
            let scans = self.scans(&lists);
            let (deciding, moves) = spent(|| self.decide(&scans));
            black_box(moves);
            arrivals.add_milliseconds((following.cpu + deciding.cpu) / REPOSITORIES as u32);
        }
        let name = format!("decide: a tag arrives, three policies decide again, {shown}");
        table.add(&name, &arrivals, Unit::CpuMilliseconds, Target::AtMost(0.05))?;
        Ok(())
    }

    /// The decisions are those of `select`, which ranks all tags instead of looking for the best.
    fn check(&self) -> anyhow::Result<()> {
        let names: Vec<Vec<String>> = (0..REPOSITORIES).map(|number| tags::names(number, TAGS)).collect();
        let scans = self.scans(&lists(&names));
        let moves = self.decide(&scans);
        ensure!(moves > CONTAINERS / 2, "only {moves} images move");
        for container in self.containers.iter().step_by(COMPARED) {
            let scan = &scans[container.repository];
            let names = &names[container.repository];
            let candidates: Vec<Candidate> = names.iter().map(|tag| candidate(tag, scan)).collect();
            let selection = select(&container.policy, &candidates, Some(&container.current), NOW)?;
            let decided = match decide(&self.question(container, scan)) {
                Decision::Propose(proposal) => Some(proposal.to().clone()),
                Decision::Stay(_) => None,
                Decision::Undecided(needs) => anyhow::bail!("{needs:?} are lacking"),
            };
            ensure!(
                decided == selection.pick,
                "{container:?}: decided {decided:?}, selected {:?}",
                selection.pick
            );
        }
        Ok(())
    }
}

/// What an earlier scan found out of a tag: each has its own build time.
fn fact(tag: &Tag) -> Fact {
    let digest = Digest::parse(&format!("sha256:{}", "ab".repeat(32))).expect("this is a digest");
    let seconds = tag
        .as_str()
        .bytes()
        .fold(0, |sum, byte| (sum * 31 + i64::from(byte)) % 10_000_000);
    Fact {
        digest: Some(digest),
        created: Created::At(Timestamp::from_unix_seconds(1_700_000_000 + seconds)),
        ..Fact::default()
    }
}

fn candidate(tag: &str, scan: &Scan) -> Candidate {
    let known = Tag::parse(tag).ok().and_then(|tag| scan.facts.get(&tag).cloned());
    Candidate {
        tag: tag.to_owned(),
        created: known.map_or(Created::Unknown, |fact| fact.created),
        ..Candidate::default()
    }
}
