//! How a person is covered over time: in a year, and in which district.

use chrono::{Datelike, NaiveDate};
use juyi_domain::codes::{District, Insurance};
use juyi_domain::dates::Period;
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::covered_year::CoveredYear;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_kit::wire::refused;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::benefit_period::v1::{GetCoverageResponse, ListCoverageRequest};
use juyi_proto::code::Coded;

use super::ask;

/// Cover by basic insurance in a whole year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct YearCover {
    /// District of the last day that residents' insurance pays.
    pub(crate) district: District,
    /// The last day of the spans.
    pub(crate) last_on: NaiveDate,
    /// Covered on every day of the year.
    pub(crate) whole_year: bool,
}

/// How a person was covered in a year; `None` for no day at all.
///
/// # Errors
/// PERSON_NOT_FOUND, the reasons for which no day is covered after all, and those of the peer.
pub(crate) async fn of_year(
    channel: &Channel,
    resident_id: ResidentId,
    policy_year: i32,
) -> Result<Option<YearCover>, Error> {
    let periods = basic_periods(channel, resident_id).await?;
    let Some(CoveredYear { first_on, last_on, whole_year }) = CoveredYear::maybe_of(policy_year, &periods) else {
        return Ok(None);
    };
    let district = district_within(channel, resident_id, first_on, last_on).await?;
    Ok(Some(YearCover { district, last_on, whole_year }))
}

/// The district of the last day of a time that residents' insurance pays. On its last days another scheme may pay (J-9-1a), and
/// who died is covered until the death. Both leave what the year left, and earlier days tell where: month by month, as
/// contributions are paid.
async fn district_within(
    channel: &Channel,
    resident_id: ResidentId,
    first_on: NaiveDate,
    last_on: NaiveDate,
) -> Result<District, Error> {
    let mut day = last_on;
    loop {
        let answer = ask(channel, resident_id, Insurance::Basic, (day, None)).await?;
        if answer.covered {
            return district_of(&answer);
        }
        if day <= first_on {
            return Err(refused("resident_id", answer.reasons).into());
        }
        let month_before = day.with_day(1).and_then(|day| day.pred_opt());
        day = month_before.map_or(first_on, |day| day.max(first_on));
    }
}

/// The district of a covered day.
///
/// # Errors
/// The reasons for which the day is not covered, and those of the peer.
pub(crate) async fn district(channel: &Channel, resident_id: ResidentId, on: NaiveDate) -> Result<District, Error> {
    let answer = ask(channel, resident_id, Insurance::Basic, (on, None)).await?;
    if !answer.covered {
        return Err(refused("resident_id", answer.reasons).into());
    }
    district_of(&answer)
}

fn district_of(answer: &GetCoverageResponse) -> Result<District, Error> {
    answer.district.parse().map_err(|_| Error::Fault("benefit period answered a district that cannot be read"))
}

/// The district in which a person is insured on a day, else where the last cover before it ended, else where the next
/// one begins.
///
/// # Errors
/// PERSON_NOT_FOUND, the reasons for which who has no cover is not insured on the day, and those of the peer.
pub(crate) async fn latest_district(
    channel: &Channel,
    resident_id: ResidentId,
    on: NaiveDate,
) -> Result<District, Error> {
    let answer = ask(channel, resident_id, Insurance::Basic, (on, None)).await?;
    if answer.covered {
        return district_of(&answer);
    }
    let periods = basic_periods(channel, resident_id).await?;
    let begun = periods.iter().filter(|period| period.start() <= on);
    // On a day that a span holds and another scheme pays, its first day tells the district.
    let latest = begun.max().map(|period| if period.contains(on) { period.start() } else { period.last_day() });
    match latest.or_else(|| periods.iter().map(|period| period.start()).min()) {
        Some(day) => district(channel, resident_id, day).await,
        None => Err(refused("resident_id", answer.reasons).into()),
    }
}

/// All spans of basic insurance.
async fn basic_periods(channel: &Channel, resident_id: ResidentId) -> Result<Vec<Period>, Error> {
    let (mut periods, mut page_token) = (Vec::new(), String::new());
    loop {
        let resident_id = resident_id.to_string();
        let request = ListCoverageRequest { resident_id, page_size: 100, page_token, ..ListCoverageRequest::default() };
        let page = BenefitPeriodServiceClient::new(channel.clone()).list_coverage(request).await?.into_inner();
        for span in page.spans.iter().filter(|span| span.insurance == Insurance::Basic.to_wire()) {
            let days = span.start_date.parse().ok().zip(span.end_date.parse().ok());
            let period = days.and_then(|(start, last)| Period::maybe_inclusive(start, last));
            periods.push(period.ok_or(Error::Fault("benefit period answered a span that cannot be read"))?);
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(periods);
        }
    }
}
