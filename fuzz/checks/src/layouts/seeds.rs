//! Numbers made from a text, as many as are wanted.

/// A stream of numbers; the same text gives the same ones.
pub(super) struct Seeds {
    state: u64,
}

impl Seeds {
    pub(super) fn new(text: &str) -> Self {
        let mix = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self {
            state: text.bytes().fold(0xcbf2_9ce4_8422_2325, mix),
        }
    }

    /// A number from `least` to `most`.
    pub(super) fn between(&mut self, least: u32, most: u32) -> u32 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let high = u32::try_from(self.state >> 33).unwrap_or(0);
        // Small ranges, so that equal fields happen.
        least + high % (most - least + 1)
    }
}
