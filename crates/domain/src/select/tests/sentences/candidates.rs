//! What is said of the pick, and of a candidate beside it.

use expect_test::expect;

use super::check;

#[test]
fn the_pick() {
    check(
        &[
            ("semver:^1", "1.4.0 1.9.2 1.9.3", "1.9.2"),
            ("semver:^1", "1.4.0", "-"),
            ("semver:^1", "1.4.0", "latest"),
            ("semver:^1", "1.4.0 1.5.0", "@a"),
            ("semver:^1 | allowDowngrade=true", "1.4.0", "2.0.0"),
            ("semver:*", "3.21.0 3.22.0", "3.21.0_rc1"),
            ("newest:*", "main-1~1 main-2~2", "main-1"),
            ("newest:*", "main-1~1", "-"),
            ("newest:main-*", "latest~2 main-1~2", "latest"),
            ("semver:*", "1.0.0@b", "1.0.0@a"),
            ("semver:* | pin=digest", "1.0.0@b", "1.0.0"),
            ("digest:stable", "stable@a", "-"),
            ("digest:stable", "stable@a", "@b"),
            ("digest:stable", "stable@a", "1.0.0"),
            ("digest:stable", "stable@a", "stable"),
            ("digest:stable", "stable@a", "stable@b"),
        ],
        &expect![[r#"
            semver:^1 (1.9.2)
              picked: 1.9.3 is the newest of 3 candidates, and newer than the current 1.9.2
              current: 1.9.2 is the current tag
              older: 1.4.0 is older than the current 1.9.2
            semver:^1 (-)
              picked: 1.4.0 is the only candidate
            semver:^1 (latest)
              picked: 1.4.0 is the only candidate; the current latest has no rank, so that any is newer
            semver:^1 (@a)
              best: 1.5.0 would be picked, but its digest is not known and must be written; `pin: never` would do without
              newer: 1.4.0 is a candidate, but 1.5.0 is newer
            semver:^1 | allowDowngrade=true (2.0.0)
              picked: 1.4.0 is the only candidate; it is older than the current 2.0.0, which `allowDowngrade: true` allows
            semver:* (3.21.0_rc1)
              picked: 3.22.0 is the newest of 2 candidates, and newer than the current 3.21.0_rc1 (read as 3.21.0)
              equal: 3.21.0 ranks like the current 3.21.0_rc1 (read as 3.21.0)
            newest:* (main-1)
              picked: main-2 is the newest of 2 candidates, built 2023-01-01T00:00:02Z; the current main-1 was built 2023-01-01T00:00:01Z
              current: main-1 is the current tag, built 2023-01-01T00:00:01Z
            newest:* (-)
              picked: main-1 is the only candidate, built 2023-01-01T00:00:01Z
            newest:main-* (latest)
              picked: main-1 ranks like the current latest, which the policy does not look at
              filtered: latest is left alone unless the policy names it; `digest:latest` would follow what it stands for
            semver:* (1.0.0@a)
              picked: 1.0.0 is the current tag, and stands for another digest now
            semver:* | pin=digest (1.0.0)
              picked: 1.0.0 is the current tag; `pin: digest` adds its digest
            digest:stable (-)
              picked: stable is the tag that the policy follows
            digest:stable (@b)
              picked: stable is the tag that the policy follows; it stands for another digest than the current one
            digest:stable (1.0.0)
              picked: stable is the tag that the policy follows; the current one is 1.0.0
            digest:stable (stable)
              picked: stable is the current tag; `pin: digest` adds its digest
            digest:stable (stable@b)
              picked: stable is the current tag, and stands for another digest now
        "#]],
    );
}

#[test]
fn what_would_be_picked() {
    check(
        &[
            ("semver:* | pin=digest", "1.1.0 1.0.0@a", "1.0.0"),
            ("semver:* | pin=digest", "1.0.0", "1.0.0"),
            ("digest:stable", "stable", "-"),
            ("semver:* | platforms=linux/arm64", "1.0.0+linux/arm64 1.1.0", "0.9.0"),
            ("newest:*", "main-1~1 main-2~2 main-3", "main-1"),
        ],
        &expect![[r#"
            semver:* | pin=digest (1.0.0)
              best: 1.1.0 would be picked, but its digest is not known and must be written; `pin: never` would do without
              current: 1.0.0 is the current tag
            semver:* | pin=digest (1.0.0)
              best: 1.0.0 is the current tag; its digest is not known, and `pin: digest` wants it written
            digest:stable (-)
              best: stable would be picked, but its digest is not known and must be written; `pin: never` would do without
            semver:* | platforms=linux/arm64 (0.9.0)
              best: 1.0.0 would be picked, but 1.1.0 may be newer: its platforms are not known
              unknownPlatform: 1.1.0 may be a candidate: its platforms are not known, and the policy wants linux/arm64/v8
            newest:* (main-1)
              best: main-2 would be picked, but main-3 may be newer: its build time is not known
              current: main-1 is the current tag, built 2023-01-01T00:00:01Z
              unknownBuildTime: main-3 may be the newest: its build time is not known
        "#]],
    );
}

#[test]
fn what_is_a_candidate() {
    check(
        &[
            ("semver:^1", "1.3.0 1.4.0 v1.4.0 1.5.0 1.9.2", "1.4.0"),
            ("semver:^1", "1.3.0 1.4.0 v1.4.0", "1.4.0"),
            ("semver:^1", "1.4.0 1.5.0", "-"),
            ("semver:^1", "1.2.0 1.3.0", "1.4.0"),
            ("semver:*", "3.21.0 3.20.0", "3.21.0_rc1"),
            ("semver:*", "1.4 1.4.0 v1.4.0 01.4.0", "1.3.0"),
            ("semver:*", "1.0.0@a 1.1.0@b", "@a"),
            ("numeric:desc", "1 2 3", "2"),
        ],
        &expect![[r#"
            semver:^1 (1.4.0)
              picked: 1.9.2 is the newest of 5 candidates, and newer than the current 1.4.0
              newer: 1.5.0 is newer than the current 1.4.0, but 1.9.2 is newer still
              current: 1.4.0 is the current tag
              equal: v1.4.0 ranks like the current 1.4.0
              older: 1.3.0 is older than the current 1.4.0
            semver:^1 (1.4.0)
              current: 1.4.0 is the current tag, and no candidate is newer
              equal: v1.4.0 ranks like the current 1.4.0, which stays
              older: 1.3.0 is older than the current 1.4.0
            semver:^1 (-)
              picked: 1.5.0 is the newest of 2 candidates
              newer: 1.4.0 is a candidate, but 1.5.0 is newer
            semver:^1 (1.4.0)
              older: 1.3.0 is the newest of 2 candidates, but older than the current 1.4.0; `allowDowngrade: true` would go back to it
              older: 1.2.0 is older than the current 1.4.0
            semver:* (3.21.0_rc1)
              equal: 3.21.0 ranks like the current 3.21.0_rc1 (read as 3.21.0), which stays
              older: 3.20.0 is older than the current 3.21.0_rc1 (read as 3.21.0)
            semver:* (1.3.0)
              picked: 1.4.0 is the newest of 4 candidates, and newer than the current 1.3.0
              newer: 01.4.0 ranks like 1.4.0, which is preferred: it comes later by bytes
              newer: 1.4 ranks like 1.4.0, which is preferred: it has more numbers
              newer: v1.4.0 ranks like 1.4.0, which is preferred: it is written like the current 1.3.0
            semver:* (@a)
              picked: 1.1.0 is the newest of 2 candidates; the current digest has no rank, so that any is newer
              equal: 1.0.0 stands for the current digest
            numeric:desc (2)
              picked: 1 is the newest of 3 candidates, and newer than the current 2
              current: 2 is the current tag
              older: 3 is older than the current 2
        "#]],
    );
}

#[test]
fn what_is_a_candidate_by_time_or_by_name() {
    check(
        &[
            (
                "newest:*",
                "main-1~1 main-2~2 main-3~2 main-4~3 main-5~4 main-6~4",
                "main-2",
            ),
            ("newest:*", "main-1~1 main-2~2", "main-2"),
            ("newest:*", "main-1~1 main-2~2", "main-9"),
            ("newest:*", "main-1~1@a main-2~2@b", "@a"),
            ("newest:*", "main-1~1 main-2~2", "-"),
            ("digest:stable", "stable@a", "stable@a"),
            ("digest:stable", "stable@a", "@a"),
        ],
        &expect![[r#"
            newest:* (main-2)
              picked: main-6 is the newest of 6 candidates, built 2023-01-01T00:00:04Z; the current main-2 was built 2023-01-01T00:00:02Z
              newer: main-5 ranks like main-6, which is preferred: it comes later by bytes
              newer: main-4 was built 2023-01-01T00:00:03Z, but main-6 later, 2023-01-01T00:00:04Z
              current: main-2 is the current tag, built 2023-01-01T00:00:02Z
              equal: main-3 was built 2023-01-01T00:00:02Z, as was the current main-2
              older: main-1 was built 2023-01-01T00:00:01Z, before the current main-2 (2023-01-01T00:00:02Z)
            newest:* (main-2)
              current: main-2 is the current tag, built 2023-01-01T00:00:02Z, and no candidate is newer
              older: main-1 was built 2023-01-01T00:00:01Z, before the current main-2 (2023-01-01T00:00:02Z)
            newest:* (main-9)
              newer: main-2 is a candidate, but nothing is picked, for the build time of the current main-9 is not known
              newer: main-1 is a candidate, but nothing is picked, for the build time of the current main-9 is not known
            newest:* (@a)
              picked: main-2 is the newest of 2 candidates, built 2023-01-01T00:00:02Z; the current digest was built 2023-01-01T00:00:01Z
              equal: main-1 was built 2023-01-01T00:00:01Z, as was the current digest
            newest:* (-)
              picked: main-2 is the newest of 2 candidates, built 2023-01-01T00:00:02Z
              newer: main-1 was built 2023-01-01T00:00:01Z, but main-2 later, 2023-01-01T00:00:02Z
            digest:stable (stable@a)
              current: stable is the current tag, and the one that the policy follows
            digest:stable (@a)
              equal: stable is the tag that the policy follows, and nothing new is known of it
        "#]],
    );
}
