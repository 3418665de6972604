//! How two coverages of one resident differ.

use super::super::derive::Span;
use super::Covered;
use crate::codes::Insurance;
use crate::id::PaymentId;

/// Spans that a recomputation opened, closed or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference<T> {
    /// New ones.
    pub opened: Vec<Covered>,
    /// Taken away, as they stood.
    pub closed: Vec<T>,
    /// Begin as before and end earlier: before and after.
    pub shortened: Vec<(T, Covered)>,
    /// Begin as before and end later: before and after.
    pub extended: Vec<(T, Covered)>,
}

impl<T> Difference<T> {
    /// True when nothing changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.opened.is_empty() && self.closed.is_empty() && self.shortened.is_empty() && self.extended.is_empty()
    }
}

/// Compares what stood before with what is derived now. `covered` reads what stands for a span before.
pub fn difference<T: Clone>(before: &[T], after: &[Covered], covered: impl Fn(&T) -> Covered) -> Difference<T> {
    let mut difference =
        Difference { opened: Vec::new(), closed: Vec::new(), shortened: Vec::new(), extended: Vec::new() };
    let mut left: Vec<&Covered> = after.iter().collect();
    for old in before {
        let was = covered(old);
        let Some(place) = left.iter().position(|new| key(new) == key(&was)) else {
            difference.closed.push(old.clone());
            continue;
        };
        let new = left.swap_remove(place);
        match new.span.period.end().cmp(&was.span.period.end()) {
            std::cmp::Ordering::Less => difference.shortened.push((old.clone(), *new)),
            std::cmp::Ordering::Greater => difference.extended.push((old.clone(), *new)),
            std::cmp::Ordering::Equal => {}
        }
    }
    left.sort_by_key(|it| (it.span.insurance, it.span.period));
    difference.opened.extend(left.into_iter().copied());
    difference
}

/// What stays the same when a span only ends on another day.
fn key(it: &Covered) -> (PaymentId, Insurance, chrono::NaiveDate, i32) {
    let Span { insurance, period, benefit_year } = it.span;
    (it.payment_id, insurance, period.start(), benefit_year)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::*;
    use super::super::{Person, Terms};
    use super::*;
    use crate::codes::Category;
    use crate::dates::written::day;

    fn compare(before: &[Covered], after: &[Covered]) -> Difference<Covered> {
        difference(before, after, |it| *it)
    }

    /// J-A1.3-j shortens, J-4.3-c extends, a refund closes, a payment opens.
    #[test]
    fn spans_are_opened_closed_shortened_and_extended() {
        let pupil = Person { enrolments: vec![Terms { category: Category::SchoolStudent, ..terms(1) }], ..person() };
        let spans = |person: &Person| coverage(&history(person.clone(), &[paid(1, "2020-09-20")])).spans;
        let before = spans(&pupil);
        assert!(compare(&before, &before).is_empty());
        assert_eq!(compare(&[], &before).opened, before);
        assert_eq!(compare(&before, &[]).closed, before);
        let left = spans(&Person { left_school_on: vec![day("2021-06-30")], ..pupil.clone() });
        let longer = compare(&before, &left);
        assert_eq!((longer.extended.len(), longer.opened.len(), longer.closed.len()), (1, 0, 0));
        assert_eq!(longer.extended[0].1.span.period.last_day(), day("2021-12-31"));
        let dead = spans(&Person { died_on: Some(day("2021-05-10")), ..pupil });
        let shorter = compare(&before, &dead);
        assert_eq!((shorter.shortened.len(), shorter.closed.len(), shorter.opened.len()), (4, 0, 0));
    }
}
