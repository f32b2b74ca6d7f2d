//! Decimal numbers of any length, as text.

use std::cmp::Ordering;

/// Compares numbers, whatever their leading zeros.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    (one.len(), one).cmp(&(other.len(), other))
}

/// Compares lists of numbers; a missing one is 0.
pub(super) fn compare_all(one: &[&str], other: &[&str]) -> Ordering {
    (0..one.len().max(other.len()))
        .map(|place| compare(one.get(place).unwrap_or(&"0"), other.get(place).unwrap_or(&"0")))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number after this one.
pub(super) fn successor(number: &str) -> String {
    let mut digits = number.as_bytes().to_vec();
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return digits.into_iter().map(char::from).collect();
        }
        *digit = b'0';
    }
    format!("1{}", "0".repeat(number.len()))
}

/// A version and what lies close to it: with its last numbers raised, more numbers, or a pre-release.
pub(super) fn beside(word: &str) -> Vec<String> {
    let mut near = vec![
        word.to_owned(),
        format!("{word}.0"),
        format!("{word}-0"),
        format!("{word}-rc.1"),
    ];
    let core = word.split('-').next().unwrap_or_default();
    let numbers: Vec<&str> = core.trim_start_matches('v').split('.').collect();
    if !numbers.iter().all(|number| is_number(number)) {
        return near;
    }
    near.push(core.to_owned());
    for place in 0..numbers.len() {
        let mut raised: Vec<String> = numbers[..=place].iter().map(|&number| number.to_owned()).collect();
        raised[place] = successor(&raised[place]);
        raised.resize(numbers.len().max(3), "0".to_owned());
        let raised = raised.join(".");
        near.push(format!("{raised}-0"));
        near.push(raised);
    }
    near
}
