use super::*;

#[test]
fn the_median_is_the_middle_one() {
    let mut sample = Sample::default();
    for value in [3.0, 1.0, 9.0, 2.0, 4.0] {
        sample.add(value);
    }
    assert_eq!((sample.median(), sample.range()), (3.0, (1.0, 9.0)));
}

#[test]
fn work_of_this_process_is_counted() {
    let (spent, sum) = spent(|| (0..2_000_000_u64).fold(0, |sum: u64, n| std::hint::black_box(sum ^ n)));
    assert!(
        spent.cpu > Duration::ZERO && spent.wall > Duration::ZERO,
        "{spent:?} for {sum}"
    );
}
