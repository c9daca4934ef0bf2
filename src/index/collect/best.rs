//! The hits of one page: the best of all, in order.

use std::cmp::Ordering;

use super::{Filters, Order, Pass};
use crate::index::{
    columns::Columns,
    execute::Scored,
    snapshot::{Doc, Snapshot},
};

/// Takes hits and keeps those of one page. Ties are stable by id.
pub(super) struct Best<'a> {
    snapshot: &'a Snapshot,
    order: Order,
    /// Documents asked for one by one, in their order.
    asked: &'a [Doc],
    skip: usize,
    /// Hits up to the end of the page.
    wanted: usize,
    /// At least the best `wanted` so far.
    kept: Vec<Scored>,
    /// The last of the best `wanted` when it was last looked for; what comes behind it is on no page up to this one.
    limit: Option<Scored>,
}

impl<'a> Best<'a> {
    /// For the hits `skip..skip + take` of the order.
    pub(super) fn new(snapshot: &'a Snapshot, filters: &'a Filters, order: Order, skip: usize, take: usize) -> Self {
        let asked = filters.active.iter().find_map(|filter| match &filter.pass {
            Pass::Docs(docs) => Some(docs.as_slice()),
            _ => None,
        });
        let wanted = if take == 0 { 0 } else { skip.saturating_add(take) };
        Self { snapshot, order, asked: asked.unwrap_or_default(), skip, wanted, kept: Vec::new(), limit: None }
    }

    /// Takes a hit.
    pub(super) fn add(&mut self, hit: Scored) {
        if self.wanted == 0 || self.limit.is_some_and(|limit| self.compare(&hit, &limit).is_gt()) {
            return;
        }
        self.kept.push(hit);
        if self.kept.len() >= self.wanted.saturating_mul(2) {
            self.cut();
            self.limit = self.kept.get(self.wanted - 1).copied();
        }
    }

    /// The hits asked for, in order.
    pub(super) fn finish(mut self) -> Vec<Scored> {
        self.cut();
        let mut kept = std::mem::take(&mut self.kept);
        kept.sort_unstable_by(|a, b| self.compare(a, b));
        kept.drain(..self.skip.min(kept.len()));
        kept
    }

    /// Leaves the best `wanted`, the last of them last.
    fn cut(&mut self) {
        if self.wanted < self.kept.len() {
            let mut kept = std::mem::take(&mut self.kept);
            kept.select_nth_unstable_by(self.wanted.saturating_sub(1), |a, b| self.compare(a, b));
            kept.truncate(self.wanted);
            self.kept = kept;
        }
    }

    fn compare(&self, a: &Scored, b: &Scored) -> Ordering {
        let first = match self.order {
            Order::Relevance { strict_first } => {
                let strict = if strict_first { b.strict.cmp(&a.strict) } else { Ordering::Equal };
                strict
                    .then(b.score.total_cmp(&a.score))
                    .then_with(|| if a.score == 0.0 { self.by_title(a, b) } else { Ordering::Equal })
            }
            Order::Updated => self.newest_first(a, b, |columns| &columns.updated),
            Order::Published => self.newest_first(a, b, |columns| &columns.published),
            Order::Title => self.by_title(a, b),
            Order::AsAsked => {
                let place = |hit: &Scored| self.asked.iter().position(|doc| *doc == hit.doc);
                place(a).cmp(&place(b))
            }
        };
        first.then_with(|| self.snapshot.id(a.doc).cmp(&self.snapshot.id(b.doc)))
    }

    fn newest_first(&self, a: &Scored, b: &Scored, column: fn(&Columns) -> &Vec<i64>) -> Ordering {
        let of = |hit: &Scored| {
            let (segment, local) = self.snapshot.locate(hit.doc);
            column(&segment.columns)[local as usize]
        };
        of(b).cmp(&of(a))
    }

    fn by_title(&self, a: &Scored, b: &Scored) -> Ordering {
        let ((segment, a), (other, b)) = (self.snapshot.locate(a.doc), self.snapshot.locate(b.doc));
        let (segment, other, a, b) = (&segment.columns, &other.columns, a as usize, b as usize);
        if std::ptr::eq(segment, other) {
            segment.title_ranks[a].cmp(&segment.title_ranks[b])
        } else {
            segment.title_keys[a].cmp(&other.title_keys[b])
        }
    }
}
