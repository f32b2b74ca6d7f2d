//! Ten hosts, one of which throttles, is slow or hangs: the others take no longer than beside one that is well.

use std::time::Duration;

use benches::instrument::Sample;
use benches::table::{Table, Target, Unit};
use testkit::{Answer, ScriptedRegistry};

use super::site::{Host, Site, ensure_lists, stub, well};

const OTHERS: usize = 9;
/// Repositories of each of them: 1.8 seconds at fifty requests a second, ten of which go at once.
const REPOSITORIES: usize = 100;
/// Repositories of the one that may misbehave.
const BAD_REPOSITORIES: usize = 10;
const REPETITIONS: usize = 3;

pub(super) fn measure(table: &mut Table) -> anyhow::Result<()> {
    let troubles = [
        ("throttles", Answer::status(429).header("retry-after", "30"), 1),
        ("is slow", well().dripping(usize::MAX, Duration::from_secs(1)), 0),
        ("hangs", Answer::hang(), 1),
    ];
    for (shown, answer, code) in troubles {
        let mut ratio = Sample::default();
        for _ in 0..REPETITIONS {
            // One right after the other: what else the machine does changes slowly.
            let usual = cycle(&well(), 0)?;
            ratio.add(cycle(&answer, code)?.as_secs_f64() / usual.as_secs_f64());
        }
        let name = format!("scan: nine hosts beside one that {shown}, of the usual time");
        table.add(&name, &ratio, Unit::Count, Target::AtMost(1.1))?;
    }
    Ok(())
}

/// How long the nine take from their first list to their last while the tenth gives this answer: the slowest of them.
fn cycle(answer: &Answer, code: i32) -> anyhow::Result<Duration> {
    let bad = stub(BAD_REPOSITORIES, answer)?;
    let others: Vec<ScriptedRegistry> = (0..OTHERS)
        .map(|_| stub(REPOSITORIES, &well()))
        .collect::<Result<_, _>>()?;
    let bad_host = Host::stub(&bad, BAD_REPOSITORIES, "requestsPerSecond: 50, timeout: 2s");
    let well = |registry| Host::stub(registry, REPOSITORIES, "requestsPerSecond: 50");
    let hosts: Vec<Host> = [bad_host].into_iter().chain(others.iter().map(well)).collect();
    Site::new(&hosts)?.run(code)?;
    let mut slowest = Duration::ZERO;
    for registry in &others {
        let seen = registry.seen();
        ensure_lists(&seen, REPOSITORIES)?;
        if let (Some(first), Some(last)) = (seen.first(), seen.last()) {
            slowest = slowest.max(last.at - first.at);
        }
    }
    Ok(slowest)
}
