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
use domain::scan::{Fact, Scan, TagList};
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
    for (shown, policies) in [
        ("36 policies", Policies::Few),
        ("10,000 policies", Policies::AllDistinct),
    ] {
        let load = Load::new(&names, tags::containers(CONTAINERS, REPOSITORIES, policies));
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
        table.add(&name("both"), &whole, cpu, Target::AtMost(100.0))?;
    }
    Ok(())
}

/// The lists as a scan leaves them.
fn lists(names: &[Vec<String>]) -> Vec<Arc<TagList>> {
    names.iter().map(|names| Arc::new(TagList::from_names(names))).collect()
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
        let digest = Digest::parse(&format!("sha256:{}", "ab".repeat(32))).expect("this is a digest");
        let scans = load.scans(&lists(names));
        for container in &load.containers {
            if let Decision::Undecided(needs) = decide(&load.question(container, &scans)) {
                let known = needs.iter().map(|need| {
                    let fact = Fact {
                        digest: Some(digest.clone()),
                        ..Fact::default()
                    };
                    (need.tag().clone(), fact)
                });
                load.facts[container.repository].extend(known);
            }
        }
        load
    }

    fn scans(&self, lists: &[Arc<TagList>]) -> Vec<Scan> {
        let scans = lists.iter().zip(&self.facts).enumerate();
        scans
            .map(|(number, (tags, facts))| Scan {
                facts: facts.clone(),
                ..Scan::of_tags(tags::repository(number), tags.clone(), NOW)
            })
            .collect()
    }

    fn question<'a>(&'a self, container: &'a Container, scans: &'a [Scan]) -> Question<'a> {
        Question {
            policy: &container.policy,
            current: &container.current,
            scan: &scans[container.repository],
            standing: &self.standing,
            high_water: None,
            now: NOW,
        }
    }

    /// As a pass does it for each target; the number of those that move.
    fn decide(&self, scans: &[Scan]) -> usize {
        let moves = |container: &&Container| match decide(&self.question(container, scans)) {
            Decision::Propose(proposal) => proposal.review(Checks::default()).is_ok(),
            Decision::Stay(_) | Decision::Undecided(_) => false,
        };
        self.containers.iter().filter(moves).count()
    }

    /// The decisions are those of `select`, which ranks all tags instead of looking for the best.
    fn check(&self) -> anyhow::Result<()> {
        let names: Vec<Vec<String>> = (0..REPOSITORIES).map(|number| tags::names(number, TAGS)).collect();
        let scans = self.scans(&lists(&names));
        let moves = self.decide(&scans);
        ensure!(moves > CONTAINERS / 2, "only {moves} images move");
        for container in self.containers.iter().step_by(COMPARED) {
            let candidates: Vec<Candidate> = names[container.repository].iter().map(|tag| candidate(tag)).collect();
            let selection = select(&container.policy, &candidates, Some(&container.current), NOW)?;
            let decided = match decide(&self.question(container, &scans)) {
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

fn candidate(tag: &str) -> Candidate {
    Candidate {
        tag: tag.to_owned(),
        ..Candidate::default()
    }
}
