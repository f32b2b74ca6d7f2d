mod calver;
mod numbers;

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

/// Sorts texts that a kind can read, lowest first; equal ones stand together, joined by `=`. The others come last.
fn sorted(order: Order<'_>, texts: &str) -> String {
    let (mut read, unread): (Vec<&str>, Vec<&str>) =
        texts.split_whitespace().partition(|text| order.read(text).is_some());
    read.sort_by(|one, other| compare(order, one, other).unwrap());
    let mut line = String::new();
    for (place, text) in read.iter().enumerate() {
        let separator = match place.checked_sub(1).map(|before| compare(order, read[before], text)) {
            None => "",
            Some(Some(Ordering::Equal)) => "=",
            Some(_) => " ",
        };
        line = line + separator + text;
    }
    if unread.is_empty() {
        line
    } else {
        format!("{line} | {}", unread.join(" "))
    }
}

/// The order of two texts as the pick sees it.
fn compare(order: Order<'_>, one: &str, other: &str) -> Option<Ordering> {
    let (key, other_key) = (order.read(one)?, order.read(other)?);
    let keys = key.cmp(&other_key);
    Some(keys.then_with(|| order.compare_texts(key, one, other)))
}

/// The order of two texts without the help of keys.
fn compare_slowly(order: Order<'_>, one: &str, other: &str) -> Option<Ordering> {
    let key = order.read(one)?;
    order.read(other)?;
    Some(order.compare_texts(key, one, other))
}

#[test]
fn decimals_are_compared_exactly_whatever_their_length() {
    let ascending = Order::Decimal(Direction::Ascending);
    assert_eq!(
        sorted(
            ascending,
            "10 9 9.10 9.9 9.09 0.5 00.50 010 1e3 .5 5. 1.2.3 -1 99999999999999999999 0"
        ),
        "0 0.5=00.50 9 9.09 9.10 9.9 10=010 99999999999999999999 | 1e3 .5 5. 1.2.3 -1"
    );
    let long = format!(
        "{}1 {}2 0.{}1 0.{}2",
        "9".repeat(60),
        "9".repeat(60),
        "0".repeat(60),
        "0".repeat(60)
    );
    let texts: Vec<&str> = long.split(' ').collect();
    let wanted = [texts[2], texts[3], texts[0], texts[1]].join(" ");
    assert_eq!(sorted(ascending, &long), wanted);
    assert_eq!(
        sorted(Order::Decimal(Direction::Descending), "10 9 9.10 9.1"),
        "10 9.10=9.1 9"
    );
}

#[test]
fn texts_are_compared_by_their_bytes() {
    let texts = "b a aa A 10 9 _ abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxya";
    assert_eq!(
        sorted(Order::Bytes(Direction::Ascending), texts),
        "10 9 A _ a aa abcdefghijklmnopqrstuvwxya abcdefghijklmnopqrstuvwxyz b"
    );
    assert_eq!(sorted(Order::Bytes(Direction::Descending), "b a aa"), "b aa a");
}

#[test]
fn the_first_run_of_dotted_numbers_is_found() {
    let runs: Vec<_> = [
        "3.21.0_rc1",
        "main-4f2",
        "release-1.2.3.4",
        "a.1.b.2.3",
        "1..2.3",
        "x1.",
        "v5",
    ]
    .map(first_run)
    .into_iter()
    .collect();
    assert_eq!(
        runs,
        [
            Some("3.21.0"),
            None,
            Some("1.2.3.4"),
            Some("2.3"),
            Some("2.3"),
            None,
            None
        ]
    );
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "v?[0-9]{1,3}(\\.[0-9]{1,3}){0,9}(-[a-c0-9.]{1,20})?",
        "[0-9]{1,50}(\\.[0-9]{1,50})?",
        "v?20[0-9]{2}\\.[01][0-9]\\.[0-3][0-9]",
        "[a-c0-9.-]{1,40}",
    ]
}

proptest! {
    #[test]
    fn keys_never_contradict_the_texts(one in texts(), other in texts()) {
        let layout = Layout::parse("YYYY.0M.0D").unwrap();
        let orders = [
            Order::Numbers,
            Order::Calver(&layout),
            Order::Decimal(Direction::Ascending),
            Order::Decimal(Direction::Descending),
            Order::Bytes(Direction::Ascending),
            Order::Bytes(Direction::Descending),
        ];
        for order in orders {
            prop_assert_eq!(compare(order, &one, &other), compare_slowly(order, &one, &other), "{:?}", order);
        }
    }

    #[test]
    fn the_order_is_one_order(texts in prop::collection::vec(texts(), 3)) {
        for order in [Order::Numbers, Order::Decimal(Direction::Ascending)] {
            let [one, two, three] = [&texts[0], &texts[1], &texts[2]];
            prop_assert_eq!(compare(order, one, two), compare(order, two, one).map(Ordering::reverse));
            if let (Some(first), Some(second)) = (compare(order, one, two), compare(order, two, three))
                && first == second
            {
                prop_assert_eq!(compare(order, one, three), Some(first));
            }
        }
    }
}
