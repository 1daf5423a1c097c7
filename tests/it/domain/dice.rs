//! Randomness with a seed: the same seed throws the same dice on every machine.

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below the limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.throw() % limit
    }

    /// True once in so many throws.
    pub fn one_in(&mut self, throws: u64) -> bool {
        self.below(throws) == 0
    }

    /// One of them; there must be one.
    pub fn pick<'a, T>(&mut self, some: &'a [T]) -> &'a T {
        let index = self.below(some.len() as u64);
        &some[usize::try_from(index).unwrap()]
    }
}
