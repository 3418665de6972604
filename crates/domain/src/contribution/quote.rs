//! The premium of one person and year: who pays which part.

use chrono::NaiveDate;

use super::codes::PremiumPart;
use super::params::{PremiumParams, SubsidyGround};
use super::subsidy::{granting, maybe_ground};
use super::{funding, tier};
use crate::codes::{Class, Identity, Payer, Tier};
use crate::effective::Effective;
use crate::money::Fen;
use crate::receipt::{Receipt, Step, Value};
use crate::refusal::Refusals;

/// What is asked.
#[derive(Clone, Debug)]
pub struct QuoteRequest {
    /// Class of the enrolment.
    pub class: Class,
    /// Tier; students and children, and persons with a prescribed tier, need not name one.
    pub tier: Option<Tier>,
    /// Identities in force on the day of application.
    pub identities: Vec<Identity>,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Parts that must be printed; the quote is refused otherwise.
    pub parts: Vec<PremiumPart>,
}

/// The answer. Every amount is computed from the receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Personal part of the premium, whoever pays it.
    pub personal: Fen,
    /// What the government pays of the personal part.
    pub subsidy: Fen,
    /// Government part of the premium, where the law prints it.
    pub government: Option<Fen>,
    /// What the person pays.
    pub payable: Fen,
    /// Code of the ground of the subsidy.
    pub subsidy_ground: Option<String>,
    /// A prepaid term takes over what the person would pay (J-3.3.3-b).
    pub prepaid: bool,
    /// How it was computed.
    pub receipt: Receipt,
}

impl Quote {
    /// The step of the ground by which the government pays the personal part. Its inputs name the granting identities
    /// and the day on which they were in force.
    #[must_use]
    pub fn subsidy_step(&self) -> Option<&Step> {
        let subsidises = |step: &&Step| step.pays.is_some_and(|line| line.payer == Payer::PremiumSubsidy);
        self.receipt.steps.iter().find(subsidises)
    }
}

/// Quotes the flat yearly premium (J-2.1, B-4), the subsidy (J-2.3-j, B-7.3.3-d) and the government part. There is no
/// price for a part of a year (AMB-035).
///
/// # Errors
/// Those of the tier (J-2.1-a, B-5.5-a) and of the parts that are asked for and not printed.
pub fn quote(request: &QuoteRequest, params: &PremiumParams) -> Result<Quote, Refusals> {
    let mut refusals = Refusals::default();
    let tier = refusals.keep(tier::decide(request.class, request.tier, &request.identities, params));
    refusals.keep(funding::require(&request.parts, params));
    let key = tier.map(|tier| (request.class, tier));
    let personal = key.and_then(|key| params.personal.get(&key));
    let (Some(key), Some(personal)) = (key, personal) else { return Err(refusals) };
    refusals.into_result()?;
    let government = params.government.as_ref().ok().and_then(|parts| parts.get(&key));

    let ground = maybe_ground(request.class, &request.identities, params);
    let mut receipt = Receipt::default();
    let price = Step::by(personal, |fen| (*fen).into()).given("class", key.0).given("tier", key.1);
    match ground {
        None => receipt.push(price.paying(Payer::Person, personal.value)),
        Some(ground) => {
            receipt.push(price);
            receipt.push(subsidised(ground, request, personal.value));
            receipt.steps.extend(funding::treasury_claim(key, &request.identities, 1, params));
        }
    }
    if let Some(government) = government {
        receipt.push(Step::by(government, |fen| (*fen).into()).paying(Payer::Government, government.value));
    }
    if request.parts.contains(&PremiumPart::Increase) {
        receipt.steps.extend(funding::increase(params));
    }
    receipt.steps.extend(funding::free_of_charge(params));

    let (payable, subsidy) = (receipt.total(Payer::Person), receipt.total(Payer::PremiumSubsidy));
    Ok(Quote {
        personal: payable + subsidy,
        subsidy,
        government: government.map(|_| receipt.total(Payer::Government)),
        payable,
        subsidy_ground: ground.map(|ground| ground.code.clone()),
        prepaid: false,
        receipt,
    })
}

/// The government takes over the whole personal part (J-2.3-j), by identities in force on the day of application.
fn subsidised(ground: &Effective<SubsidyGround>, request: &QuoteRequest, personal: Fen) -> Step {
    let step = Step::by(ground, |ground| Value::Code(ground.code.clone().into()))
        .given("personal", personal)
        .given("application_date", request.applied_on);
    let by = granting(ground, &request.identities);
    let step = by.into_iter().fold(step, |step, identity| step.given("identity", identity));
    step.found("payable", Fen::ZERO).paying(Payer::PremiumSubsidy, personal)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;
    use crate::refusal::Reason;

    fn request(class: Class, tier: Tier, identities: &[Identity]) -> QuoteRequest {
        let (identities, applied_on) = (identities.to_vec(), day("2020-11-11"));
        QuoteRequest { class, tier: Some(tier), identities, applied_on, parts: Vec::new() }
    }

    fn quoted(class: Class, tier: Tier, params: &PremiumParams) -> Quote {
        quote(&request(class, tier, &[]), params).unwrap()
    }

    /// S-03: J-2.1-d and J-2.1-e.
    #[test]
    fn a_school_leaver_pays_the_price_of_the_class() {
        let law = tianjin_2021();
        assert_eq!(quoted(Class::StudentChild, Tier::StudentChild, &law).payable, Fen::new(26_000));
        assert_eq!(quoted(Class::Adult, Tier::Low, &law).payable, Fen::new(28_000));
    }

    /// S-09: J-2.1-b, J-2.1-d, J-2.1-e; J-2.2-a adds nothing.
    #[test]
    fn a_family_of_four_pays_1710() {
        let law = tianjin_2021();
        let child = (Class::StudentChild, Tier::StudentChild);
        let family = [(Class::Adult, Tier::High), (Class::Adult, Tier::Low), child, child];
        let quotes = family.map(|(class, tier)| quoted(class, tier, &law));
        assert_eq!(quotes.iter().map(|quote| quote.payable).sum::<Fen>(), Fen::new(171_000));
        let free = quotes[0].receipt.steps.iter().find(|step| step.rule_id == "J-2.2-a").unwrap();
        for insurance in ["CRITICAL_ILLNESS", "MATERNITY", "ACCIDENT"] {
            assert_eq!(free.output(insurance), Some(&Value::Fen(Fen::ZERO)));
        }
    }

    /// J-2.1-c: three adults, 1680.00.
    #[test]
    fn the_middle_tier_costs_560() {
        assert_eq!(quoted(Class::Adult, Tier::Middle, &tianjin_2021()).payable, Fen::yuan(560));
    }

    /// S-06: J-2.3-f and J-2.3-j.
    #[test]
    fn a_ground_takes_over_the_whole_personal_part() {
        let held = [Identity::SevereDisability, Identity::SubsistenceAllowance];
        let quote = quote(&request(Class::Adult, Tier::Middle, &held), &tianjin_2021()).unwrap();
        assert_eq!((quote.personal, quote.subsidy, quote.payable), (Fen::yuan(560), Fen::yuan(560), Fen::ZERO));
        assert_eq!(quote.subsidy_ground.as_deref(), Some("SUBSISTENCE_OR_LOW_INCOME_SEVERELY_DISABLED"));
        let step = quote.subsidy_step().unwrap();
        assert_eq!(step.rule_id, "J-2.3-f");
        let given: Vec<_> = step.inputs().map(|given| (given.name.as_ref(), given.value.to_string())).collect();
        let expected = [
            ("personal", "560.00"),
            ("application_date", "2020-11-11"),
            ("identity", "SEVERE_DISABILITY"),
            ("identity", "SUBSISTENCE_ALLOWANCE"),
        ];
        assert_eq!(given, expected.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(quote.government, None);
    }

    /// S-60: the government part of 2021 is not printed.
    #[test]
    fn the_government_part_of_2021_is_refused_when_asked_for() {
        let asked = QuoteRequest { parts: vec![PremiumPart::GovernmentPart], ..request(Class::Adult, Tier::Low, &[]) };
        assert!(quote(&asked, &tianjin_2021()).unwrap_err().has(Reason::RuleNotDefined));
        assert!(quote(&asked, &baodi_2017()).is_ok());
    }

    /// S-08: B-4.2-b, B-7.3.3-d.
    #[test]
    fn a_subsidised_person_of_baodi_owes_nothing_of_1180() {
        let held = [Identity::SubsistenceAllowance];
        let quote = quote(&request(Class::Adult, Tier::Middle, &held), &baodi_2017()).unwrap();
        assert_eq!(quote.payable, Fen::ZERO);
        assert_eq!(quote.receipt.sum(), Fen::yuan(1180));
        assert!(quote.receipt.applies("B-4.2-b") && quote.receipt.applies("B-7.3.3-a"));
        assert!(quote.receipt.applies("B-5.5-b"));
    }

    /// S-15: B-4.1-a, B-4.2-b, B-4.2-c; B-4.2-a costs 1480.00 in all.
    #[test]
    fn a_family_of_baodi_is_funded_by_both() {
        let law = baodi_2017();
        let family = [
            (Class::Adult, Tier::Low, 950),
            (Class::Adult, Tier::Middle, 1180),
            (Class::StudentChild, Tier::StudentChild, 930),
        ];
        let mut sums = (Fen::ZERO, Fen::ZERO);
        for (class, tier, total) in family {
            let quote = quoted(class, tier, &law);
            assert_eq!(quote.receipt.sum(), Fen::yuan(total));
            sums.0 += quote.personal;
            sums.1 += quote.government.unwrap();
        }
        assert_eq!(sums, (Fen::new(66_000), Fen::new(240_000)));
        assert_eq!(quoted(Class::Adult, Tier::High, &law).receipt.sum(), Fen::yuan(1480));
    }

    /// J-2.1-a: adult asks for the 260.00 tier.
    #[test]
    fn a_class_has_no_other_tiers() {
        let asked = request(Class::Adult, Tier::StudentChild, &[]);
        assert!(quote(&asked, &tianjin_2021()).unwrap_err().has(Reason::TierNotAllowed));
    }
}
