//! Adults: registered in Tianjin (J-1.2-a, B-1.2-a), or registered elsewhere and holding a certificate (J-1.2-b, B-1.2-b).

use super::Standing;
use crate::codes::{Area, Category};
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};
use crate::registry::application::Application;
use crate::registry::evidence;
use crate::registry::params::EnrolmentParams;

pub(super) fn decide(application: &Application, params: &EnrolmentParams) -> Standing {
    if application.circumstances.is_local() { local(application, params) } else { certified(application, params) }
}

/// In town without employment; in a village as such, in 2017 without employment too.
fn local(application: &Application, params: &EnrolmentParams) -> Standing {
    let rule = &params.unemployed_areas;
    let Some(area) = application.circumstances.maybe_area() else {
        let detail = "whether the household is registered in a town or in a village is needed";
        let refusal = Refusal::new(Reason::RequiredFieldMissing, detail).at("household_area");
        return Standing::refused(Category::UrbanResident, refusal.by(rule.reference.rule_id.clone()));
    };
    let category = match area {
        Area::Urban => Category::UrbanResident,
        Area::Rural => Category::RuralResident,
    };
    let employed = application.circumstances.is_employed();
    if employed && rule.contains(&area) {
        let refusal = Refusal::new(Reason::ClassNotEligible, "an employed adult belongs to the employees' insurance");
        return Standing::refused(category, refusal.at("facts").by(rule.reference.rule_id.clone()));
    }
    let step = Step::by(rule, |_| area.into())
        .given("household_area", area)
        .given("employed", if employed { "TRUE" } else { "FALSE" });
    Standing::accepted(category, step)
}

/// Not employed, with a paper of the adults' list, which 2017 closes (B-1.2-b).
fn certified(application: &Application, params: &EnrolmentParams) -> Standing {
    let (category, list) = (Category::CertificateHolder, &params.adult_papers);
    if application.circumstances.is_employed() {
        let refusal = Refusal::new(Reason::ClassNotEligible, "an employed adult belongs to the employees' insurance");
        return Standing::refused(category, refusal.at("facts").by(list.reference.rule_id.clone()));
    }
    match evidence::certificate(&application.circumstances, list) {
        Ok(kind) => Standing::accepted(category, Step::by(list, |_| kind.into()).given("certificate", kind)),
        Err(refusal) => Standing::refused(category, refusal),
    }
}

#[cfg(test)]
mod tests {
    use super::super::decide;
    use super::*;
    use crate::codes::CertificateKind::{
        self, HkMacaoResidencePermit, OtherOfficial, ResidencePermitAcceptanceSlip, TaiwanTravelPermit,
        TianjinResidencePermit,
    };
    use crate::dates::written::day;
    use crate::registry::circumstances::Since;
    use crate::registry::facts::Employment;
    use crate::registry::fixtures::{self, baodi_2017, farmer, from_elsewhere, tianjin_2021, townsman};

    type Answer = (Category, Result<String, (Reason, String)>);

    fn answer(application: &Application, params: &EnrolmentParams) -> Answer {
        let standing = decide(application, params);
        let refused = |refusal: Refusal| (refusal.reason, refusal.rule_id.unwrap_or_default().into_owned());
        (standing.category, standing.outcome.map(|step| step.rule_id.into_owned()).map_err(refused))
    }

    fn employed(mut application: Application) -> Application {
        application.circumstances.employment =
            Some(Since { on: day("2010-01-01"), what: Employment { employed: true } });
        application
    }

    fn refused(category: Category, reason: Reason, rule_id: &str) -> Answer {
        (category, Err((reason, rule_id.to_owned())))
    }

    /// J-1.2-a: rural residents as such, urban residents without employment; B-1.2-a: both without.
    #[test]
    fn employment_closes_the_class_to_townspeople() {
        let (tianjin, baodi) = (tianjin_2021(), baodi_2017());
        let (rural, urban) = (Category::RuralResident, Category::UrbanResident);
        assert_eq!(answer(&employed(farmer()), &tianjin), (rural, Ok("J-1.2-a".to_owned())));
        let not_eligible = Reason::ClassNotEligible;
        assert_eq!(answer(&employed(townsman()), &tianjin), refused(urban, not_eligible, "J-1.2-a"));
        assert_eq!(answer(&townsman(), &tianjin), (urban, Ok("J-1.2-a".to_owned())));
        assert_eq!(answer(&employed(farmer()), &baodi), refused(rural, not_eligible, "B-1.2-a"));
        assert_eq!(answer(&townsman(), &baodi), (urban, Ok("B-1.2-a".to_owned())));
    }

    #[test]
    fn town_or_village_has_to_be_known() {
        let mut unknown = farmer();
        unknown.circumstances.registration.as_mut().unwrap().area = None;
        let refusal = decide(&unknown, &tianjin_2021()).outcome.unwrap_err();
        assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::RequiredFieldMissing, Some("household_area")));
    }

    fn holder(kind: CertificateKind, params: &EnrolmentParams) -> Answer {
        answer(&fixtures::certified(kind, from_elsewhere(farmer())), params)
    }

    /// S-02: J-1.2-b; a slip is on the children's list only (AMB-015); B-1.2-b is closed.
    #[test]
    fn adults_have_a_list_of_their_own() {
        let (tianjin, baodi, holds) = (tianjin_2021(), baodi_2017(), Category::CertificateHolder);
        assert_eq!(holder(TaiwanTravelPermit, &tianjin), (holds, Ok("J-1.2-b".to_owned())));
        let not_accepted = |rule_id| refused(holds, Reason::EvidenceNotAccepted, rule_id);
        assert_eq!(holder(ResidencePermitAcceptanceSlip, &tianjin), not_accepted("J-1.2-b"));
        assert_eq!(holder(TianjinResidencePermit, &baodi), (holds, Ok("B-1.2-b".to_owned())));
        assert_eq!(holder(HkMacaoResidencePermit, &baodi), not_accepted("B-1.2-b"));
        assert_eq!(holder(ResidencePermitAcceptanceSlip, &baodi), not_accepted("B-1.2-b"));
        let permit = fixtures::certified(TianjinResidencePermit, from_elsewhere(farmer()));
        assert_eq!(answer(&employed(permit), &tianjin), refused(holds, Reason::ClassNotEligible, "J-1.2-b"));
    }

    /// AMB-014: another paper needs a manual decision; never for adults in 2017.
    #[test]
    fn another_official_paper_needs_a_decision() {
        let holds = Category::CertificateHolder;
        assert_eq!(holder(OtherOfficial, &tianjin_2021()), refused(holds, Reason::EvidenceNotAccepted, "J-1.2-b"));
        let mut decided = fixtures::certified(OtherOfficial, from_elsewhere(farmer()));
        decided.circumstances.certificates[0].manual_decision_id = Some("2020-17".to_owned());
        assert_eq!(answer(&decided, &tianjin_2021()), (holds, Ok("J-1.2-b".to_owned())));
        assert_eq!(answer(&decided, &baodi_2017()), refused(holds, Reason::EvidenceNotAccepted, "B-1.2-b"));
    }
}
