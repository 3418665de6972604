//! Where outpatient care is paid (J-5.1.T-p, J-7-1 to -3, J-5.1.5-a, B-5.2-a), and elsewhere by the same rule (AMB-072).

use super::params::{OutpatientParams, Venue};
use crate::codes::ProviderLevel;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};
use crate::settlement::care::{OutOfArea, Place, Provider, ProviderKind};
use crate::settlement::case::Case;
use crate::settlement::exclusions::exclude;
use crate::settlement::filings::student;
use crate::settlement::trace::Trace;

/// The venue of a bill at a designated provider; `None`, with its line, where the venue is not covered.
pub(super) fn find<'a, T: Trace<'a>>(
    case: &'a Case,
    params: &'a OutpatientParams,
    trace: &mut T,
) -> Result<Option<Venue>, Refusal> {
    let provider = &case.bill.provider;
    let venue = match class(provider) {
        Class::Venue(venue) => venue,
        Class::Outside => {
            exclude(case, trace, move || step(provider, None, params));
            return Ok(None);
        }
        Class::Ungraded => {
            let detail = "no outpatient rate is printed for an institution without a level";
            return Err(not_defined(detail, params).at("bill.provider.level"));
        }
    };
    if !params.venues.contains(&venue) {
        let detail = format!("the document does not say whether outpatient care is paid at {venue}");
        return Err(not_defined(detail, params).at("bill.provider.kind").with("venue", venue));
    }
    if venue == Venue::VillageClinic && !provider.village_integrated {
        exclude(case, trace, move || step(provider, Some(venue), params));
        return Ok(None);
    }
    if student::is_of_a_school_day(&case.bill, case.standing.holidays) {
        exclude(case, trace, student::school_day_step);
        return Ok(None);
    }
    elsewhere(case, params)?;
    trace.step(move || step(provider, Some(venue), params));
    Ok(Some(venue))
}

/// What a provider is to the venue rule.
enum Class {
    Venue(Venue),
    Outside,
    Ungraded,
}

/// Level 3 and unreformed level 2 are outside; an ungraded institution has no rule (AMB-067).
fn class(provider: &Provider) -> Class {
    match (provider.kind, provider.level) {
        (ProviderKind::RetailPharmacy, _) => Class::Venue(Venue::RetailPharmacy),
        (ProviderKind::VillageClinic, _) => Class::Venue(Venue::VillageClinic),
        (_, Some(ProviderLevel::One)) => Class::Venue(Venue::LevelOne),
        (ProviderKind::CommunityHealthCentre, _) => Class::Venue(Venue::CommunityHealthCentre),
        (ProviderKind::Hospital, Some(ProviderLevel::Two)) if provider.reform_registered => {
            Class::Venue(Venue::LevelTwoReformed)
        }
        (ProviderKind::Hospital, Some(_)) => Class::Outside,
        (ProviderKind::Hospital, None) => Class::Ungraded,
    }
}

/// Elsewhere the city's venue rule holds for registered residence, recorded acute trips (J-10.1.2-a), and students at home in
/// the holidays; of every other reason the documents say nothing (AMB-072, AMB-076).
fn elsewhere(case: &Case, params: &OutpatientParams) -> Result<(), Refusal> {
    let Place::Elsewhere { category, .. } = &case.bill.place else { return Ok(()) };
    match category {
        OutOfArea::Residence | OutOfArea::TemporaryEmergency if case.standing.elsewhere => Ok(()),
        OutOfArea::StudentAtHome if case.standing.holidays.is_some() => Ok(()),
        OutOfArea::StudentAtHome => {
            let detail =
                "outpatient care in the place of origin is paid in the holidays, and the school's are not known";
            Err(Refusal::new(Reason::RequiredFieldMissing, detail).at("bill.elsewhere.category"))
        }
        category => {
            let detail = format!("no rule is printed for outpatient care elsewhere for the reason {category}");
            Err(not_defined(detail, params).at("bill.elsewhere.category").with("category", category))
        }
    }
}

fn not_defined(detail: impl Into<String>, params: &OutpatientParams) -> Refusal {
    Refusal::new(Reason::RuleNotDefined, detail).by(params.venues.reference.rule_id.clone())
}

/// The clause that covers a visit to a venue: one of its own, or the table's.
pub(super) fn clause(venue: Venue, params: &OutpatientParams) -> &'static str {
    let own = params.venue.get(&venue).map(|named| named.reference);
    &own.unwrap_or(params.venues.reference).rule_id
}

/// The table's rule, or the clause that names the venue besides.
fn step(provider: &Provider, venue: Option<Venue>, params: &OutpatientParams) -> Step {
    let own = venue.and_then(|venue| params.venue.get(&venue));
    let venues = || venue.map_or("OUTSIDE", Venue::as_str).into();
    let step = match own {
        Some(own) => Step::by(own, |_| venues()).using(&params.venues, |_| venues()),
        None => Step::by(&params.venues, |_| venues()),
    };
    let step = step.given("provider_kind", provider.kind.as_str());
    match provider.level {
        Some(level) => step.given("provider_level", level.as_str()),
        None => step,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{law_2017, law_2021, settled, try_settle, visit};
    use super::*;
    use crate::money::Fen;

    fn at(kind: ProviderKind, level: Option<ProviderLevel>, yuan: i64) -> Case {
        let mut case = visit(1, Fen::yuan(yuan));
        (case.bill.provider.kind, case.bill.provider.level) = (kind, level);
        case
    }

    /// J-5.1.T-p: level 3 outpatient 800.00 pays nothing and does not count towards the deductible.
    #[test]
    fn level_three_is_outside() {
        let high = at(ProviderKind::Hospital, Some(ProviderLevel::Three), 800);
        let mut later = visit(2, Fen::yuan(600));
        later.bill.provider.level = Some(ProviderLevel::One);
        let outcomes = settled(&[high, later], &law_2021());
        assert!(outcomes[0].trace.is_marked("NOT_COVERED") && outcomes[0].trace.applies("J-5.1.T-p"));
        assert_eq!((outcomes[0].basic, outcomes[0].aid_base), (Fen::ZERO, Fen::ZERO));
        assert_eq!(outcomes[1].basic, Fen::yuan(50));
    }

    /// J-7-1, J-7-2, J-7-3, AMB-067: what is covered, and each bad input.
    #[test]
    fn each_venue_has_its_clause() {
        let paid = |case: &Case| {
            let outcome = settled(std::slice::from_ref(case), &law_2021()).remove(0);
            (outcome.basic, outcome.trace.steps[0].rule_id.to_string(), outcome.trace.is_marked("NOT_COVERED"))
        };
        let fifty = Fen::yuan(50);
        for (kind, level, rule_id) in [
            (ProviderKind::Hospital, Some(ProviderLevel::One), "J-7-1"),
            (ProviderKind::CommunityHealthCentre, None, "J-7-1"),
            (ProviderKind::RetailPharmacy, None, "J-7-1"),
        ] {
            assert_eq!(paid(&at(kind, level, 600)), (fifty, rule_id.to_owned(), false));
        }
        let mut second = at(ProviderKind::Hospital, Some(ProviderLevel::Two), 600);
        assert_eq!(paid(&second), (Fen::ZERO, "J-5.1.T-p".to_owned(), true));
        second.bill.provider.reform_registered = true;
        assert_eq!(paid(&second), (fifty, "J-7-2".to_owned(), false));
        let mut clinic = at(ProviderKind::VillageClinic, None, 600);
        assert_eq!(paid(&clinic), (Fen::ZERO, "J-7-3".to_owned(), true));
        clinic.bill.provider.village_integrated = true;
        assert_eq!(paid(&clinic), (fifty, "J-7-3".to_owned(), false));
        clinic.bill.provider.designated = false;
        assert_eq!(paid(&clinic), (Fen::ZERO, "J-8-1".to_owned(), true));
        let ungraded = try_settle(&at(ProviderKind::Hospital, None, 600), &law_2021()).unwrap_err();
        assert!(ungraded.has(Reason::RuleNotDefined));
    }

    /// B-5.2-a: reformed level 2 is covered; of a pharmacy or a village clinic the plan says nothing.
    #[test]
    fn pharmacies_and_clinics_are_not_mentioned_in_2017() {
        let mut second = at(ProviderKind::Hospital, Some(ProviderLevel::Two), 600);
        second.bill.provider.reform_registered = true;
        let outcome = settled(&[second], &law_2017()).remove(0);
        assert!(outcome.basic == Fen::yuan(50) && outcome.trace.applies("B-5.2-a"));
        for kind in [ProviderKind::RetailPharmacy, ProviderKind::VillageClinic, ProviderKind::CommunityHealthCentre] {
            let refused = try_settle(&at(kind, None, 600), &law_2017()).unwrap_err();
            assert_eq!(
                (refused.0[0].reason, refused.0[0].rule_id.as_deref()),
                (Reason::RuleNotDefined, Some("B-5.2-a"))
            );
        }
        let level_three = at(ProviderKind::Hospital, Some(ProviderLevel::Three), 600);
        assert!(settled(&[level_three], &law_2017())[0].trace.is_marked("NOT_COVERED"));
    }

    /// AMB-072, J-5.1.T-p: which outpatient care elsewhere follows the city's rule, (600.00 − 500.00) × 50 %.
    #[test]
    fn elsewhere_by_the_citys_rule_or_not_at_all() {
        let away = |category| {
            let mut case = visit(1, Fen::yuan(600));
            case.bill.place = Place::Elsewhere { category, region: "130000".to_owned(), receiving_level: None };
            case
        };
        for category in [OutOfArea::TemporaryEmergency, OutOfArea::Residence] {
            let mut registered = away(category);
            assert!(try_settle(&registered, &law_2021()).unwrap_err().has(Reason::RuleNotDefined));
            registered.standing.elsewhere = true;
            assert_eq!(settled(&[registered], &law_2021())[0].basic, Fen::yuan(50));
        }
        let mut student = away(OutOfArea::StudentAtHome);
        assert!(try_settle(&student, &law_2021()).unwrap_err().has(Reason::RequiredFieldMissing));
        student.standing.holidays = Some(false);
        // J-10.5.1-a: on a school day nothing is covered.
        let school_day = &settled(&[student.clone()], &law_2021())[0];
        assert!(school_day.trace.applies("J-10.5.1-a") && school_day.trace.is_marked("NOT_COVERED"));
        student.standing.holidays = Some(true);
        assert_eq!(settled(&[student], &law_2021())[0].basic, Fen::yuan(50));
        for other in [OutOfArea::ApprovedTransfer, OutOfArea::TransferPartner, OutOfArea::SelfChosen] {
            assert!(try_settle(&away(other), &law_2021()).unwrap_err().has(Reason::RuleNotDefined));
        }
        // J-8-5.
        let mut abroad = visit(1, Fen::yuan(600));
        abroad.bill.place = Place::OutsideBorder;
        assert!(settled(&[abroad], &law_2021())[0].trace.applies("J-8-5"));
    }
}
