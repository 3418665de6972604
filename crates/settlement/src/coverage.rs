//! What covers a person, and whether there is such a person, asked of benefit period.

use chrono::{Datelike, NaiveDate};
use juyi_domain::codes::{Class, District, Identity, Insurance, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Refusals;
use juyi_domain::settlement::case::Standing;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_kit::wire::refused;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::benefit_period::v1::{GetCoverageRequest, GetCoverageResponse, ListCoverageRequest};
use juyi_proto::code::Coded;

use crate::store::settlements::{Claim, Cover};

/// The cover by basic insurance of a bill. District, tier and benefit period are those of the day of admission; a later
/// part of a stay has those of its own year (AMB-057), with the identities of the day the stay began (AMB-139). On that
/// day the person has to be covered as well, unless no document governs its year, so that nobody can tell (AMB-003).
///
/// # Errors
/// The reasons for which the person is not covered, and those of the peer.
pub(crate) async fn find(
    channel: &Channel,
    resident_id: ResidentId,
    claim: &Claim,
    policy_years: &[i32],
) -> Result<Cover, Error> {
    let mut refusals = Refusals::default();
    let own = ask(channel, resident_id, claim.bill.admitted_on).await?;
    if !own.covered {
        refusals.0.extend(refused("bill.admission_date", own.reasons.clone()).0);
    }
    let mut tested = None;
    if let Some(began_on) = claim.bill.stay_began_on {
        let first = ask(channel, resident_id, began_on).await?;
        if !first.covered && policy_years.contains(&began_on.year()) {
            refusals.0.extend(refused("bill.stay_admission_date", first.reasons.clone()).0);
        }
        tested = Some(first);
    }
    refusals.into_result()?;
    let identities = &tested.as_ref().unwrap_or(&own).identities;
    cover(&own, identities).ok_or(Error::Fault("benefit period answered a coverage that cannot be read"))
}

/// Refuses a person nobody registered: settlement knows only those who have bills.
///
/// # Errors
/// PERSON_NOT_FOUND, and those of the peer.
pub(crate) async fn require_person(channel: &Channel, resident_id: ResidentId) -> Result<(), Error> {
    let request =
        ListCoverageRequest { resident_id: resident_id.to_string(), page_size: 1, ..ListCoverageRequest::default() };
    BenefitPeriodServiceClient::new(channel.clone()).list_coverage(request).await?;
    Ok(())
}

/// Cover by basic insurance in a whole year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct YearCover {
    /// District of the last day covered.
    pub(crate) district: District,
    /// The last day covered.
    pub(crate) last_on: NaiveDate,
    /// Covered on every day of the year.
    pub(crate) whole_year: bool,
}

/// How a person was covered in a year; `None` for no day at all.
///
/// # Errors
/// PERSON_NOT_FOUND, the reasons for which the last day is not covered after all, and those of the peer.
pub(crate) async fn of_year(
    channel: &Channel,
    resident_id: ResidentId,
    policy_year: i32,
) -> Result<Option<YearCover>, Error> {
    let (Some(first), Some(last)) =
        (NaiveDate::from_ymd_opt(policy_year, 1, 1), NaiveDate::from_ymd_opt(policy_year, 12, 31))
    else {
        return Ok(None);
    };
    let mut periods = basic_periods(channel, resident_id).await?;
    periods.retain(|(start, end)| *start <= last && *end >= first);
    periods.sort_unstable();
    let Some(last_on) = periods.iter().map(|(_, end)| (*end).min(last)).max() else { return Ok(None) };
    // The first day that is not covered, periods being in the order of their beginnings.
    let mut open = Some(first);
    for (start, end) in &periods {
        if open.is_some_and(|day| *start <= day && *end >= day) {
            open = end.succ_opt();
        }
    }
    let whole_year = open.is_none_or(|day| day > last);
    let district = district(channel, resident_id, last_on).await?;
    Ok(Some(YearCover { district, last_on, whole_year }))
}

/// The district of a covered day.
///
/// # Errors
/// The reasons for which the day is not covered, and those of the peer.
pub(crate) async fn district(channel: &Channel, resident_id: ResidentId, on: NaiveDate) -> Result<District, Error> {
    let answer = ask(channel, resident_id, on).await?;
    if !answer.covered {
        return Err(refused("resident_id", answer.reasons).into());
    }
    answer.district.parse().map_err(|_| Error::Fault("benefit period answered a district that cannot be read"))
}

/// First and last days of all spans of basic insurance.
async fn basic_periods(channel: &Channel, resident_id: ResidentId) -> Result<Vec<(NaiveDate, NaiveDate)>, Error> {
    let (mut periods, mut page_token) = (Vec::new(), String::new());
    loop {
        let resident_id = resident_id.to_string();
        let request = ListCoverageRequest { resident_id, page_size: 100, page_token, ..ListCoverageRequest::default() };
        let page = BenefitPeriodServiceClient::new(channel.clone()).list_coverage(request).await?.into_inner();
        for span in page.spans.iter().filter(|span| span.insurance == Insurance::Basic.to_wire()) {
            let (start, end) = (span.start_date.parse(), span.end_date.parse());
            let (Ok(start), Ok(end)) = (start, end) else {
                return Err(Error::Fault("benefit period answered a span that cannot be read"));
            };
            periods.push((start, end));
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(periods);
        }
    }
}

async fn ask(channel: &Channel, resident_id: ResidentId, on: NaiveDate) -> Result<GetCoverageResponse, Error> {
    let request = GetCoverageRequest {
        resident_id: resident_id.to_string(),
        date: on.to_string(),
        insurance: Insurance::Basic.to_wire(),
    };
    Ok(BenefitPeriodServiceClient::new(channel.clone()).get_coverage(request).await?.into_inner())
}

fn cover(answer: &GetCoverageResponse, identities: &[i32]) -> Option<Cover> {
    let identities = identities.iter().map(|number| Identity::from_wire(*number));
    Some(Cover {
        policy_year: answer.span.as_ref()?.benefit_year,
        district: answer.district.parse().ok()?,
        class: Class::from_wire(answer.class).ok()?,
        tier: Tier::from_wire(answer.tier).ok()?,
        identities: identities.collect::<Result<_, _>>().ok()?,
        standing: Standing::default(),
    })
}
