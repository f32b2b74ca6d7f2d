use super::*;

#[test]
fn what_is_over_its_target_is_named_at_the_end() {
    let mut table = Table::begin().unwrap();
    let mut sample = Sample::default();
    sample.add(5.0);
    for (name, target) in [
        ("below", Target::AtMost(5.0)),
        ("over", Target::AtMost(4.9)),
        ("slow", Target::AtLeast(5.1)),
        ("shown", Target::None),
    ] {
        table.add(name, &sample, Unit::Milliseconds, target).unwrap();
    }
    assert_eq!(table.end(), ["over", "slow"]);
}

#[test]
fn numbers_have_three_digits_that_count() {
    let shown = [0.0, 0.012_34, 1.234, 12.34, 123.4, 1234.0].map(short);
    assert_eq!(shown, ["0", "0.012", "1.23", "12.3", "123", "1234"]);
}
