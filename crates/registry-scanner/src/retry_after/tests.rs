use http::HeaderValue;

use super::*;

/// Sun, 06 Nov 1994 08:49:37 GMT.
const NOW: i64 = 784_111_777;

fn seconds(text: &str, date: Option<&str>) -> Option<f64> {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_bytes(text.as_bytes()).expect("a header"));
    if let Some(date) = date {
        headers.insert(DATE, date.parse().expect("a header"));
    }
    retry_after(&headers, NOW).map(|wait| wait.as_secs_f64())
}

#[test]
fn all_spellings_are_read_and_kept_in_bounds() {
    let table = [
        ("30", Some(30.0)),
        (" 30 ", Some(30.0)),
        ("1.5", Some(1.5)),
        ("0", Some(1.0)),
        ("0.2", Some(1.0)),
        ("1000000000", Some(21_600.0)),
        ("99999999999999999999999999", Some(21_600.0)),
        ("880.092µs", Some(1.0)),
        ("880.092us", Some(1.0)),
        ("1m30s", Some(90.0)),
        ("1h0m0.5s", Some(3600.5)),
        ("2500ms", Some(2.5)),
        ("10000h", Some(21_600.0)),
        ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60.0)),
        ("Sun, 06 Nov 1994 08:49:37 GMT", Some(1.0)),
        ("Sun, 06 Nov 1993 08:49:37 GMT", Some(1.0)),
        ("Sat, 29 Feb 2020 00:00:00 GMT", Some(21_600.0)),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("+5", None),
        ("1e3", None),
        ("inf", None),
        ("NaN", None),
        ("1.2.3", None),
        ("5 minutes", None),
        ("5d", None),
        ("120s", Some(120.0)),
        // Docker Hub wrote the time itself; what is far from the present is a count of seconds.
        ("784111837", Some(60.0)),
        ("784111700", Some(1.0)),
        ("784111777.5", Some(1.0)),
        ("700000000", Some(21_600.0)),
        ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60.0)),
        ("Sunday, 06-Nov-93 08:50:37 GMT", Some(1.0)),
        ("Sun Nov  6 08:50:37 1994", Some(60.0)),
        ("Mon Nov 16 08:50:37 1994", Some(21_600.0)),
        ("Sun, 06 Nov 1994 24:00:00 GMT", None),
        ("Sun, 00 Nov 1994 08:49:37 GMT", None),
        ("Sun, 06-Nov-1994 08:49:37 GMT", None),
        ("Sun, 06 Nix 1994 08:49:37 GMT", None),
        ("Sun, 06 Nov 1994 08:49:37", None),
    ];
    for (text, wanted) in table {
        assert_eq!(seconds(text, None), wanted, "{text}");
    }
}

#[test]
fn a_date_counts_from_the_servers_own_clock() {
    let date = Some("Sun, 06 Nov 1994 09:00:00 GMT");
    assert_eq!(seconds("Sun, 06 Nov 1994 09:00:30 GMT", date), Some(30.0));
}

#[test]
fn a_date_from_before_the_calendar_is_over_at_once() {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_static("Sat, 01 Jan 0000 00:00:00 GMT"));
    assert_eq!(retry_after(&headers, i64::MAX), Some(SHORTEST));
}

#[test]
fn dates_are_those_of_the_calendar() {
    assert_eq!(seconds_of_date("Thu, 01 Jan 1970 00:00:00 GMT", NOW), Some(0));
    assert_eq!(seconds_of_date("Sun, 06 Nov 1994 08:49:37 GMT", NOW), Some(NOW));
    assert_eq!(
        seconds_of_date("Sat, 29 Feb 2020 12:00:01 GMT", NOW),
        Some(1_582_977_601)
    );
}

#[test]
fn two_digits_are_the_year_nearest_to_the_present() {
    assert_eq!(full_year(94, NOW), 1994);
    assert_eq!(full_year(26, 1_795_000_000), 2026);
    assert_eq!(full_year(99, 1_795_000_000), 1999);
    assert_eq!(full_year(70, 1_795_000_000), 2070);
}

#[test]
fn the_longest_of_several_holds() {
    let mut headers = HeaderMap::new();
    for text in ["5", "soon", "30"] {
        headers.append(RETRY_AFTER, HeaderValue::from_static(text));
    }
    assert_eq!(retry_after(&headers, NOW), Some(Duration::from_secs(30)));
    headers.insert(X_RETRY_AFTER, HeaderValue::from_static("784111877"));
    assert_eq!(retry_after(&headers, NOW), Some(Duration::from_secs(100)));
}

#[test]
fn words_say_it_too() {
    let table = [
        ("retry-after: 880.092µs, allowed: 44000/minute", Some(1.0)),
        ("toomanyrequests: Retry-After: 12.5s", Some(12.5)),
        ("İ retry-after: 90", Some(90.0)),
        ("retry-after:", None),
        ("retry-after: soon", None),
        ("too many requests", None),
    ];
    for (words, wanted) in table {
        let found = retry_after_in(words).map(|wait| wait.as_secs_f64());
        assert_eq!(found, wanted, "{words}");
    }
}
