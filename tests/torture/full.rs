use crate::Tally;
pub(crate) fn run(_tally: &mut Tally) {}
