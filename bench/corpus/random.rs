//! Chance that is the same on every machine and in every version: SplitMix64, and draws by Zipf's law.

/// SplitMix64 (Steele, Lea, Flood 2014). Small, fast, and its stream will never change.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream number `number` of a seed.
    pub(crate) fn of(seed: u64, number: u64) -> Self {
        // The number goes through the mixer first: neighbouring states would give the same stream, shifted by one.
        let start = Self(number).next();
        Self(seed ^ start)
    }

    /// 64 random bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 to below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// From 0 to below `end`; 0 where `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }

    /// Whether something of this probability happens.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of the items, each as likely.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

/// Items of which the n-th is drawn about 1/n as often as the first (Mandelbrot's form of Zipf's law).
#[derive(Debug)]
pub(crate) struct Zipf<T> {
    items: Vec<T>,
    cumulative: Vec<f64>,
}

/// Mandelbrot's shift: flattens the first few ranks, as natural language does.
const SHIFT: f64 = 2.7;

impl<T> Zipf<T> {
    /// Of items in the order of their frequency, the most frequent first.
    pub(crate) fn new(items: Vec<T>) -> Self {
        let mut sum = 0.0;
        let cumulative = (0..items.len())
            .map(|rank| {
                sum += 1.0 / (rank as f64 + 1.0 + SHIFT);
                sum
            })
            .collect();
        Self { items, cumulative }
    }

    /// One item.
    ///
    /// # Panics
    /// Where there is none.
    pub(crate) fn draw(&self, rng: &mut Rng) -> &T {
        let at = rng.unit() * self.cumulative.last().expect("a Zipf distribution has items");
        let rank = self.cumulative.partition_point(|sum| *sum <= at);
        &self.items[rank.min(self.items.len() - 1)]
    }
}
