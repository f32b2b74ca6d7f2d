//! The inner steps and how their times are spread, by divan: to see where a figure of the comparison comes from.

#![forbid(unsafe_code)]

use std::sync::Arc;

use benches::workload::{fleet, stream, tags};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use domain::accept::Standing;
use domain::decide::{Question, decide};
use domain::policy::Policy;
use domain::reference::{Timestamp, Value};
use domain::scan::{Scan, TagList};
use manifests::{Edit, Manifest};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_767_225_600);

fn main() {
    divan::main();
}

/// A list in the order of its bytes (even) and one that has to be sorted.
#[divan::bench(args = [0, 1])]
fn pack_1000_tags(bencher: Bencher<'_, '_>, repository: usize) {
    let names = tags::names(repository, 1_000);
    let packing = bencher.counter(ItemsCount::new(names.len()));
    packing.bench(|| TagList::from_names(black_box(&names)));
}

/// The first decision from a list, which reads its tags as versions.
#[divan::bench]
fn decide_first_of_1000_tags(bencher: Bencher<'_, '_>) {
    let names = tags::names(0, 1_000);
    let fresh = bencher.with_inputs(|| scan(&names));
    fresh.bench_refs(|scan| ask(scan, "semver:^1"));
}

/// Each further one.
#[divan::bench(args = ["semver:^1", "semver:~2.14", "semver:>=0.3.7 <3.2"])]
fn decide_again_from_1000_tags(bencher: Bencher<'_, '_>, policy: &str) {
    let scan = scan(&tags::names(0, 1_000));
    ask(&scan, policy);
    bencher.bench(|| ask(&scan, policy));
}

fn scan(names: &[String]) -> Scan {
    Scan::of_tags(tags::repository(0), Arc::new(TagList::from_names(names)), NOW)
}

fn ask(scan: &Scan, policy: &str) {
    let policy = Policy::parse_short(policy).expect("this is a policy");
    let question = Question {
        policy: &policy,
        current: &Value::parse("1.0.0").expect("this is a value"),
        scan,
        standing: &Standing::plausible(),
        high_water: None,
        now: NOW,
    };
    black_box(decide(&question));
}

/// A service's file of 1.6 kB.
#[divan::bench]
fn read_a_service(bencher: Bencher<'_, '_>) {
    let (_, text) = fleet::files(1, |_| "registry.example.com/shop/service:1.4.0".to_owned()).remove(0);
    read(bencher, &text.into());
}

/// 2.7 MB in 282 documents.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn read_a_stream(bencher: Bencher<'_, '_>) {
    read(bencher, &stream::text().into());
}

fn read(bencher: Bencher<'_, '_>, text: &Arc<str>) {
    let reading = bencher.counter(BytesCount::new(text.len()));
    reading.bench(|| Manifest::read(text.clone()).expect("this can be read"));
}

/// Splice and proof of one image in the stream, which was read before.
#[divan::bench]
fn edit_a_stream(bencher: Bencher<'_, '_>) {
    let manifest = Manifest::read(stream::text()).expect("this can be read");
    let edit = Edit {
        place: manifest.places().len() / 2,
        to: Value::parse("1.4.1").expect("this is a value"),
        name: None,
    };
    bencher.bench(|| manifest.edit(std::slice::from_ref(&edit)).expect("this can be edited"));
}
