//! What the registry's register says about providers on the service date, asked as the suite itself (AMB-067).
//!
//! A provider that the register does not know is taken as the bill states it, and the bill has to state where it is: hospitals
//! elsewhere are on no register of the city (AMB-070). Of the others the register decides, see [`Registered`].

use chrono::NaiveDate;
use juyi_domain::codes::ProviderLevel;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::settlement::care::Provider;
use juyi_domain::settlement::provider_register::Registered;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1::provider_register_service_client::ProviderRegisterServiceClient;
use juyi_proto::registry::v1::{BatchGetProvidersRequest, MedicalProvider, ProviderQuestion};

use crate::store::settlements::Claim;

const UNREADABLE: Error = Error::Fault("the registry answered a provider that cannot be read");

/// A provider on a day; `None` where the register does not know it.
///
/// # Errors
/// Those of the peer.
pub(crate) async fn maybe_find(channel: &Channel, code: &str, on: NaiveDate) -> Result<Option<Registered>, Error> {
    Ok(ask(channel, &[(code, on)]).await?.pop().flatten())
}

/// A bill with its provider as the register has it on the day the bill begins.
///
/// # Errors
/// PROVIDER_MISMATCH for each attribute that differs; REQUIRED_FIELD_MISSING for an unknown provider without its place; and
/// those of the peer.
pub(crate) async fn confirmed(channel: &Channel, claim: &Claim) -> Result<Claim, Error> {
    let mut claim = claim.clone();
    let (code, on) = key(&claim);
    match maybe_find(channel, code, on).await? {
        Some(registered) => claim.bill.provider = registered.confirm_bill(&claim.bill)?,
        None if claim.is_placed => {}
        None => return Err(unplaced().into()),
    }
    Ok(claim)
}

/// What a bill is refused with that does not say where a provider is of which the register knows nothing: care outside the
/// border is not covered, and the law has no list of what lies there (J-8-5, AMB-070).
fn unplaced() -> Refusal {
    let detail =
        "the register does not know the provider on the service date; the bill says whether it is outside the border";
    Refusal::new(Reason::RequiredFieldMissing, detail).at("bill.outside_border").by("J-8-5")
}

/// A provider that a field of the request describes, as the register has it.
///
/// # Errors
/// As [`confirmed`].
pub(crate) async fn confirmed_institution(
    channel: &Channel,
    (code, stated): &(String, Provider),
    on: NaiveDate,
    field: &str,
) -> Result<Provider, Error> {
    let registered = maybe_find(channel, code, on).await?;
    Ok(registered.map_or_else(|| Ok(stated.clone()), |registered| registered.confirm(stated, field))?)
}

/// The providers of many bills in one question and in their order; `None` for a bill of which the register says something
/// else, which [`confirmed`] says.
///
/// # Errors
/// Those of the peer.
pub(crate) async fn confirm_all(channel: &Channel, claims: &[&Claim]) -> Result<Vec<Option<Provider>>, Error> {
    // A group has many bills of few providers.
    let mut keys: Vec<_> = claims.iter().map(|claim| key(claim)).collect();
    keys.sort_unstable();
    keys.dedup();
    let found = ask(channel, &keys).await?;
    let confirm = |claim: &&Claim| {
        let place = keys.binary_search(&key(claim)).ok()?;
        match found.get(place)? {
            Some(registered) => registered.confirm_bill(&claim.bill).ok(),
            None => claim.is_placed.then(|| claim.bill.provider.clone()),
        }
    };
    Ok(claims.iter().map(confirm).collect())
}

/// What the register is asked about a bill: the provider, and the day the bill begins.
fn key(claim: &Claim) -> (&str, NaiveDate) {
    (&claim.provider_code, claim.bill.admitted_on)
}

/// Both answers, or the refusals of both.
///
/// # Errors
/// Any other error of either.
pub(crate) fn both<A, B>(first: Result<A, Error>, second: Result<B, Error>) -> Result<(A, B), Error> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (Err(Error::Refused(mut first)), Err(Error::Refused(second))) => {
            first.0.extend(second.0);
            Err(first.into())
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// The register's answers in the order of the questions.
async fn ask(channel: &Channel, keys: &[(&str, NaiveDate)]) -> Result<Vec<Option<Registered>>, Error> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let question = |(code, on): &(&str, NaiveDate)| ProviderQuestion {
        provider_code: (*code).to_owned(),
        on_date: on.to_string(),
    };
    let request = BatchGetProvidersRequest { questions: keys.iter().map(question).collect() };
    let mut client = ProviderRegisterServiceClient::new(channel.clone());
    let answer = Caller::scope(Some(Caller::system()), client.batch_get_providers(request)).await?.into_inner();
    let mut found = vec![None; keys.len()];
    for it in answer.providers {
        let place = usize::try_from(it.question).ok().and_then(|place| found.get_mut(place));
        let registered = it.provider.as_ref().and_then(registered).ok_or(UNREADABLE)?;
        *place.ok_or(Error::Fault("the registry answered what it was not asked"))? = Some(registered);
    }
    Ok(found)
}

fn registered(provider: &MedicalProvider) -> Option<Registered> {
    Some(Registered {
        district: provider.district.parse().ok()?,
        level: ProviderLevel::from_wire(provider.level).ok()?,
        designated: provider.designated,
        reform_registered: provider.reform_registered,
        assistance_designated: provider.assistance_designated,
        home_bed: provider.home_bed,
        village_clinic: provider.village_clinic,
    })
}
