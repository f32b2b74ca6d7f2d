use super::*;

fn first() -> Url {
    Url::parse("https://r.io/v2/a/tags/list?n=1000").expect("a URL")
}

fn at(mark: &str) -> Url {
    Url::parse(&format!("https://r.io/v2/a/tags/list?last={mark}")).expect("a URL")
}

/// Reads pages, each with the mark of the next one (`-`: none), up to the end or the first error.
fn collect(pages: &[(&str, &str)]) -> Result<(Vec<String>, usize), String> {
    let mut collector = Collector::new(first());
    for (body, mark) in pages {
        let next = if *mark == "-" { None } else { Some(at(mark)) };
        match collector.page(body.as_bytes(), Ok(next)) {
            Ok((None, _)) => break,
            Ok((Some(_), _)) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    let found = collector.finish(false).map_err(|error| error.to_string())?;
    Ok((found.names.iter().map(str::to_owned).collect(), found.invalid))
}

#[track_caller]
fn complete(pages: &[(&str, &str)], names: &[&str]) {
    let (found, _) = collect(pages).expect("a complete list");
    assert_eq!(found, names);
}

#[track_caller]
fn broken(pages: &[(&str, &str)], reason: &str) {
    let error = collect(pages).expect_err(reason);
    assert!(error.contains(reason), "{error}");
}

#[test]
fn a_list_ends_with_a_page_that_names_no_next_one() {
    complete(&[(r#"{"name": "a", "tags": ["1", "2"]}"#, "-")], &["1", "2"]);
    complete(&[(r#"{"tags": ["1"]}"#, "1"), (r#"{"tags": ["2"]}"#, "-")], &["1", "2"]);
}

#[test]
fn a_list_ends_with_an_empty_page_whatever_it_names() {
    complete(&[(r#"{"tags": ["1"]}"#, "1"), (r#"{"tags": []}"#, "2")], &["1"]);
    complete(&[(r#"{"tags": ["1"]}"#, "1"), (r#"{"tags": null}"#, "1")], &["1"]);
    complete(&[(r#"{"tags": null}"#, "-")], &[]);
    complete(&[(r#"{"tags": []}"#, "x")], &[]);
}

#[test]
fn a_page_that_brings_nothing_new_makes_it_incomplete() {
    let page = r#"{"tags": ["1", "2"]}"#;
    broken(&[(page, "2"), (page, "3")], "page 2 brings no tag");
    broken(&[(page, "2"), (r#"{"tags": ["2"]}"#, "-")], "page 2 brings no tag");
    complete(&[(page, "2"), (r#"{"tags": ["2", "3"]}"#, "-")], &["1", "2", "3"]);
}

#[test]
fn a_link_seen_before_makes_it_incomplete() {
    let page = |tag: &str| format!(r#"{{"tags": ["{tag}"]}}"#);
    broken(
        &[(&page("1"), "a"), (&page("2"), "b"), (&page("3"), "a")],
        "page 3 names as the next one a page that was read before",
    );
    let mut collector = Collector::new(first());
    let again = collector
        .page(page("1").as_bytes(), Ok(Some(first())))
        .map(|(next, _)| next);
    assert_eq!(again, Err(PageError::Incomplete(Incomplete::Circle(1))));
}

#[test]
fn a_link_that_cannot_be_followed_makes_it_incomplete() {
    let mut collector = Collector::new(first());
    let stray = collector
        .page(br#"{"tags": ["1"]}"#, Err(LinkError::Unreadable))
        .map(|(next, _)| next);
    assert_eq!(stray, Err(PageError::Incomplete(LinkError::Unreadable.into())));
    // But the list was already at its end when it was given.
    let mut collector = Collector::new(first());
    assert_eq!(
        collector
            .page(br#"{"tags": []}"#, Err(LinkError::Unreadable))
            .map(|(next, _)| next),
        Ok(None)
    );
}

#[test]
fn names_that_are_no_tags_are_dropped_and_counted() {
    let (names, invalid) =
        collect(&[(r#"{"tags": ["1", "a/b", "", "-x", "1", "a/b", "v\u0031"]}"#, "-")]).expect("a list");
    assert_eq!(names, ["1", "v1"]);
    assert_eq!(invalid, 3);
}

#[test]
fn other_keys_are_passed_over() {
    let body = r#"{"child": [], "manifest": {"sha256:0": {"tag": ["x"]}}, "name": 5, "tags": ["1"], "next": null}"#;
    complete(&[(body, "-")], &["1"]);
}

#[test]
fn digests_of_tags_are_taken_from_where_they_stand_and_nowhere_else() {
    let claims = |manifest: &str| {
        let body = format!(r#"{{"manifest": {manifest}, "tags": ["1"]}}"#);
        let mut claims = Vec::new();
        let names = read_page(body.as_bytes(), |item| match item {
            Item::Claim { digest, tag } => claims.push(format!("{digest}={tag}")),
            Item::Name(_) => {}
        });
        assert_eq!(names, Ok(1), "{manifest}");
        claims.join(" ")
    };
    let both = r#"{"d": {"x": {"tag": ["9"]}, "tag": ["1", 2, null, ["3"], {"tag": "4"}, "5"]}, "e": {"tag": ["6"]}}"#;
    assert_eq!(claims(both), "d=1 d=5 e=6");
    for nothing in [
        "null",
        "7",
        "-7.5",
        "true",
        r#""d""#,
        r#"["d"]"#,
        r#"{"d": ["1"]}"#,
        r#"{"d": {"tag": "1"}}"#,
    ] {
        assert_eq!(claims(nothing), "", "{nothing}");
    }
}

#[test]
fn what_is_no_list_of_tags_is_an_error() {
    for body in [
        "<!DOCTYPE html><html></html>",
        "",
        "null",
        "[]",
        r#"["1"]"#,
        "{}",
        r#"{"name": "a"}"#,
        r#"{"errors": [{"code": "UNKNOWN"}]}"#,
        r#"{"tags": "1"}"#,
        r#"{"tags": {}}"#,
        r#"{"tags": [1]}"#,
        r#"{"tags": ["1", null]}"#,
        r#"{"tags": ["1"]"#,
        r#"{"tags": ["1"]} x"#,
        r#"{"tags": ["1"], "tags": ["2"]}"#,
        "\u{feff}{\"tags\": []}",
    ] {
        broken(&[(body, "-")], "no JSON");
    }
    let deep = format!(r#"{{"x": {}{}, "tags": []}}"#, "[".repeat(100_000), "]".repeat(100_000));
    broken(&[(&deep, "-")], "nested deeper than 64");
}

#[test]
fn pages_are_counted() {
    let mut collector = Collector::new(first());
    let mut outcome = Ok(None);
    for n in 0..MAX_PAGES {
        let page = format!(r#"{{"tags": ["{n}"]}}"#);
        outcome = collector
            .page(page.as_bytes(), Ok(Some(at(&n.to_string()))))
            .map(|(next, _)| next);
    }
    assert_eq!(outcome, Err(PageError::Incomplete(Incomplete::TooManyPages)));
}

#[test]
fn a_million_tags_are_the_limit() {
    let page = |from: usize, to: usize| {
        let names: Vec<String> = (from..to).map(|n| format!("\"{n}\"")).collect();
        format!(r#"{{"tags": [{}]}}"#, names.join(","))
    };
    let mut collector = Collector::new(first());
    for part in 0..4 {
        let body = page(part * 250_000, (part + 1) * 250_000);
        assert!(collector.page(body.as_bytes(), Ok(Some(at(&part.to_string())))).is_ok());
    }
    let more = collector
        .page(page(1_000_000, 1_000_001).as_bytes(), Ok(None))
        .map(|(next, _)| next);
    assert_eq!(more, Err(PageError::Incomplete(Incomplete::TooManyTags)));
}

#[test]
fn a_long_list_in_no_order_holds_each_name_once() {
    let page = |numbers: Vec<usize>| {
        let names: Vec<String> = numbers.iter().map(|n| format!("\"{}\"", n * 7_919 % 20_011)).collect();
        format!(r#"{{"tags": [{}]}}"#, names.join(","))
    };
    let mut collector = Collector::new(first());
    let halves = [(0..9_000).collect(), (5_000..20_000).chain(100..200).collect()];
    for (number, half) in halves.into_iter().enumerate() {
        let next = Ok(Some(at(&number.to_string())));
        collector.page(page(half).as_bytes(), next).expect("a page");
    }
    let again = collector.page(page((8_000..12_000).collect()).as_bytes(), Ok(None));
    assert_eq!(again, Err(PageError::Incomplete(Incomplete::NothingNew(3))));
    let found = collector.finish(false).expect("a list");
    let mut names: Vec<&str> = found.names.iter().collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(
        (found.in_order, found.names.len(), names.len()),
        (false, 20_000, 20_000)
    );
}

#[test]
fn a_silent_cut_is_taken_for_one() {
    let names: Vec<String> = (0..10_000).map(|n| format!("\"{n}\"")).collect();
    let body = |names: &[String]| format!(r#"{{"tags": [{}]}}"#, names.join(","));
    let finish = |body: String, cuts| {
        let mut collector = Collector::new(first());
        collector.page(body.as_bytes(), Ok(None)).expect("a page");
        collector.finish(cuts).map(|found| found.names.len())
    };
    assert_eq!(finish(body(&names), true), Err(Incomplete::SilentCut(10_000)));
    assert_eq!(finish(body(&names), false), Ok(10_000));
    assert_eq!(finish(body(&names[1..]), true), Ok(9_999));
}

#[test]
fn of_digests_only_those_of_listed_tags_are_kept() {
    let tags: Vec<String> = (0..1000).map(|number| format!("\"{number}\"")).collect();
    let (one, other) = (
        format!("sha256:{}", "1".repeat(64)),
        format!("sha256:{}", "2".repeat(64)),
    );
    let body = format!(
        r#"{{"manifest": {{"{one}": {{"tag": [{}]}}, "{other}": {{"tag": ["7", "x"]}}}}, "tags": ["5", "6", "7", "x"]}}"#,
        tags.join(",")
    );
    let mut collector = Collector::new(first());
    collector.page(body.as_bytes(), Ok(None)).expect("a page");
    let claims = collector.finish(false).expect("a list").claims;
    let digest = |tag| claims.get(tag).map(ToString::to_string);
    assert_eq!(["5", "6", "x"].map(digest), [Some(one.clone()), Some(one), Some(other)]);
    assert_eq!(["7", "8", "999"].map(digest), [None, None, None]);
    assert_eq!(claims.len(), 4);
}
