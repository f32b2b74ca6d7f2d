//! Every kind, through `select`.

use expect_test::expect;

use super::check;

#[test]
fn versions_of_many_numbers_move_within_their_comparators() {
    check(
        &[
            (
                "version:*",
                "9.9.0.65466-community 10.6.0.92116-community lts latest",
                "9.9.0.65466-community",
            ),
            ("version:<10", "9.9.0.65466-community 10.6.0.92116-community", "9.8"),
            (
                "version:* | suffix=keep",
                "9.9.1.1-developer 9.9.0.2-community",
                "9.9.0.1-community",
            ),
            ("version:* | precision=keep", "3.20.1 3.20 3.19-x 4", "3.19"),
            ("version:*", "3.21.0 3.21.1 3.20", "3.21.0_rc1"),
            ("version:*", "3.21.0 3.20", "3.21.0_rc1"),
            ("version:*", "1.0", "main-4f2"),
            ("version:*", "4.0.9.2244-ls24 4.0.9.2244-ls9", "4.0.9.2244-ls9"),
        ],
        &expect![[r#"
            10.6.0.92116-community: 10.6.0.92116-community picked, 9.9.0.65466-community current, latest filtered, lts unreadable
            9.9.0.65466-community: 9.9.0.65466-community picked, 10.6.0.92116-community outOfRange
            9.9.0.2-community: 9.9.0.2-community picked, 9.9.1.1-developer suffixDiffers
            3.20: 3.20 picked, 3.19-x newer, 3.20.1 precisionDiffers, 4 precisionDiffers
            3.21.1: 3.21.1 picked, 3.21.0 equal, 3.20 older
            upToDate: 3.21.0 equal, 3.20 older
            1.0: 1.0 picked
            4.0.9.2244-ls24: 4.0.9.2244-ls24 picked, 4.0.9.2244-ls9 current
        "#]],
    );
}

#[test]
fn dates_and_numbers_and_texts_have_their_own_order() {
    check(
        &[
            ("calver:", "2024.01.02 2024.02.01 2024.02.30 latest", "2024.01.02"),
            ("calver:YY.MM.MICRO", "24.4.9 24.4.10 24.12.0", "24.4.9"),
            ("numeric:", "9 10 1.5 v1 latest", "9"),
            ("numeric:desc", "9 10 1.5", "9"),
            ("numeric: | filter=^build-(\\d+)$>$1", "build-9 build-10 10", "build-9"),
            ("alphabetical", "a b latest", "a"),
            ("alphabetical:desc", "a b latest", "b"),
            ("alphabetical | filter=latest|b", "a b latest", "b"),
            ("numeric", "10 9", "main"),
            ("calver", "2024.01.02", "1.2.3"),
        ],
        &expect![[r#"
            2024.02.01: 2024.02.01 picked, 2024.01.02 current, 2024.02.30 unreadable, latest filtered
            24.12.0: 24.12.0 picked, 24.4.10 newer, 24.4.9 current
            10: 10 picked, 9 current, 1.5 older, latest filtered, v1 unreadable
            1.5: 1.5 picked, 9 current, 10 older
            build-10: build-10 picked, build-9 current, 10 filtered
            b: b picked, a current, latest filtered
            a: a picked, b current, latest filtered
            latest: latest picked, b current, a filtered
            10: 10 picked, 9 newer
            2024.01.02: 2024.01.02 picked
        "#]],
    );
}

#[test]
fn the_newest_build_wins_whatever_its_name() {
    check(
        &[
            ("newest", "z~1 a~9 m~5 latest~9", "z"),
            ("newest:m-*", "m-1~1 m-2~9 a~10", "m-1"),
            ("glob:m-?", "m-1~1 m-22~9", "m-1"),
            ("regexp:^m-[0-9]$", "m-1~1 m-2~5 xm-3~9", "m-1"),
            ("regex:m", "m-1~1 m-2~5 xm-3~9", "m-1"),
            ("newest", "a~5 b~5", "a"),
            ("newest", "a~5 b~5", "-"),
            ("newest", "a~5 1.0~5 v1.0~5 1.0.0~5", "v0.9"),
            ("newest | allowDowngrade=true", "a~5 1.0~5 v1.0~5 1.0.0~5", "v0.9"),
            ("newest | allowDowngrade=true", "a~5 1.0~5 v1.0~5 1.0.0~5", "-"),
        ],
        &expect![[r#"
            a: a picked, m newer, z current, latest filtered
            m-2: m-2 picked, m-1 current, a filtered
            upToDate: m-1 current, m-22 filtered
            m-2: m-2 picked, m-1 current, xm-3 filtered
            xm-3: xm-3 picked, m-2 newer, m-1 current
            upToDate: a current, b equal
            b: b picked, a newer
            currentUnknown: 1.0 newer, 1.0.0 newer, a newer, v1.0 newer
            v1.0: v1.0 picked, 1.0 newer, 1.0.0 newer, a newer
            1.0.0: 1.0.0 picked, 1.0 newer, a newer, v1.0 newer
        "#]],
    );
}

#[test]
fn without_a_build_time_nothing_is_known_to_be_newer() {
    check(
        &[
            ("newest", "a~1 b~9 c", "a"),
            ("newest", "a~1 b~9 c d", "b"),
            ("newest", "a~1 b~9 c~-", "a"),
            ("newest", "a b~9", "a"),
            ("newest", "a~- b~9", "a"),
            ("newest", "b~9", "a"),
            ("newest", "", "a"),
            ("newest", "a b", "-"),
            ("newest | allowDowngrade=true", "a b~9", "a"),
            ("newest | allowDowngrade=true", "b~9 c", "a"),
            ("newest | allowDowngrade=true", "a~1@b b@a", "@a"),
            ("newest | allowDowngrade=true", "a~1@b b@a", "@c"),
            ("newest:b", "b~-", "-"),
            (
                "newest | platforms=linux/amd64",
                "a~1+linux/amd64 b~5 c~9+linux/arm64",
                "a",
            ),
            (
                "newest | platforms=linux/amd64",
                "a~7+linux/amd64 b~5 c~9+linux/arm64",
                "a",
            ),
            (
                "newest | platforms=linux/amd64",
                "a~7+linux/amd64 b c~9+linux/arm64 d+linux/arm64 e+linux/amd64",
                "a",
            ),
            ("newest | platforms=linux/amd64", "a~7+linux/amd64 b~8 c e~-", "a"),
        ],
        &expect![[r#"
            blocked by c: b best, a current, c unknownBuildTime
            blocked by d: b current, a older, c unknownBuildTime, d unknownBuildTime
            b: b picked, a current, c unknownBuildTime
            currentUnknown: b newer, a unknownBuildTime
            currentUnknown: b newer, a unknownBuildTime
            currentUnknown: b newer
            currentUnknown: 
            blocked by b: a unknownBuildTime, b unknownBuildTime
            b: b picked, a unknownBuildTime
            blocked by c: b best, c unknownBuildTime
            a@b: a picked, b unknownBuildTime
            blocked by b: a best, b unknownBuildTime
            noCandidate: b unknownBuildTime
            blocked by b: a current, b unknownPlatform, c wrongPlatform
            upToDate: a current, b unknownPlatform, c wrongPlatform
            blocked by e: a current, b unknownPlatform, c wrongPlatform, d wrongPlatform, e unknownBuildTime
            blocked by b: a current, b unknownPlatform, c unknownPlatform, e unknownPlatform
        "#]],
    );
}

#[test]
fn a_current_value_that_the_policy_does_not_look_at_is_ranked_by_its_build_time_all_the_same() {
    check(
        &[
            ("newest:m-*", "latest~5 m-1~5 m-2~3", "latest"),
            ("newest:m-*", "latest~6 m-1~5 m-2~3", "latest"),
            ("newest:m-*", "latest~2 m-1~5 m-2~3", "latest"),
            ("newest | deny=x", "x~5 m-1~5", "x"),
            ("newest | suffix=none", "m-1~5 m~5", "m-1"),
            ("newest:latest", "latest~5 m-1~9", "latest"),
            ("newest", "m-1~1@a m-2~5@b m-3~5@b", "@b"),
            ("newest", "m-1~1@a m-2~5@b m-3~5@b", "@a"),
            ("newest", "m-1~1@a m-2~5@b", "@c"),
            ("newest", "m-1~1@a m-2~5@b", "m-1@a"),
            ("newest", "m-1~1@a m-2~5", "m-1@a"),
            ("newest", "m-1~1@b", "m-1@a"),
        ],
        &expect![[r#"
            m-1: m-1 picked, m-2 older, latest filtered
            onlyOlder: m-1 older, m-2 older, latest filtered
            m-1: m-1 picked, m-2 newer, latest filtered
            m-1: m-1 picked, x denied
            upToDate: m equal, m-1 suffixDiffers
            upToDate: latest current, m-1 filtered
            upToDate: m-2 equal, m-3 equal, m-1 older
            m-3@b: m-3 picked, m-2 newer, m-1 equal
            currentUnknown: m-2 newer, m-1 newer
            m-2@b: m-2 picked, m-1 current
            unknownDigest: m-2 best, m-1 current
            m-1@b: m-1 picked
        "#]],
    );
}
