//! Chance that is the same in every run.

/// Numbers by SplitMix64: few lines, and the same everywhere.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound as u64).expect("it is below a usize")
    }

    /// Once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of `choices`.
    pub(super) fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// Puts `items` into some order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, self.below(end + 1));
        }
    }

    /// A digest of an image.
    pub(super) fn digest(&mut self) -> String {
        let (algorithm, length) = if self.once_in(8) {
            ("sha512", 128)
        } else {
            ("sha256", 64)
        };
        let hexadecimal: Vec<char> = "0123456789abcdef".chars().collect();
        let digits: String = (0..length).map(|_| self.of(&hexadecimal)).collect();
        format!("{algorithm}:{digits}")
    }
}
