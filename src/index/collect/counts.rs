//! How many hits are found at each facet value.

/// Counts by facet value. Most values of open facets have no hit; nothing that is done with the counts goes over all.
#[derive(Debug, Default)]
pub struct Counts {
    counts: Vec<u32>,
    /// The values that have a count, each once.
    counted: Vec<u32>,
}

impl Counts {
    pub(super) fn new(values: usize) -> Self {
        Self { counts: vec![0; values], counted: Vec::new() }
    }

    /// Adds to the count of a value.
    pub(super) fn add(&mut self, value: u32, count: u32) {
        let slot = &mut self.counts[value as usize];
        if *slot == 0 && count > 0 {
            self.counted.push(value);
        }
        *slot += count;
    }

    /// Count of a value, by its number.
    pub fn of(&self, value: u32) -> u64 {
        self.counts.get(value as usize).copied().unwrap_or_default().into()
    }

    /// The numbers of the values that have a count, in no particular order.
    pub fn counted(&self) -> &[u32] {
        &self.counted
    }
}
