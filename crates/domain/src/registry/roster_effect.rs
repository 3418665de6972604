//! What a row of an identity list changes, given what the registry holds: both when it is true and when it became known
//! stay visible, so a list adds periods and moves ends, and never rewrites a beginning.

use chrono::NaiveDate;

/// A period of one identity that the registry holds: half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// First day.
    pub start_on: NaiveDate,
    /// First day after; `None` while open.
    pub end_on: Option<NaiveDate>,
}

/// What a row says of the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The person has it, from a day on.
    Holds {
        /// First day.
        start_on: NaiveDate,
        /// First day after, where the list names an end.
        end_on: Option<NaiveDate>,
    },
    /// The supplier takes back what it said, of the period that begins on a day or of all.
    Withdrawn {
        /// First day of that period.
        start_on: Option<NaiveDate>,
    },
}

/// A change of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// One more period.
    Assert(Held),
    /// Another end of the period held at this place.
    End {
        /// Place among the periods held.
        place: usize,
        /// First day after; the first day itself where it is taken back whole.
        end_on: NaiveDate,
    },
}

/// The changes that a row makes; none when the registry says the same already.
///
/// A list that names no end says nothing about one, so an end recorded before stays. A first day before the one held
/// adds the days between.
#[must_use]
pub fn effects(held: &[Held], said: Said) -> Vec<Effect> {
    match said {
        Said::Withdrawn { start_on } => withdrawals(held, start_on).collect(),
        Said::Holds { start_on, end_on } => {
            let shared = |period: &Held| {
                period.end_on.is_none_or(|held_end| start_on < held_end && period.start_on < held_end)
                    && end_on.is_none_or(|end_on| period.start_on < end_on)
            };
            let mut periods: Vec<_> = held.iter().enumerate().filter(|(_, period)| shared(period)).collect();
            periods.sort_by_key(|(_, period)| period.start_on);
            let Some((_, first)) = periods.first() else { return vec![Effect::Assert(Held { start_on, end_on })] };
            let before = Effect::Assert(Held { start_on, end_on: Some(first.start_on) });
            let earlier = (start_on < first.start_on).then_some(before);
            let ended = periods.last().zip(end_on).filter(|((_, last), end_on)| last.end_on != Some(*end_on));
            let ended = ended.map(|((place, _), end_on)| Effect::End { place: *place, end_on });
            earlier.into_iter().chain(ended).collect()
        }
    }
}

fn withdrawals(held: &[Held], start_on: Option<NaiveDate>) -> impl Iterator<Item = Effect> {
    let meant = move |period: &Held| start_on.is_none_or(|start_on| start_on == period.start_on);
    let empty = |period: &Held| period.end_on == Some(period.start_on);
    let periods = held.iter().enumerate().filter(move |(_, period)| meant(period) && !empty(period));
    periods.map(|(place, period)| Effect::End { place, end_on: period.start_on })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;

    fn held(start_on: &str, end_on: Option<&str>) -> Held {
        Held { start_on: day(start_on), end_on: end_on.map(day) }
    }

    fn holds(start_on: &str, end_on: Option<&str>) -> Said {
        Said::Holds { start_on: day(start_on), end_on: end_on.map(day) }
    }

    #[test]
    fn an_unknown_identity_is_asserted() {
        let asserted = [Effect::Assert(held("2020-09-01", None))];
        assert_eq!(effects(&[], holds("2020-09-01", None)), asserted);
        let ended = held("2020-01-01", Some("2020-09-01"));
        assert_eq!(effects(&[ended], holds("2020-09-01", None)), asserted);
        let withdrawn = held("2020-10-01", Some("2020-10-01"));
        assert_eq!(effects(&[withdrawn], holds("2020-09-01", None)), asserted);
    }

    #[test]
    fn the_same_list_again_changes_nothing() {
        let open = held("2020-01-01", None);
        assert_eq!(effects(&[open], holds("2020-01-01", None)), []);
        assert_eq!(effects(&[open], holds("2020-09-01", None)), []);
        let until = held("2020-01-01", Some("2021-01-01"));
        assert_eq!(effects(&[until], holds("2020-09-01", None)), [], "an end recorded before stays");
        assert_eq!(effects(&[until], holds("2020-09-01", Some("2021-01-01"))), []);
    }

    #[test]
    fn a_list_ends_an_identity_and_backdates_it() {
        let open = held("2020-05-01", None);
        let end = Effect::End { place: 0, end_on: day("2020-10-01") };
        assert_eq!(effects(&[open], holds("2020-05-01", Some("2020-10-01"))), [end]);
        let earlier = Effect::Assert(held("2020-03-01", Some("2020-05-01")));
        assert_eq!(effects(&[open], holds("2020-03-01", None)), [earlier]);
        assert_eq!(effects(&[open], holds("2020-03-01", Some("2020-10-01"))), [earlier, end]);
        let before = Effect::Assert(held("2020-03-01", Some("2020-04-01")));
        assert_eq!(effects(&[open], holds("2020-03-01", Some("2020-04-01"))), [before]);
    }

    #[test]
    fn what_was_said_is_taken_back() {
        let periods = [held("2019-01-01", Some("2020-01-01")), held("2020-05-01", None)];
        let end = |place, on| Effect::End { place, end_on: day(on) };
        let all = [end(0, "2019-01-01"), end(1, "2020-05-01")];
        assert_eq!(effects(&periods, Said::Withdrawn { start_on: None }), all);
        assert_eq!(effects(&periods, Said::Withdrawn { start_on: Some(day("2020-05-01")) }), all[1..]);
        let again = [held("2020-05-01", Some("2020-05-01"))];
        assert_eq!(effects(&again, Said::Withdrawn { start_on: None }), []);
    }
}
