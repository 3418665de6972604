//! What covers a person, and whether there is such a person, asked of benefit period.

use chrono::{Datelike, NaiveDate};
use juyi_domain::codes::{Class, District, Identity, Insurance, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Refusals;
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::case::Standing;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_kit::wire::refused;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::benefit_period::v1::covered_service_client::CoveredServiceClient;
use juyi_proto::benefit_period::v1::{
    BatchGetCoveredRequest, Covered, CoveredQuestion, GetCoverageRequest, GetCoverageResponse, ListCoverageRequest,
};
use juyi_proto::code::Coded;

use crate::store::settlements::{Claim, Cover};

/// Bills of a question: each asks about at most two days, and benefit period answers 500 questions.
const BILLS: usize = 250;

/// The cover of a bill by the insurance that pays it: maternity insurance for births and family planning, which it has to
/// cover on the day of admission, whatever day the stay ends (J-6.2.2.2-b), basic insurance for everything else. District,
/// tier and benefit period are those of the day of admission; a later part of a stay has those of its own year (AMB-057),
/// with the identities and the paying scheme of the day the stay began (AMB-139): who took up work while in hospital stays
/// with the residents' scheme. On that day the person has to be covered as well, unless no document governs its year, so that
/// nobody can tell (AMB-003).
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
    let insurance = insurance_of(&claim.bill);
    let own = ask(channel, resident_id, insurance, (claim.bill.admitted_on, claim.bill.stay_began_on)).await?;
    if !own.covered {
        refusals.0.extend(refused("bill.admission_date", own.reasons.clone()).0);
    }
    let mut tested = None;
    if let Some(began_on) = claim.bill.stay_began_on {
        let first = ask(channel, resident_id, insurance, (began_on, None)).await?;
        if !first.covered && policy_years.contains(&began_on.year()) {
            refusals.0.extend(refused("bill.stay_admission_date", first.reasons.clone()).0);
        }
        tested = Some(first);
    }
    refusals.into_result()?;
    let identities = &tested.as_ref().unwrap_or(&own).identities;
    cover(&own, identities).ok_or(Error::Fault("benefit period answered a coverage that cannot be read"))
}

/// The insurance that pays a bill.
pub(crate) const fn insurance_of(bill: &Bill) -> Insurance {
    if bill.kind.is_maternity() { Insurance::Maternity } else { Insurance::Basic }
}

/// The cover by basic insurance on a day, which a field of the request tells.
///
/// # Errors
/// The reasons for which the person is not covered, and those of the peer.
pub(crate) async fn on(
    channel: &Channel,
    resident_id: ResidentId,
    day: NaiveDate,
    field: &'static str,
) -> Result<Cover, Error> {
    let answer = ask(channel, resident_id, Insurance::Basic, (day, None)).await?;
    if !answer.covered {
        return Err(refused(field, answer.reasons).into());
    }
    cover(&answer, &answer.identities).ok_or(Error::Fault("benefit period answered a coverage that cannot be read"))
}

/// The same of many bills, in as few questions as may be and in their order; `None` where something is to be said about a
/// bill, which [`find`] says.
///
/// # Errors
/// Those of the peer.
pub(crate) async fn find_all(channel: &Channel, bills: &[(ResidentId, &Claim)]) -> Result<Vec<Option<Cover>>, Error> {
    let mut covers = vec![None; bills.len()];
    for insurance in [Insurance::Basic, Insurance::Maternity] {
        let of: Vec<_> = (0..).zip(bills).filter(|(_, (_, claim))| insurance_of(&claim.bill) == insurance).collect();
        for some in of.chunks(BILLS) {
            let asked: Vec<_> = some.iter().map(|(_, bill)| **bill).collect();
            for ((place, _), cover) in some.iter().zip(find_by(channel, insurance, &asked).await?) {
                covers[*place] = cover;
            }
        }
    }
    Ok(covers)
}

/// The same of bills that one insurance pays.
async fn find_by(
    channel: &Channel,
    insurance: Insurance,
    bills: &[(ResidentId, &Claim)],
) -> Result<Vec<Option<Cover>>, Error> {
    // Of a later part of a stay also the day on which it began, which decides which scheme pays.
    let days = |claim: &Claim| [Some(claim.bill.admitted_on), claim.bill.stay_began_on];
    let question = |resident_id: &ResidentId, claim: &Claim, on: NaiveDate| CoveredQuestion {
        resident_id: resident_id.to_string(),
        date: on.to_string(),
        scheme_date: claim.bill.stay_began_on.map(|began_on| began_on.to_string()).unwrap_or_default(),
    };
    let questions =
        bills.iter().flat_map(|(id, claim)| days(claim).into_iter().flatten().map(|on| question(id, claim, on)));
    let request = BatchGetCoveredRequest { insurance: insurance.to_wire(), questions: questions.collect() };
    let asked = request.questions.len();
    let answer = CoveredServiceClient::new(channel.clone()).batch_get_covered(request).await?.into_inner();
    let mut covered: Vec<Option<Covered>> = vec![None; asked];
    for it in answer.covered {
        let place = usize::try_from(it.question).ok().and_then(|place| covered.get_mut(place));
        *place.ok_or(Error::Fault("benefit period answered what it was not asked"))? = Some(it);
    }
    let mut covered = covered.into_iter();
    let cover = |(_, claim): &(ResidentId, &Claim)| {
        let own = covered.next().flatten();
        let tested = claim.bill.stay_began_on.map(|_| covered.next().flatten());
        let own = own?;
        let identities = match &tested {
            Some(tested) => &tested.as_ref()?.identities,
            None => &own.identities,
        };
        let identities = identities.iter().map(|number| Identity::from_wire(*number));
        Some(Cover {
            policy_year: own.benefit_year,
            district: own.district.parse().ok()?,
            class: Class::from_wire(own.class).ok()?,
            tier: Tier::from_wire(own.tier).ok()?,
            identities: identities.collect::<Result<_, _>>().ok()?,
            standing: Standing::default(),
        })
    };
    Ok(bills.iter().map(cover).collect())
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
    let first_on = periods.first().map_or(first, |(start, _)| (*start).max(first));
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
    let begun = periods.iter().filter(|(start, _)| *start <= on);
    // On a day that a span holds and another scheme pays, its first day tells the district.
    let latest = begun.max().map(|(start, end)| if *end < on { *end } else { *start });
    match latest.or_else(|| periods.iter().map(|(start, _)| *start).min()) {
        Some(day) => district(channel, resident_id, day).await,
        None => Err(refused("resident_id", answer.reasons).into()),
    }
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

/// What covers a person on a day; which scheme pays may be decided by an earlier one.
///
/// # Errors
/// Those of the peer.
pub(crate) async fn ask(
    channel: &Channel,
    resident_id: ResidentId,
    insurance: Insurance,
    (on, scheme_on): (NaiveDate, Option<NaiveDate>),
) -> Result<GetCoverageResponse, Error> {
    let request = GetCoverageRequest {
        resident_id: resident_id.to_string(),
        date: on.to_string(),
        insurance: insurance.to_wire(),
        scheme_date: scheme_on.map(|scheme_on| scheme_on.to_string()).unwrap_or_default(),
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
