//! The start of a text as one number that sorts like the text does.

/// Bytes in the order in which they count, as long as there is room.
///
/// What is pushed must sort like bytes do: two of these that differ are ordered
/// rightly, two that are equal may still differ in what found no room.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Packed {
    bytes: [u8; 16],
    length: usize,
}

impl Packed {
    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    pub(crate) fn push_all(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.push(byte));
    }

    /// A decimal number without leading zeros: longer ones are larger; two digits a byte.
    ///
    /// `base` is added to the length, so that smaller bytes can stand for other things at this place.
    pub(crate) fn number(&mut self, digits: &str, base: u8) {
        match u8::try_from(digits.len())
            .ok()
            .and_then(|length| length.checked_add(base))
        {
            Some(length) if length < u8::MAX => self.push(length),
            _ => {
                self.push(u8::MAX);
                // Nothing behind it may count before its own digits.
                return self.end();
            }
        }
        self.digits(digits, 0);
    }

    /// Digits, two a byte, each with `base` added; an odd one is followed by zero.
    pub(crate) fn digits(&mut self, digits: &str, base: u8) {
        for pair in digits.as_bytes().chunks(2) {
            let low = pair.get(1).map_or(0, |digit| digit - b'0' + base);
            self.push((pair[0] - b'0' + base) << 4 | low);
        }
    }

    /// Leaves no room for more.
    pub(crate) fn end(&mut self) {
        self.length = self.bytes.len();
    }

    pub(crate) fn is_full(&self) -> bool {
        self.length == self.bytes.len()
    }

    pub(crate) fn into_number(self) -> u128 {
        u128::from_be_bytes(self.bytes)
    }
}
