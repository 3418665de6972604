//! Registration of those who live elsewhere (J-10.1.1-a): for direct settlement of stays, or for claims of bills paid.

use serde::{Deserialize, Serialize};

use super::codes::{ClaimMode, FilingChannel, FilingPaper, ResidenceKind};
use super::institution::Institution;
use super::params::FilingParams;
use super::region::{Region, Scale};
use crate::codes::Class;
use crate::refusal::{Reason, Refusal, Refusals};

/// A registration of residence elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residence {
    /// Kind of person.
    pub kind: ResidenceKind,
    /// How bills are to be settled.
    pub mode: ClaimMode,
    /// Destination of a direct filing; place of residence for claims.
    pub region: Region,
    /// How it reached the agency.
    pub channel: FilingChannel,
    /// Papers shown.
    pub papers: Vec<FilingPaper>,
    /// Institutions chosen for claims.
    pub institutions: Vec<Institution>,
}

/// What the agency knows of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// Class of the enrolment.
    pub class: Class,
    /// Nothing of the kind was registered before (首次办理).
    pub first: bool,
}

impl Residence {
    /// Checks the registration.
    ///
    /// # Errors
    /// Every failing condition: `RULE_NOT_DEFINED` for kinds and channels the outline does not list, `CLASS_NOT_ELIGIBLE`,
    /// `VALUE_NOT_ALLOWED` for destination and institutions, `EVIDENCE_NOT_ACCEPTED` and `WRONG_DESK` of a first filing.
    pub fn check(&self, applicant: Applicant, params: &FilingParams) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        self.check_kind(applicant.class, params, &mut refusals);
        if !self.region.is_elsewhere() {
            let refusal = Refusal::new(Reason::ValueNotAllowed, "the place lies in the city").at("region");
            refusals.push(refusal.by("J-10.1.1-a"));
        }
        match self.mode {
            ClaimMode::Direct => self.check_direct(params, &mut refusals),
            ClaimMode::SelfPaid => self.check_self_paid(params, &mut refusals),
        }
        if applicant.first {
            self.check_first(&mut refusals);
        }
        refusals.into_result()
    }

    fn check_kind(&self, class: Class, params: &FilingParams, refusals: &mut Refusals) {
        if self.kind == ResidenceKind::Other {
            refusals.push(Refusal::from(params.others.clone()).at("residence_kind"));
            return;
        }
        let listed = match self.mode {
            ClaimMode::Direct => &params.direct_kinds,
            ClaimMode::SelfPaid => &params.self_paid_kinds,
        };
        if !listed.value.contains(&self.kind) {
            let detail = format!("persons of kind {} are not listed", self.kind);
            let refusal = Refusal::new(Reason::RuleNotDefined, detail).at("residence_kind");
            refusals.push(refusal.with("residence_kind", self.kind).by(listed.reference.rule_id.clone()));
        }
        let student = matches!(self.kind, ResidenceKind::StudentWithParents | ResidenceKind::StudentAtOrigin);
        if student && class != Class::StudentChild {
            let detail = "the person is not insured as a student or child";
            refusals.push(Refusal::new(Reason::ClassNotEligible, detail).at("residence_kind").by("J-10.1.1-a"));
        }
    }

    /// J-10.2.1-b: to a prefecture city or a province, by the channels named.
    fn check_direct(&self, params: &FilingParams, refusals: &mut Refusals) {
        if self.region.scale() == Scale::County {
            let detail = "the destination is a prefecture city or a province";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("region").by("J-10.2.1-b"));
        }
        let channels = &params.direct_channels;
        if !channels.value.contains(&self.channel) {
            let refusal = Refusal::new(Reason::RuleNotDefined, "the channel is not named").at("channel");
            refusals.push(refusal.by(channels.reference.rule_id.clone()));
        }
        if !self.institutions.is_empty() {
            let detail = "institutions are chosen for self-paid claims alone";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("institutions").by("J-10.2.2-a"));
        }
    }

    /// J-10.2.2-a: at the agency, with one to four designated institutions at the place of residence.
    fn check_self_paid(&self, params: &FilingParams, refusals: &mut Refusals) {
        let refuse = |detail: String| {
            Refusal::new(Reason::ValueNotAllowed, detail).by(params.most_institutions.reference.rule_id.clone())
        };
        if self.channel != FilingChannel::AgencyWindow {
            refusals.push(wrong_desk("it is registered at the agency of the insured place").by("J-10.2.2-a"));
        }
        let (fewest, most) = (params.fewest_institutions.value, params.most_institutions.value);
        if !u32::try_from(self.institutions.len()).is_ok_and(|count| (fewest..=most).contains(&count)) {
            let count = self.institutions.len();
            let refusal = refuse(format!("{fewest} to {most} institutions are chosen")).at("institutions");
            refusals.push(refusal.with("count", count).with("fewest", fewest).with("most", most));
        }
        let least = params.institution_level.value;
        if !self.institutions.iter().any(|institution| institution.level.is_some_and(|level| level >= least)) {
            let detail = format!("none of the institutions is of {least} or higher");
            refusals.push(refuse(detail).at("institutions").with("least_level", least));
        }
        for (index, institution) in self.institutions.iter().enumerate() {
            let at = |field: &str| format!("institutions[{index}].{field}");
            if !institution.designated {
                refusals.push(refuse("the institution is not designated".to_owned()).at(at("designated")));
            }
            if !self.region.contains(&institution.region) {
                refusals.push(refuse("the institution lies elsewhere than the person".to_owned()).at(at("region")));
            }
            let earlier = &self.institutions[..index];
            if earlier.iter().any(|other| other.provider_code == institution.provider_code) {
                refusals.push(refuse("the institution is named twice".to_owned()).at(at("provider_code")));
            }
        }
    }

    /// J-10.2.1-c: card and papers, at the agency of the insured place.
    fn check_first(&self, refusals: &mut Refusals) {
        for paper in [FilingPaper::SocialSecurityCard, FilingPaper::RelatedPapers] {
            if !self.papers.contains(&paper) {
                let detail = format!("the first registration needs the paper {paper}");
                let refusal = Refusal::new(Reason::EvidenceNotAccepted, detail).at("papers");
                refusals.push(refusal.with("paper", paper).by("J-10.2.1-c"));
            }
        }
        if self.mode == ClaimMode::Direct && self.channel != FilingChannel::AgencyWindow {
            refusals.push(wrong_desk("the first registration is filed at the agency").by("J-10.2.1-c"));
        }
    }
}

fn wrong_desk(detail: &str) -> Refusal {
    Refusal::new(Reason::WrongDesk, detail).at("channel").with("right_desk", FilingChannel::AgencyWindow)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, institution, params, reasons, region};
    use super::*;
    use crate::codes::ProviderLevel::{One, Three};

    const KNOWN: Applicant = Applicant { class: Class::Adult, first: false };

    fn direct(kind: ResidenceKind) -> Residence {
        Residence { kind, mode: ClaimMode::Direct, institutions: Vec::new(), ..fixtures::residence() }
    }

    /// J-10.2.1-a, J-10.1.1-a, AMB-134: a resettled person who is not retired registers for claims alone.
    #[test]
    fn each_list_has_its_own_persons() {
        assert_eq!(direct(ResidenceKind::ResettledRetiree).check(KNOWN, &params()), Ok(()));
        let refused = direct(ResidenceKind::Resettled).check(KNOWN, &params());
        assert_eq!(reasons(&refused), [(Reason::RuleNotDefined, "J-10.2.1-a")]);
        let claims = Residence { kind: ResidenceKind::Resettled, ..fixtures::residence() };
        assert_eq!(claims.check(KNOWN, &params()), Ok(()));
    }

    /// J-10.2.1-a: temporary travellers are not listed.
    #[test]
    fn travellers_are_not_listed() {
        let refused = direct(ResidenceKind::TemporaryTraveller).check(KNOWN, &params());
        assert_eq!(reasons(&refused), [(Reason::RuleNotDefined, "J-10.2.1-a")]);
        let claims = Residence { kind: ResidenceKind::TemporaryTraveller, ..fixtures::residence() };
        assert_eq!(reasons(&claims.check(KNOWN, &params())), [(Reason::RuleNotDefined, "J-10.1.1-a")]);
    }

    /// J-10.5.3-a.
    #[test]
    fn nobody_else_is_provided_for() {
        let refused = direct(ResidenceKind::Other).check(KNOWN, &params());
        assert_eq!(reasons(&refused), [(Reason::RuleNotDefined, "J-10.5.3-a")]);
    }

    /// J-10.1.1-a: students and children live elsewhere with their parents, adults do not.
    #[test]
    fn students_are_insured_as_students() {
        let student = direct(ResidenceKind::StudentWithParents);
        assert_eq!(reasons(&student.check(KNOWN, &params())), [(Reason::ClassNotEligible, "J-10.1.1-a")]);
        let child = Applicant { class: Class::StudentChild, first: false };
        assert_eq!(student.check(child, &params()), Ok(()));
    }

    /// J-10.2.1-b: a city or a province, not a county, and not this city.
    #[test]
    fn the_destination_is_a_city_or_a_province() {
        let to = |code: &str| {
            let filing = Residence { region: region(code), ..direct(ResidenceKind::LongTermResident) };
            reasons(&filing.check(KNOWN, &params()))
        };
        assert_eq!(to("130000"), []);
        assert_eq!(to("130100"), []);
        assert_eq!(to("130102"), [(Reason::ValueNotAllowed, "J-10.2.1-b")]);
        assert_eq!(to("120100"), [(Reason::ValueNotAllowed, "J-10.1.1-a")]);
    }

    /// J-10.2.1-c: without the card the first filing is refused, later ones are not.
    #[test]
    fn the_first_filing_shows_card_and_papers_at_the_agency() {
        let first = Applicant { first: true, ..KNOWN };
        let bare = Residence { papers: Vec::new(), ..direct(ResidenceKind::PostedStaff) };
        assert_eq!(reasons(&bare.check(first, &params())), [(Reason::EvidenceNotAccepted, "J-10.2.1-c"); 2]);
        assert_eq!(bare.check(KNOWN, &params()), Ok(()));
        let online = Residence { channel: FilingChannel::CityServicePlatform, ..direct(ResidenceKind::PostedStaff) };
        assert_eq!(online.check(KNOWN, &params()), Ok(()));
        assert_eq!(reasons(&online.check(first, &params())), [(Reason::WrongDesk, "J-10.2.1-c")]);
    }

    /// J-10.2.2-a: {level 1, level 1} refused; {level 1, level 3} accepted; 0 and 5 refused.
    #[test]
    fn one_to_four_institutions_are_chosen() {
        let choosing = |levels: &[_]| {
            let chosen = levels.iter().enumerate().map(|(index, level)| institution(&format!("H{index}"), *level));
            let filing = Residence { institutions: chosen.collect(), ..fixtures::residence() };
            reasons(&filing.check(KNOWN, &params()))
        };
        let refused = (Reason::ValueNotAllowed, "J-10.2.2-a");
        assert_eq!(choosing(&[One, One]), [refused]);
        assert_eq!(choosing(&[One, Three]), []);
        assert_eq!(choosing(&[Three; 4]), []);
        assert_eq!(choosing(&[Three; 5]), [refused]);
        assert_eq!(choosing(&[]), [refused, refused]);
    }

    /// J-10.2.2-a: designated, at the place of residence, each once; registered at the agency.
    #[test]
    fn the_institutions_are_designated_and_near() {
        let far = Institution { region: region("310101"), designated: false, ..institution("H1", Three) };
        let filing = Residence { institutions: vec![far.clone(), far], ..fixtures::residence() };
        assert_eq!(reasons(&filing.check(KNOWN, &params())), [(Reason::ValueNotAllowed, "J-10.2.2-a"); 5]);
        let online = Residence { channel: FilingChannel::CityServicePlatform, ..fixtures::residence() };
        assert_eq!(reasons(&online.check(KNOWN, &params())), [(Reason::WrongDesk, "J-10.2.2-a")]);
    }
}
