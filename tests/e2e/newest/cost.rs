//! What it costs.

use super::*;

/// Three in ten tags are further names of a build that has one.
fn builds(tags: usize) -> usize {
    tags * 7 / 10
}

/// One pass over so many tags writes the newest; says what it asked for.
fn check(tags: usize, image: impl Fn(usize) -> Image) -> (usize, usize, usize) {
    let registry = MemoryRegistry::start().unwrap();
    fill(&registry.registry, tags, builds(tags), image);
    let (world, repository) = stage(&registry.host(), UNLIMITED, "newest:main-*");
    world.once().expect(0);
    assert_eq!(repository.commits().unwrap(), 2);
    assert_eq!(value(&repository), tag(builds(tags) - 1));
    let scans = scans(&registry);
    assert_eq!(scans.len(), 1);
    scans[0].counts()
}

#[test]
fn five_thousand_tags_cost_a_manifest_each() {
    assert_eq!(check(5_000, annotated), (0, 5_000, 0));
}

#[test]
fn a_build_time_in_the_configuration_costs_that_as_well() {
    assert_eq!(check(500, unannotated), (0, 500, 350));
}

#[test]
fn a_name_that_the_glob_leaves_out_costs_nothing() {
    let registry = MemoryRegistry::start().unwrap();
    fill(&registry.registry, 20, 20, annotated);
    for number in 0..20 {
        registry
            .registry
            .push(IMAGE, &format!("test-{number}"), &annotated(100 + number));
    }
    let (world, _repository) = stage(&registry.host(), UNLIMITED, "newest:main-*");
    world.once().expect(0);
    assert_eq!(scans(&registry)[0].counts(), (0, 20, 0));
}

#[test]
fn later_scans_look_at_what_is_new_or_at_a_part_of_the_rest_and_what_git_holds() {
    let registry = MemoryRegistry::start().unwrap();
    fill(&registry.registry, 1_000, 700, annotated);
    let (world, repository) = stage(&registry.host(), UNLIMITED, "newest:main-*");
    let daemon = world.start();
    daemon.until_commits(1);
    assert_eq!(value(&repository), tag(699));
    assert_eq!(scans(&registry)[0].counts(), (0, 1_000, 0));
    daemon.settled();
    // From the one under way on, all know what git holds now.
    let later = scans_after(&registry, scans(&registry).len(), 2);
    for scan in later {
        assert_eq!(scan.counts(), (101, 0, 0));
        assert!(scan.heads.contains(&tag(699)));
    }

    // Older builds, so that nothing moves; a scan may begin while they are being pushed.
    let before = scans(&registry).len();
    let new: Vec<String> = (0..10).map(|number| format!("main-new-{number}")).collect();
    for (number, tag) in new.iter().enumerate() {
        let image = annotated(number).label("rebuilt", "yes");
        registry.registry.push(IMAGE, tag, &image);
    }
    let after = scans_after(&registry, before - 1, 4);
    // A scan that finds what is new looks at nothing else again.
    let (with_news, quiet): (Vec<&Scan>, Vec<&Scan>) = after.iter().partition(|scan| scan.manifests > 0);
    assert!(quiet.iter().all(|scan| scan.counts() == (101, 0, 0)), "{quiet:?}");
    let news = with_news.iter().map(|scan| scan.counts());
    let sum = news.reduce(|a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2));
    assert_eq!(sum, Some((0, new.len(), 0)));
    assert_eq!(repository.commits().unwrap(), 2);
}

#[test]
fn an_older_tag_that_is_pushed_again_is_found_within_one_sweep() {
    let registry = MemoryRegistry::start().unwrap();
    fill(&registry.registry, 300, 300, annotated);
    let (world, repository) = stage(&registry.host(), UNLIMITED, "newest:main-*");
    let daemon = world.start();
    daemon.until_commits(1);
    assert_eq!(value(&repository), tag(299));
    for (commits, number) in [(2, 150), (3, 10), (4, 280)] {
        let before = scans(&registry).len();
        let image = annotated(300 + usize::try_from(commits).unwrap());
        registry.registry.push(IMAGE, &tag(number), &image);
        daemon.until_commits(commits);
        assert_eq!(value(&repository), tag(number));
        // 300 tags, a hundred a scan; one scan may have been under way, and one may have begun since.
        let scans = scans(&registry).len() - before;
        assert!(scans <= 5, "{scans} scans");
    }
}

#[test]
fn what_is_written_is_the_digest_of_this_scan() {
    let registry = MemoryRegistry::start().unwrap();
    fill(&registry.registry, 300, 300, annotated);
    let (world, repository) = stage(&registry.host(), UNLIMITED, "{newest: main-*, pin: digest}");
    let daemon = world.start();
    daemon.until_commits(1);
    for (commits, number) in [(2, 400), (3, 500)] {
        let before = scans(&registry).len();
        let digest = registry.registry.push(IMAGE, &tag(299), &annotated(number));
        daemon.until_commits(commits);
        assert_eq!(value(&repository), format!("{}@{digest}", tag(299)));
        // What git holds is looked at in every scan.
        let scans = scans(&registry).len() - before;
        assert!(scans <= 3, "{scans} scans");
    }
}
