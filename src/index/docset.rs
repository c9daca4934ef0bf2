//! Sets of documents.

/// A set of documents of one segment, a bit each.
#[derive(Clone, Debug)]
pub struct DocSet(Box<[u64]>);

impl DocSet {
    /// The empty set over so many documents.
    pub fn new(documents: usize) -> Self {
        Self(vec![0; documents.div_ceil(64)].into())
    }

    /// Puts a document in.
    pub fn insert(&mut self, document: u32) {
        self.0[document as usize / 64] |= 1 << (document % 64);
    }

    /// Whether a document is in.
    pub fn contains(&self, document: u32) -> bool {
        self.0[document as usize / 64] >> (document % 64) & 1 == 1
    }

    /// Puts all in that are in another set over the same documents.
    pub fn insert_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    /// Takes all out that are in another set over the same documents.
    pub fn remove_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }

    /// Takes all out that are not in another set over the same documents.
    pub fn retain_all(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// How many documents are in both.
    pub fn count_common(&self, other: &Self) -> u64 {
        self.0.iter().zip(&other.0).map(|(a, b)| u64::from((a & b).count_ones())).sum()
    }

    /// The documents, in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().zip((0..).step_by(64)).flat_map(|(word, first)| {
            // Each step takes the lowest bit off.
            let words = std::iter::successors(Some(*word), |left| Some(left & left.wrapping_sub(1)));
            words.take_while(|left| *left != 0).map(move |left| first + left.trailing_zeros())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(documents: &[u32]) -> DocSet {
        let mut set = DocSet::new(200);
        documents.iter().for_each(|document| set.insert(*document));
        set
    }

    #[test]
    fn what_was_put_in_comes_out() {
        for documents in [&[][..], &[0], &[63, 64], &[0, 1, 127, 128, 199]] {
            let set = set(documents);
            assert_eq!(set.iter().collect::<Vec<_>>(), documents);
            assert_eq!(set.count(), documents.len() as u64);
            assert!((0..200).all(|document| set.contains(document) == documents.contains(&document)));
        }
    }

    #[test]
    fn sets_are_put_together() {
        let (a, b) = (set(&[1, 64, 130]), set(&[64, 131]));
        let with = |change: fn(&mut DocSet, &DocSet)| {
            let mut both = a.clone();
            change(&mut both, &b);
            both.iter().collect::<Vec<_>>()
        };
        assert_eq!(with(DocSet::insert_all), [1, 64, 130, 131]);
        assert_eq!(with(DocSet::remove_all), [1, 130]);
        assert_eq!(with(DocSet::retain_all), [64]);
        assert_eq!(a.count_common(&b), 1);
    }
}
