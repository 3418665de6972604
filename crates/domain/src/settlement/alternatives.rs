//! What else the person could have done about a bill: gone to another level of hospital, had a transfer filed, signed a
//! family doctor. Only what the law has a rule for; whether the rule pays is for the rules to say.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::bill::Bill;
use super::care::{CareKind, OutOfArea, Place, ProviderKind};
use super::case::Standing;
use super::outpatient::params::FamilyDoctorScope;
use crate::codes::{ProviderLevel, UnknownCode, codes};
use crate::money::Fen;

codes! {
    /// What would have been otherwise.
    AlternativeKind {
        /// Care at a level 1 hospital (J-5.1.T-a).
        LevelOne = "LEVEL_1",
        /// Care at a level 2 hospital (J-5.1.T-b); outpatient care at a registered one (J-7-2).
        LevelTwo = "LEVEL_2",
        /// Care at a level 3 hospital (J-5.1.T-c).
        LevelThree = "LEVEL_3",
        /// Care elsewhere with a transfer filed (J-10.3.2-b).
        TransferFiled = "TRANSFER_FILED",
        /// A family doctor signed: of outpatient care, or of what the points are read to be of (J-5.1.4-a, AMB-059).
        FamilyDoctor = "FAMILY_DOCTOR",
    }
}

impl AlternativeKind {
    /// What a person reads, in Chinese.
    #[must_use]
    pub const fn text_zh(self) -> &'static str {
        match self {
            Self::LevelOne => "如在一级医院就医",
            Self::LevelTwo => "如在二级医院就医（门急诊须为已登记的二级医院）",
            Self::LevelThree => "如在三级医院就医",
            Self::TransferFiled => "如已办理转外就医手续",
            Self::FamilyDoctor => "如已签约家庭医生",
        }
    }

    /// The same with what the person would pay more or less, in yuan.
    #[must_use]
    pub fn text_with(self, person_difference: Fen) -> String {
        let text = self.text_zh();
        match person_difference {
            Fen::ZERO => format!("{text}，个人负担不变"),
            more if more > Fen::ZERO => format!("{text}，个人多负担{more}元"),
            less => format!("{text}，个人少负担{}元", -less),
        }
    }

    const fn of_level(level: ProviderLevel) -> Self {
        match level {
            ProviderLevel::One => Self::LevelOne,
            ProviderLevel::Two => Self::LevelTwo,
            ProviderLevel::Three => Self::LevelThree,
        }
    }
}

/// A bill as it might have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// In what it differs.
    pub kind: AlternativeKind,
    /// The bill.
    pub bill: Bill,
    /// What registers would say.
    pub standing: Standing,
}

/// The alternatives of a bill, in the order of their codes; `points` is what the points of a family doctor are read to be of,
/// `None` where the law has none.
#[must_use]
pub fn alternatives(bill: &Bill, standing: Standing, points: Option<FamilyDoctorScope>) -> Vec<Alternative> {
    let mut found = at_other_levels(bill, standing);
    found.extend(with_a_transfer(bill, standing));
    found.extend(points.and_then(|scope| with_a_family_doctor(bill, standing, scope)));
    found
}

/// A supplied burden has no rate of a hospital, and a pharmacy or a village clinic is no level of one. A transfer goes to
/// level 2 or higher (J-10.1.3-a), and on to a partner at the rate of whoever received it (AMB-074).
fn at_other_levels(bill: &Bill, standing: Standing) -> Vec<Alternative> {
    let hospital = matches!(bill.provider.kind, ProviderKind::Hospital | ProviderKind::CommunityHealthCentre);
    let Some(own) = bill.provider.level.filter(|_| hospital && bill.kind != CareKind::SuppliedBurden) else {
        return Vec::new();
    };
    let at = |level: ProviderLevel| {
        let mut bill = bill.clone();
        bill.provider.kind = ProviderKind::Hospital;
        bill.provider.level = Some(level);
        // Of level 2 hospitals the law pays outpatient care at the registered ones alone (J-7-2).
        bill.provider.reform_registered = level == ProviderLevel::Two && bill.settled_as() == CareKind::Outpatient;
        Alternative { kind: AlternativeKind::of_level(level), bill, standing }
    };
    let receives = |level: ProviderLevel| match &bill.place {
        Place::Elsewhere { category: OutOfArea::ApprovedTransfer, .. } => level >= ProviderLevel::Two,
        Place::Elsewhere { category: OutOfArea::TransferPartner, .. } => false,
        _ => true,
    };
    ProviderLevel::ALL.iter().copied().filter(|level| *level != own && receives(*level)).map(at).collect()
}

/// A transfer goes to a designated institution of level 2 or higher (J-10.1.3-a), from whoever went without one. Whom a
/// register confirms is paid as in the city (J-10.3.2-a) or has a transfer, so that another would gain nothing; whom none
/// does has chosen the institution, for whatever reason (J-10.3.2-d). A partner receives only who has a transfer.
fn with_a_transfer(bill: &Bill, standing: Standing) -> Option<Alternative> {
    let Place::Elsewhere { category, region, .. } = &bill.place else { return None };
    let without = match category {
        OutOfArea::SelfChosen => true,
        OutOfArea::TransferPartner => false,
        _ => !standing.elsewhere,
    };
    let target = bill.provider.designated && bill.provider.level.is_some_and(|level| level >= ProviderLevel::Two);
    (without && target).then(|| {
        let category = OutOfArea::ApprovedTransfer;
        let place = Place::Elsewhere { category, region: region.clone(), receiving_level: None };
        Alternative {
            kind: AlternativeKind::TransferFiled,
            bill: Bill { place, ..bill.clone() },
            standing: Standing { elsewhere: true, ..standing },
        }
    })
}

/// Whoever has a contract gains by another one only where it has to be with the provider of the bill (AMB-059).
fn with_a_family_doctor(bill: &Bill, standing: Standing, scope: FamilyDoctorScope) -> Option<Alternative> {
    let without = match (bill.settled_as(), scope) {
        (CareKind::Outpatient, FamilyDoctorScope::SignedInstitution) => !standing.family_doctor_here,
        (CareKind::Outpatient, _) => !standing.family_doctor,
        (
            CareKind::Inpatient | CareKind::SpecialOutpatient | CareKind::HomeBed | CareKind::EmergencyObservation,
            FamilyDoctorScope::AllCare,
        ) => !standing.family_doctor,
        _ => false,
    };
    without.then(|| Alternative {
        kind: AlternativeKind::FamilyDoctor,
        bill: bill.clone(),
        standing: Standing { family_doctor: true, family_doctor_here: true, ..standing },
    })
}

#[cfg(test)]
mod tests {
    use super::super::care::ObservationOutcome;
    use super::super::fixtures;
    use super::*;
    use crate::dates::written::day;

    fn bill() -> Bill {
        fixtures::bill(day("2021-03-01"), Fen::yuan(20_000))
    }

    fn kinds(bill: &Bill, standing: Standing) -> Vec<AlternativeKind> {
        alternatives(bill, standing, Some(FamilyDoctorScope::Outpatient))
            .iter()
            .map(|alternative| alternative.kind)
            .collect()
    }

    /// J-5.1.T-a and J-5.1.T-b: a stay at level 3 might have been at level 1 or 2.
    #[test]
    fn a_stay_might_have_been_at_another_level() {
        use AlternativeKind::{LevelOne, LevelThree, LevelTwo};
        assert_eq!(kinds(&bill(), Standing::default()), [LevelOne, LevelTwo]);
        let mut centre = bill();
        centre.provider.kind = ProviderKind::CommunityHealthCentre;
        centre.provider.level = Some(ProviderLevel::One);
        assert_eq!(kinds(&centre, Standing::default()), [LevelTwo, LevelThree]);
        for alternative in alternatives(&centre, Standing::default(), None) {
            assert_eq!(alternative.bill.provider.kind, ProviderKind::Hospital);
            assert!(!alternative.bill.provider.reform_registered);
            assert_eq!(alternative.bill.total, centre.total);
        }
        // J-10.1.3-a: a transfer goes to level 2 or higher; AMB-074: a partner is paid at the rate of another institution.
        for (category, expected) in [
            (OutOfArea::ApprovedTransfer, vec![LevelTwo]),
            (OutOfArea::TransferPartner, vec![]),
            (OutOfArea::Residence, vec![LevelOne, LevelTwo]),
        ] {
            let region = "110000".to_owned();
            let place = Place::Elsewhere { category, region, receiving_level: Some(ProviderLevel::Three) };
            let standing = Standing { elsewhere: true, ..Standing::default() };
            assert_eq!(kinds(&Bill { place, ..bill() }, standing), expected);
        }
        // An ungraded institution, a pharmacy, a supplied burden: the law has no other level for them.
        let mut ungraded = bill();
        ungraded.provider.level = None;
        assert_eq!(kinds(&ungraded, Standing::default()), []);
        let mut pharmacy = bill();
        pharmacy.provider.kind = ProviderKind::RetailPharmacy;
        assert_eq!(kinds(&pharmacy, Standing::default()), []);
        assert_eq!(kinds(&Bill { kind: CareKind::SuppliedBurden, ..bill() }, Standing::default()), []);
    }

    /// J-7-2: outpatient care at level 2 is paid at registered hospitals; J-5.1.4-a: a family doctor adds 200.
    #[test]
    fn a_visit_might_have_been_with_a_family_doctor() {
        use AlternativeKind::{FamilyDoctor, LevelOne, LevelTwo};
        let visit = Bill { kind: CareKind::Outpatient, ..bill() };
        let points = Some(FamilyDoctorScope::Outpatient);
        let found = alternatives(&visit, Standing::default(), points);
        let registered: Vec<_> =
            found.iter().map(|found| (found.kind, found.bill.provider.reform_registered)).collect();
        assert_eq!(registered, [(LevelOne, false), (LevelTwo, true), (FamilyDoctor, false)]);
        // AMB-059: in each reading of whose bonus it is.
        assert!(found[2].standing.family_doctor && found[2].standing.family_doctor_here);
        // AMB-068: sent home after an observation is an outpatient, too.
        let mut observed = Bill { kind: CareKind::EmergencyObservation, ..bill() };
        observed.observation = Some(ObservationOutcome::SentHome);
        assert_eq!(kinds(&observed, Standing::default()), [LevelOne, LevelTwo, FamilyDoctor]);
        assert!(alternatives(&observed, Standing::default(), points)[1].bill.provider.reform_registered);
        observed.observation = Some(ObservationOutcome::Admitted);
        assert_eq!(kinds(&observed, Standing::default()), [LevelOne, LevelTwo]);
        let signed = Standing { family_doctor: true, ..Standing::default() };
        assert_eq!(kinds(&visit, signed), [LevelOne, LevelTwo]);
        assert!(!kinds(&bill(), Standing::default()).contains(&FamilyDoctor));
    }

    /// J-5.1.4-b, AMB-059: each reading of what the points are of, with and without a contract, here and elsewhere.
    #[test]
    fn a_family_doctor_is_offered_where_the_points_are_read() {
        use FamilyDoctorScope::{AllCare, Outpatient, SignedInstitution};
        let none = Standing::default();
        let another = Standing { family_doctor: true, ..none };
        let here = Standing { family_doctor_here: true, ..another };
        let offered = |kind, observation, standing, scope| {
            let bill = Bill { kind, observation, ..bill() };
            alternatives(&bill, standing, scope).iter().any(|it| it.kind == AlternativeKind::FamilyDoctor)
        };
        for (scope, of_visits, of_stays) in [
            (None, [false, false, false], [false, false, false]),
            (Some(Outpatient), [true, false, false], [false, false, false]),
            (Some(SignedInstitution), [true, true, false], [false, false, false]),
            (Some(AllCare), [true, false, false], [true, false, false]),
        ] {
            let found = |kind, observation| [none, another, here].map(|it| offered(kind, observation, it, scope));
            assert_eq!(found(CareKind::Outpatient, None), of_visits, "{scope:?}");
            let observed = |outcome| found(CareKind::EmergencyObservation, Some(outcome));
            assert_eq!(observed(ObservationOutcome::SentHome), of_visits, "{scope:?}");
            assert_eq!(observed(ObservationOutcome::Admitted), of_stays, "{scope:?}");
            for kind in [CareKind::Inpatient, CareKind::SpecialOutpatient, CareKind::HomeBed] {
                assert_eq!(found(kind, None), of_stays, "{kind} {scope:?}");
            }
            // Other insurances have no such points (AMB-087, B-5.1-b).
            for kind in [CareKind::Maternity, CareKind::FamilyPlanning, CareKind::SuppliedBurden] {
                assert_eq!(found(kind, None), [false; 3], "{kind} {scope:?}");
            }
        }
    }

    /// J-10.3.2-b against J-10.3.2-d; J-10.1.3-a: never to a level 1 institution; J-10.3.2-a: not where the city's rates apply.
    #[test]
    fn care_elsewhere_might_have_had_a_transfer() {
        let elsewhere = |category, level| {
            let mut bill = bill();
            bill.place = Place::Elsewhere { category, region: "110000".to_owned(), receiving_level: None };
            bill.provider.level = level;
            bill
        };
        let filed = Standing { elsewhere: true, ..Standing::default() };
        for (category, level, standing, offered) in [
            (OutOfArea::SelfChosen, Some(ProviderLevel::Three), Standing::default(), true),
            (OutOfArea::SelfChosen, Some(ProviderLevel::Two), Standing::default(), true),
            (OutOfArea::SelfChosen, Some(ProviderLevel::One), Standing::default(), false),
            (OutOfArea::SelfChosen, None, Standing::default(), false),
            (OutOfArea::ApprovedTransfer, Some(ProviderLevel::Three), Standing::default(), true),
            (OutOfArea::ApprovedTransfer, Some(ProviderLevel::Three), filed, false),
            (OutOfArea::Residence, Some(ProviderLevel::Three), filed, false),
            (OutOfArea::TemporaryEmergency, Some(ProviderLevel::Three), filed, false),
            (OutOfArea::StudentAtHome, Some(ProviderLevel::Three), filed, false),
            (OutOfArea::Residence, Some(ProviderLevel::Three), Standing::default(), true),
            (OutOfArea::TemporaryEmergency, Some(ProviderLevel::Three), Standing::default(), true),
            (OutOfArea::StudentAtHome, Some(ProviderLevel::Three), Standing::default(), true),
            (OutOfArea::Residence, Some(ProviderLevel::One), Standing::default(), false),
            (OutOfArea::TransferPartner, Some(ProviderLevel::Three), Standing::default(), false),
        ] {
            let bill = elsewhere(category, level);
            let found = alternatives(&bill, standing, None);
            let transfer = found.iter().find(|found| found.kind == AlternativeKind::TransferFiled);
            assert_eq!(transfer.is_some(), offered, "{category} {level:?}");
            if let Some(transfer) = transfer {
                assert!(transfer.standing.elsewhere);
                assert!(matches!(transfer.bill.place, Place::Elsewhere { category: OutOfArea::ApprovedTransfer, .. }));
            }
        }
        assert!(!kinds(&bill(), Standing::default()).contains(&AlternativeKind::TransferFiled));
    }

    #[test]
    fn every_alternative_has_a_text() {
        let text = |fen| AlternativeKind::LevelOne.text_with(Fen::new(fen));
        assert_eq!(text(-195_000), "如在一级医院就医，个人少负担1950.00元");
        assert_eq!(text(5), "如在一级医院就医，个人多负担0.05元");
        assert_eq!(text(0), "如在一级医院就医，个人负担不变");
        assert!(AlternativeKind::ALL.iter().all(|kind| kind.text_zh().starts_with('如')));
    }
}
