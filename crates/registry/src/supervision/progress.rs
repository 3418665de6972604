//! `GetProgress` and `ListProgressHistory`.

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::District;
use juyi_domain::refusal::Reason;
use juyi_domain::registry::supervision::params::SupervisionParams;
use juyi_domain::registry::supervision::progress::{self, Figures, Line, Report, UnitProgress};
use juyi_domain::registry::supervision::targets;
use juyi_kit::error::Error;
use juyi_kit::wire::receipt;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::{law, law_of_targets};
use crate::reference::read::unit_id;
use crate::registry::Registry;
use crate::store::progress as store;

/// The longest history that is told at once, in days.
const LONGEST: i64 = 400;

pub(crate) async fn get_progress(
    registry: &Registry,
    request: pb::GetProgressRequest,
) -> Result<pb::GetProgressResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let as_of_on = as_of(&mut fields, &request.as_of_date, registry.context.clock().today());
    fields.finish(())?;
    let law = &law_of_targets(registry, (district, policy_year), as_of_on)?.supervision;
    let next = if request.require_next_report { Some(progress::next_report(as_of_on, law)?) } else { None };
    let mut session = registry.database.read().await?;
    let mut report = report(&mut session, law, (district, policy_year), as_of_on).await?;
    let mut next_report_date = String::new();
    if let Some((next_on, step)) = next {
        next_report_date = next_on.to_string();
        report.receipt.push(step);
    }
    Ok(pb::GetProgressResponse { next_report_date, ..to_wire(&report) })
}

/// The day of a report: today when it is left out, and never a day to come.
pub(super) fn as_of(fields: &mut Fields, text: &str, today: NaiveDate) -> NaiveDate {
    let as_of_on = fields.maybe_date("as_of_date", text).unwrap_or(today);
    fields.not_in_future("as_of_date", as_of_on, today);
    as_of_on
}

/// The progress of a district up to a day, from the kept figures.
pub(super) async fn report(
    session: &mut Session,
    law: &SupervisionParams,
    (district, policy_year): (District, i32),
    as_of_on: NaiveDate,
) -> Result<Report, Error> {
    let table = targets::table(law, district)?;
    let kept = store::figures(session, district, policy_year, as_of_on).await?;
    let figures: Figures<'_> =
        kept.iter().map(|figure| ((figure.township.as_str(), figure.group), figure.persons)).collect();
    let by_due = match &law.due_on {
        Some(due_on) if due_on.value < as_of_on => store::counted(session, district, policy_year, due_on.value).await?,
        _ => 0,
    };
    Ok(progress::report(&table, law, &figures, as_of_on, by_due))
}

pub(crate) async fn list_progress_history(
    registry: &Registry,
    request: pb::ListProgressHistoryRequest,
) -> Result<pb::ListProgressHistoryResponse, Error> {
    let today = registry.context.clock().today();
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let unit_id = unit_id(&mut fields, "unit_id", &request.unit_id, false);
    let start_on = fields.date("start_date", &request.start_date);
    let end_on = fields.date("end_date", &request.end_date);
    if end_on < start_on {
        fields.refuse("end_date", Reason::DateOrder, "end_date lies before start_date");
    } else if end_on > today {
        fields.refuse("end_date", Reason::DateOrder, "end_date lies in the future");
    } else if (end_on - start_on).num_days() > LONGEST {
        let detail = format!("end_date is at most {LONGEST} days after start_date");
        fields.refuse("end_date", Reason::ValueNotAllowed, detail);
    }
    fields.finish(())?;
    let law = &law(registry, (district, policy_year), today)?.supervision;
    let table = targets::table(law, district)?;
    let township = (!unit_id.is_empty() && unit_id != table.total.unit_id()).then_some(unit_id.as_str());
    if let Some(township) = township {
        table.unit(township, law)?;
    }
    let mut session = registry.database.read().await?;
    let changes = store::by_day(&mut session, (district, policy_year), township, end_on).await?;
    let days = history(&changes, start_on, end_on);
    let days = days.into_iter().map(|(date, counted, change)| pb::DayCount { date: date.to_string(), counted, change });
    Ok(pb::ListProgressHistoryResponse { days: days.collect() })
}

/// Day, count at its end, and change on it: of the first and the last day, and of each day between with a change.
fn history(changes: &[(NaiveDate, i64)], start_on: NaiveDate, end_on: NaiveDate) -> Vec<(NaiveDate, i64, i64)> {
    let before = changes.partition_point(|(day, _)| *day < start_on);
    let mut counted = changes[..before].iter().map(|(_, change)| change).sum::<i64>();
    let mut days = Vec::new();
    let mut told = |days: &mut Vec<_>, day, change| {
        counted += change;
        days.push((day, counted, change));
    };
    for (day, change) in changes[before..].iter().copied().take_while(|(day, _)| *day <= end_on) {
        if days.is_empty() && day != start_on {
            told(&mut days, start_on, 0);
        }
        if change != 0 || day == start_on || day == end_on {
            told(&mut days, day, change);
        }
    }
    if days.is_empty() {
        told(&mut days, start_on, 0);
    }
    if days.last().is_some_and(|(day, ..)| *day != end_on) {
        told(&mut days, end_on, 0);
    }
    days
}

/// A report on the wire.
pub(super) fn to_wire(report: &Report) -> pb::GetProgressResponse {
    pb::GetProgressResponse {
        units: report.units.iter().map(unit).collect(),
        unassigned: Some(unit(&report.unassigned)),
        total: Some(unit(&report.total)),
        as_of_date: report.as_of_on.to_string(),
        due_date: report.due_on.as_ref().map(NaiveDate::to_string).unwrap_or_default(),
        late: report.late,
        receipt: Some(receipt(&report.receipt)),
        next_report_date: String::new(),
    }
}

fn unit(unit: &UnitProgress) -> pb::UnitProgress {
    pb::UnitProgress {
        unit_id: unit.unit_id.clone(),
        name: unit.name.clone(),
        total: Some(line(&unit.total)),
        groups: unit.groups.iter().map(line).collect(),
        not_counted: unit.not_counted,
        rank: unit.rank,
    }
}

fn line(line: &Line) -> pb::ProgressLine {
    pb::ProgressLine {
        group: line.group.map(Coded::to_wire).unwrap_or_default(),
        counted: line.counted,
        target: line.target.unwrap_or_default(),
        has_target: line.target.is_some(),
        difference: line.difference(),
        missing: line.missing(),
        basis_points: line.basis_points().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::day;
    use super::*;

    #[test]
    fn a_history_has_its_ends_and_the_days_of_change() {
        let changes = [(day("2020-09-01"), 5), (day("2020-09-03"), 2), (day("2020-09-04"), 0), (day("2020-09-06"), -1)];
        let told = |start: &str, end: &str| -> Vec<(String, i64, i64)> {
            let days = history(&changes, day(start), day(end));
            days.into_iter().map(|(day, counted, change)| (day.to_string()[8..].to_owned(), counted, change)).collect()
        };
        let expected = |days: &[(&str, i64, i64)]| -> Vec<(String, i64, i64)> {
            days.iter().map(|(day, counted, change)| ((*day).to_owned(), *counted, *change)).collect()
        };
        let all = [("01", 5, 5), ("03", 7, 2), ("06", 6, -1)];
        assert_eq!(told("2020-09-01", "2020-09-06"), expected(&all));
        assert_eq!(
            told("2020-09-02", "2020-09-07"),
            expected(&[("02", 5, 0), ("03", 7, 2), ("06", 6, -1), ("07", 6, 0)])
        );
        assert_eq!(told("2020-09-04", "2020-09-04"), expected(&[("04", 7, 0)]));
        assert_eq!(told("2020-08-01", "2020-08-01"), expected(&[("01", 0, 0)]));
        assert!(history(&[], day("2020-09-01"), day("2020-09-01")).len() == 1);
    }
}
