//! New filings: who may file what, by which law, and what stands in the way.

use juyi_db::Session;
use juyi_domain::codes::{Class, District, Office};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::filings::codes::FilingState;
use juyi_domain::settlement::filings::params::FilingParams;
use juyi_domain::settlement::filings::register::{Details, Register, Registered};
use juyi_domain::settlement::filings::residence::Applicant;
use juyi_domain::settlement::filings::transfer;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::settlement::v1 as pb;
use prost::Message;

use super::read::New;
use super::{Filings, answer, step};
use crate::store::filings::{self, Filing};
use crate::{coverage, own};

/// The agency of the insured place (参保地医保经办机构).
pub(super) const AGENCY: &[Office] = &[Office::MedicalInsurance, Office::System];
/// The agency, and the hospitals that transfer or diagnose.
const HOSPITALS: &[Office] = &[Office::Provider, Office::MedicalInsurance, Office::System];
/// Schools, nurseries and the branch (J-10.5.1-b).
pub(super) const SCHOOLS: &[Office] =
    &[Office::Education, Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// Who covers the person on the first day of a filing.
#[derive(Clone, Copy, Debug)]
struct Insured {
    district: District,
    class: Class,
}

impl Filings {
    /// Files, or only checks. The cover is asked before the transaction, which never waits for a peer.
    pub(super) async fn file<R: Message + Default>(
        &self,
        command: &Command,
        new: &New,
        reply: fn(pb::Filing) -> R,
    ) -> Result<R, Error> {
        let caller = &Caller::current()?;
        let (offices, rule_id) = duty(&new.details);
        caller.require(offices).map_err(|refusal| refusal.by(rule_id))?;
        // What was filed is answered as it was, before anybody is asked again.
        if let Some(earlier) = command.maybe_earlier(&self.database).await? {
            return Ok(earlier);
        }
        let (insured, params) = &self.insured(caller, new).await?;
        let work = |mut session| async move {
            let filing = store(&mut session, &self.context, caller, new, (*insured, params)).await?;
            let mut answer = answer(&mut session, &self.context, &filing).await?;
            if new.validate_only {
                answer.filing_id.clear();
            }
            Ok((reply(answer), session))
        };
        command.run(&self.database, &self.context, work).await
    }

    /// The cover on the first day, and the law that governs the filing.
    async fn insured(&self, caller: &Caller, new: &New) -> Result<(Insured, FilingParams), Error> {
        let cover = coverage::on(&self.benefit_period, new.resident_id, new.first_on, new.field).await?;
        caller.require_district(cover.district)?;
        let law = self.context.policy().for_(cover.district, cover.policy_year, new.first_on)?;
        let params = law.filings.clone().map_err(Refusal::from)?;
        Ok((Insured { district: cover.district, class: cover.class }, params))
    }
}

/// The offices of a filing, and the rule that names them.
const fn duty(details: &Details) -> (&'static [Office], &'static str) {
    match details {
        Details::Residence(_) => (AGENCY, "J-10.2.1-b"),
        Details::Transfer(_) => (HOSPITALS, "J-10.1.3-a"),
        Details::Trip(_) => (AGENCY, "J-10.1.2-a"),
        Details::Student(_) => (SCHOOLS, "J-10.5.1-b"),
        Details::Disease(_) => (HOSPITALS, "J-10.2.2-c"),
    }
}

async fn store(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    new: &New,
    (insured, params): (Insured, &FilingParams),
) -> Result<Filing, Error> {
    filings::advance(session, new.resident_id).await?;
    let known = filings::of_resident(session, new.resident_id).await?;
    let mut refusals = Refusals::default();
    refusals.keep(check(new, &known, caller, (insured, params)));
    let registered = Registered {
        details: new.details.clone(),
        first_on: new.first_on,
        last_on: match &new.details {
            Details::Transfer(_) => Some(transfer::last_day(new.first_on, params)),
            Details::Student(student) => student.returned_on,
            _ => new.last_on,
        },
        state: state(&new.details, caller),
    };
    let mut found = None;
    match known.into_iter().find(|filing| filing.registered.rivals(&registered)) {
        Some(same) if same.registered.is_continued_by(&registered) => {
            refusals.0.extend(own::require(caller, AGENCY, &same.recorded_by).err());
            found = Some(same);
        }
        Some(rival) => refusals.push(duplicate(&rival).at(new.field)),
        None => {}
    }
    refusals.into_result()?;
    let filing = match found {
        Some(found) => {
            let filing = Filing { registered, ..found };
            filings::update(session, &filing).await?;
            filing
        }
        None => {
            let (recorded_by, created_at) = (caller.clone(), context.now());
            let (resident_id, id, district) = (new.resident_id, context.id(), insured.district);
            let filing = Filing { resident_id, id, district, registered, recorded_by, created_at };
            filings::insert(session, &filing).await?;
            filing
        }
    };
    step(session, context, caller, &filing, "").await?;
    Ok(filing)
}

/// The rules of each kind of filing.
fn check(
    new: &New,
    known: &[Filing],
    caller: &Caller,
    (insured, params): (Insured, &FilingParams),
) -> Result<(), Refusals> {
    let registered: Vec<Registered> = known.iter().map(|filing| filing.registered.clone()).collect();
    let register = Register { filings: &registered, partner_of: &[] };
    let residence = register.maybe_self_paid_residence(new.first_on);
    match &new.details {
        Details::Residence(residence) => {
            let applicant = Applicant { class: insured.class, first: !register.has_lived_elsewhere() };
            residence.check(applicant, params)
        }
        Details::Transfer(transfer) => transfer.check(residence, params),
        Details::Trip(trip) => trip.check(params),
        Details::Student(student) => student.check(insured.class),
        Details::Disease(disease) => disease.check(residence, AGENCY.contains(&caller.office)),
    }
}

/// What a hospital says about a transfer waits for the review (J-10.3.2-b).
fn state(details: &Details, caller: &Caller) -> FilingState {
    match details {
        Details::Transfer(_) if caller.office == Office::Provider => FilingState::Pending,
        _ => FilingState::InForce,
    }
}

fn duplicate(rival: &Filing) -> Refusal {
    let detail = "a filing of the kind is in force on some of these days; end or withdraw it first";
    Refusal::new(Reason::DuplicateFiling, detail).with("filing_id", rival.id)
}

/// Filings of a person, for a scope of callers.
pub(super) const READERS: &[Office] =
    &[Office::Provider, Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// True for offices that see filings of a resident id they have.
pub(super) fn sees(caller: &Caller, district: District) -> bool {
    caller.require_district(district).is_ok()
}

/// Reads who asks. Errors: ROLE_NOT_ALLOWED.
pub(super) fn reader() -> Result<Caller, Error> {
    let caller = Caller::current()?;
    caller.require(READERS)?;
    Ok(caller)
}

/// The page that a reader sees.
pub(super) async fn page(
    session: &mut Session,
    caller: &Caller,
    resident_id: ResidentId,
    (after, size): (Option<juyi_domain::id::FilingId>, i64),
) -> Result<(Vec<Filing>, String), Error> {
    let mut page = filings::page(session, resident_id, after, size).await?;
    let next_page_token = next_page(&page, size, |last| last.id.to_string());
    page.retain(|filing| sees(caller, filing.district));
    Ok((page, next_page_token))
}
