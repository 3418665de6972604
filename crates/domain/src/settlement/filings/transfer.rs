//! Transfers: out of the city (J-10.1.3-a), and inside the province of residence (J-10.2.2-b).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::codes::{ClaimMode, TransferRoute};
use super::institution::{Institution, is_of_highest_level};
use super::params::FilingParams;
use super::residence::Residence;
use crate::dates::add_months;
use crate::refusal::{Reason, Refusal, Refusals};

/// A transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Way.
    pub route: TransferRoute,
    /// Institution that issued it.
    pub issuer_code: String,
    /// That institution is a hospital of the city responsible for transfers (本市转诊转院责任医院).
    pub issuer_responsible: bool,
    /// Institution that receives the person.
    pub target: Institution,
    /// That institution is networked across provinces (跨省异地就医联网).
    pub target_networked: bool,
    /// How the stay is to be settled.
    pub mode: ClaimMode,
}

impl Transfer {
    /// Checks a transfer; `residence` is the registration for self-paid claims in force on its day.
    ///
    /// # Errors
    /// Every failing condition: `EVIDENCE_NOT_ACCEPTED` for an issuer who may not transfer, `CLASS_NOT_ELIGIBLE` for a target
    /// that may not receive, `VALUE_NOT_ALLOWED` for a target in the city.
    pub fn check(&self, residence: Option<&Residence>, params: &FilingParams) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        match self.route {
            TransferRoute::OutOfCity => self.check_out_of_city(params, &mut refusals),
            TransferRoute::WithinProvinceOfResidence => self.check_within_province(residence, &mut refusals),
        }
        if !self.target.designated {
            let refusal = Refusal::new(Reason::ClassNotEligible, "the receiving institution is not designated");
            refusals.push(refusal.at("target.designated").by(self.rule_id()));
        }
        refusals.into_result()
    }

    const fn rule_id(&self) -> &'static str {
        match self.route {
            TransferRoute::OutOfCity => "J-10.1.3-a",
            TransferRoute::WithinProvinceOfResidence => "J-10.2.2-b",
        }
    }

    fn check_out_of_city(&self, params: &FilingParams, refusals: &mut Refusals) {
        if !self.issuer_responsible {
            let detail = "the transfer is issued by a hospital of the city responsible for transfers";
            let refusal = Refusal::new(Reason::EvidenceNotAccepted, detail).at("issuer_responsible");
            refusals.push(refusal.by("J-10.1.3-a"));
        }
        let least = &params.transfer_level;
        if self.target.level.is_none_or(|level| level < least.value) {
            let detail = format!("the receiving institution is of {} or higher", least.value);
            let refusal = Refusal::new(Reason::ClassNotEligible, detail).at("target.level");
            refusals.push(refusal.with("least_level", least.value).by(least.reference.rule_id.clone()));
        }
        if !self.target.region.is_elsewhere() {
            let detail = "the receiving institution lies in the city";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("target.region").by("J-10.1.3-a"));
        }
        // Only direct settlement needs the network; a bill that the person pays does not.
        if self.mode == ClaimMode::Direct && !self.target_networked {
            let detail = "the receiving institution is chosen among those networked across provinces";
            let refusal = Refusal::new(Reason::ClassNotEligible, detail).at("target_networked");
            refusals.push(refusal.by("J-10.2.1-d"));
        }
    }

    fn check_within_province(&self, residence: Option<&Residence>, refusals: &mut Refusals) {
        let Some(residence) = residence else {
            let detail = "no registration for self-paid claims is in force whose institution could issue an opinion";
            let refusal = Refusal::new(Reason::EvidenceNotAccepted, detail).at("transfer_date");
            refusals.push(refusal.by("J-10.2.2-b"));
            return;
        };
        if !is_of_highest_level(&residence.institutions, &self.issuer_code) {
            let detail = "the opinion is issued by the chosen institution of the highest level";
            let refusal = Refusal::new(Reason::EvidenceNotAccepted, detail).at("issuer_code");
            refusals.push(refusal.by("J-10.2.2-b"));
        }
        if !residence.region.shares_province(&self.target.region) {
            let detail = "the receiving institution lies in another province than the residence";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("target.region").by("J-10.2.2-b"));
        }
    }
}

/// Last day of a transfer: the anniversary of its formalities (J-10.2.2-d).
#[must_use]
pub fn last_day(filed_on: NaiveDate, params: &FilingParams) -> NaiveDate {
    add_months(filed_on, params.transfer_months.value)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{self, institution, params, reasons, region, transfer};
    use super::*;
    use crate::codes::ProviderLevel;
    use crate::dates::written::day;

    fn refused(transfer: &Transfer, residence: Option<&Residence>) -> Vec<(Reason, &'static str)> {
        reasons(&transfer.check(residence, &params()))
    }

    /// J-10.1.3-a: a transfer to a level 1 institution is refused.
    #[test]
    fn a_transfer_leads_to_level_2_or_higher() {
        assert_eq!(refused(&transfer(), None), []);
        let to = |level| {
            let target = Institution { level, ..transfer().target };
            refused(&Transfer { target, ..transfer() }, None)
        };
        assert_eq!(to(Some(ProviderLevel::Two)), []);
        assert_eq!(to(Some(ProviderLevel::One)), [(Reason::ClassNotEligible, "J-10.1.3-a")]);
        assert_eq!(to(None), [(Reason::ClassNotEligible, "J-10.1.3-a")]);
    }

    /// J-10.1.3-a: by a responsible hospital, to a designated institution elsewhere; every reason is told.
    #[test]
    fn a_responsible_hospital_issues_it() {
        let target = Institution { designated: false, region: region("120100"), ..transfer().target };
        let wrong = Transfer { issuer_responsible: false, target, ..transfer() };
        let expected = [Reason::EvidenceNotAccepted, Reason::ValueNotAllowed, Reason::ClassNotEligible];
        assert_eq!(refused(&wrong, None), expected.map(|reason| (reason, "J-10.1.3-a")));
    }

    /// J-10.2.1-d: direct settlement needs a networked target, a self-paid bill does not.
    #[test]
    fn direct_settlement_needs_the_network() {
        let apart = Transfer { target_networked: false, ..transfer() };
        assert_eq!(refused(&apart, None), [(Reason::ClassNotEligible, "J-10.2.1-d")]);
        assert_eq!(refused(&Transfer { mode: ClaimMode::SelfPaid, ..apart }, None), []);
    }

    /// J-10.2.2-b: the opinion comes from the chosen institution of the highest level, and stays in the province.
    #[test]
    fn the_chosen_institution_of_the_highest_level_transfers_in_the_province() {
        let residence = Residence {
            institutions: vec![institution("H1", ProviderLevel::One), institution("H2", ProviderLevel::Two)],
            ..fixtures::residence()
        };
        let within = |issuer: &str, code: &str| {
            let target = Institution { region: region(code), ..transfer().target };
            let route = TransferRoute::WithinProvinceOfResidence;
            Transfer { route, issuer_code: issuer.to_owned(), issuer_responsible: false, target, ..transfer() }
        };
        assert_eq!(refused(&within("H2", "130202"), Some(&residence)), []);
        let opinion = (Reason::EvidenceNotAccepted, "J-10.2.2-b");
        assert_eq!(refused(&within("H1", "130202"), Some(&residence)), [opinion]);
        assert_eq!(refused(&within("H9", "130202"), Some(&residence)), [opinion]);
        assert_eq!(refused(&within("H2", "130202"), None), [opinion]);
        assert_eq!(refused(&within("H2", "310101"), Some(&residence)), [(Reason::ValueNotAllowed, "J-10.2.2-b")]);
    }

    /// J-10.2.2-d: a transfer of 2021-03-10 is valid to 2022-03-10, that day included.
    #[test]
    fn a_transfer_lasts_to_its_anniversary() {
        assert_eq!(last_day(day("2021-03-10"), &params()), day("2022-03-10"));
        assert_eq!(last_day(day("2020-02-29"), &params()), day("2021-02-28"));
    }
}
