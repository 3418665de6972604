//! What covers a person, and whether there is such a person, asked of benefit period.

mod year;

use chrono::{Datelike, NaiveDate};
use juyi_domain::codes::{Class, Identity, Insurance, Tier};
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

pub(crate) use year::{YearCover, district, latest_district, of_year};

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
        cover_of(own.benefit_year, &own.district, (own.class, own.tier, identities))
    };
    Ok(bills.iter().map(cover).collect())
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
    let codes = (answer.class, answer.tier, identities);
    cover_of(answer.span.as_ref()?.benefit_year, &answer.district, codes)
}

fn cover_of(policy_year: i32, district: &str, (class, tier, identities): (i32, i32, &[i32])) -> Option<Cover> {
    let identities = identities.iter().map(|number| Identity::from_wire(*number));
    Some(Cover {
        policy_year,
        district: district.parse().ok()?,
        class: Class::from_wire(class).ok()?,
        tier: Tier::from_wire(tier).ok()?,
        identities: identities.collect::<Result<_, _>>().ok()?,
        standing: Standing::default(),
    })
}
