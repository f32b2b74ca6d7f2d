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
        ("Sunday, 06-Nov-94 08:49:37 GMT", None),
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
fn dates_are_those_of_the_calendar() {
    assert_eq!(seconds_of_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
    assert_eq!(seconds_of_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(NOW));
    assert_eq!(seconds_of_date("Sat, 29 Feb 2020 12:00:01 GMT"), Some(1_582_977_601));
}
