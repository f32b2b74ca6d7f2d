//! What later releases will know: refused by name, never ignored.
//!
//! Somebody who writes `cooldown: 24h` relies on it. An "unknown key" would send them looking for a typing error.

/// Keys, by their place with the numbers of list items left out.
const KEYS: [&str; 9] = [
    "cluster",
    "cache.memcached",
    "policies[].cooldown",
    "policies[].verify",
    "repositories[].commit.signing",
    "repositories[].push.pullRequest",
    "verification",
    "webhooks",
    "notifications",
];

/// Values, by the place of their key.
const VALUES: [(&str, &str); 2] = [
    ("http.auth.mode", "kubernetes"),
    ("repositories[].push.mode", "pullRequest"),
];

/// What to say of an unknown key that a later release will know.
pub(crate) fn later_key(key: &str) -> Option<String> {
    let place = without_numbers(key);
    let name = place.rsplit('.').next().unwrap_or(&place);
    // Gates are looked for in policies in place, too.
    let in_place = place
        .strip_prefix("rules[].policy.")
        .map(|gate| format!("policies[].{gate}"));
    if in_place.is_some_and(|gate| KEYS.contains(&gate.as_str())) {
        return Some(format!(
            "`{name}` is not supported by this release; it will stand in `policies` only"
        ));
    }
    KEYS.contains(&place.as_str()).then(|| unsupported(name))
}

/// What to say of an unknown value that a later release will know.
pub(crate) fn later_value(key: &str, value: &str) -> Option<String> {
    VALUES
        .contains(&(without_numbers(key).as_str(), value))
        .then(|| unsupported(value))
}

fn unsupported(name: &str) -> String {
    format!("`{name}` is not supported by this release")
}

fn without_numbers(key: &str) -> String {
    let mut place = String::new();
    for (number, part) in key.split('[').enumerate() {
        match part.split_once(']') {
            Some((_, rest)) if number > 0 => {
                place.push_str("[]");
                place.push_str(rest);
            }
            _ => place.push_str(part),
        }
    }
    place
}
