//! Choices out of bytes.

/// Hands out the bytes of an input as choices; when there are none left, the first of what there is to choose from.
pub(super) struct Dice<'d> {
    bytes: std::slice::Iter<'d, u8>,
}

impl<'d> Dice<'d> {
    pub(super) fn new(bytes: &'d [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    /// A number below `count`.
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.bytes.next().map_or(0, |&byte| usize::from(byte) % count)
    }

    /// Yes once in `count` times; never when all is said.
    pub(super) fn once_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    /// One of some.
    pub(super) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}
