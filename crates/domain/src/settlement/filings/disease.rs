//! Registration of a special disease (J-5.1.T-k, J-7-6), also by those who live elsewhere (J-10.2.2-c).

use serde::{Deserialize, Serialize};

use super::codes::{DiagnosisRoute, FilingPaper};
use super::institution::is_of_highest_level;
use super::residence::Residence;
use crate::refusal::{Reason, Refusal, Refusals};

/// A special disease of a person. Its code is a diagnosis: no error, log or trace carries it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDisease {
    /// Code; national name `opsp_dise_code`.
    pub disease_code: String,
    /// Who diagnosed it.
    pub route: DiagnosisRoute,
    /// That institution; national name `ide_fixmedins_no`.
    pub institution_code: String,
    /// An institution of the city has the qualification (鉴定资格).
    pub institution_qualified: bool,
    /// Papers shown.
    pub papers: Vec<FilingPaper>,
}

impl std::fmt::Debug for SpecialDisease {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SpecialDisease").field("route", &self.route).finish_non_exhaustive()
    }
}

impl SpecialDisease {
    /// Checks who diagnosed it; `residence` is the registration for self-paid claims in force on the day, `at_agency` says
    /// that it is registered at the agency of the insured place.
    ///
    /// # Errors
    /// Every failing condition: `EVIDENCE_NOT_ACCEPTED` for another institution and for papers that are missing,
    /// `WRONG_DESK` for a diagnosis elsewhere that is not brought to the agency.
    pub fn check(&self, residence: Option<&Residence>, at_agency: bool) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        match self.route {
            DiagnosisRoute::CityInstitution if !self.institution_qualified => {
                let detail = "the institution has no qualification to diagnose special diseases";
                refusals.push(not_accepted(detail).at("institution_qualified"));
            }
            DiagnosisRoute::CityInstitution => {}
            DiagnosisRoute::ChosenElsewhere => self.check_elsewhere(residence, at_agency, &mut refusals),
        }
        refusals.into_result()
    }

    fn check_elsewhere(&self, residence: Option<&Residence>, at_agency: bool, refusals: &mut Refusals) {
        let chosen = residence.map(|residence| residence.institutions.as_slice()).unwrap_or_default();
        if !is_of_highest_level(chosen, &self.institution_code) {
            let detail = "elsewhere the chosen institution of the highest level diagnoses";
            refusals.push(not_accepted(detail).at("institution_code"));
        }
        for paper in [FilingPaper::DiagnosisCertificate, FilingPaper::TestResults] {
            if !self.papers.contains(&paper) {
                let detail = format!("a diagnosis elsewhere needs the paper {paper}");
                refusals.push(not_accepted(&detail).at("papers").with("paper", paper));
            }
        }
        if !at_agency {
            let detail = "a diagnosis elsewhere is registered at the agency of the insured place";
            let refusal = Refusal::new(Reason::WrongDesk, detail).at("route").by("J-10.2.2-c");
            refusals.push(refusal.with("right_desk", "MEDICAL_INSURANCE"));
        }
    }
}

fn not_accepted(detail: &str) -> Refusal {
    Refusal::new(Reason::EvidenceNotAccepted, detail).by("J-10.2.2-c")
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, institution, reasons};
    use super::*;
    use crate::codes::ProviderLevel::{One, Three};

    fn disease() -> SpecialDisease {
        SpecialDisease {
            disease_code: "M01600".to_owned(),
            route: DiagnosisRoute::CityInstitution,
            institution_code: "H1".to_owned(),
            institution_qualified: true,
            papers: Vec::new(),
        }
    }

    /// J-10.2.2-c: a qualified institution of the city.
    #[test]
    fn a_qualified_institution_of_the_city_diagnoses() {
        assert_eq!(disease().check(None, false), Ok(()));
        let other = SpecialDisease { institution_qualified: false, ..disease() };
        assert_eq!(reasons(&other.check(None, true)), [(Reason::EvidenceNotAccepted, "J-10.2.2-c")]);
    }

    /// J-10.2.2-c: elsewhere the chosen institution of the highest level, with both papers, at the agency.
    #[test]
    fn elsewhere_the_highest_chosen_institution_diagnoses() {
        let institutions = vec![institution("H1", Three), institution("H2", One)];
        let residence = &Residence { institutions, ..fixtures::residence() };
        let papers = vec![FilingPaper::DiagnosisCertificate, FilingPaper::TestResults];
        let elsewhere = SpecialDisease { route: DiagnosisRoute::ChosenElsewhere, papers, ..disease() };
        assert_eq!(elsewhere.check(Some(residence), true), Ok(()));
        let refused = (Reason::EvidenceNotAccepted, "J-10.2.2-c");
        assert_eq!(reasons(&elsewhere.check(None, true)), [refused]);
        let lower = SpecialDisease { institution_code: "H2".to_owned(), papers: Vec::new(), ..elsewhere };
        let all = [refused, refused, refused, (Reason::WrongDesk, "J-10.2.2-c")];
        assert_eq!(reasons(&lower.check(Some(residence), false)), all);
    }

    /// J-5.1.T-k: the disease is a diagnosis, which nothing prints.
    #[test]
    fn the_disease_is_not_printed() {
        assert!(!format!("{:?}", disease()).contains("M016"));
        let other = SpecialDisease { institution_qualified: false, ..disease() };
        assert!(!other.check(None, true).unwrap_err().to_string().contains("M016"));
    }
}
