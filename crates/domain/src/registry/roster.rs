//! Lists of persons (数据集): whose duty each kind is, which identities it may name, and when it is due.

use chrono::{Days, NaiveDate};

use crate::codes::{Identity, Office, RosterKind};
use crate::effective::Effective;
use crate::refusal::{Reason, Refusal};

/// What the documents of a year say of one kind of list.
#[derive(Clone, Debug, PartialEq)]
pub struct DataSet {
    /// Kind.
    pub kind: RosterKind,
    /// Offices that collect and push it (J-A1.3-f to -p, B-8.2.5-a, B-8.2.6-a).
    pub offices: Effective<Vec<Office>>,
    /// Authority that supplies it, in the outline's words (J-3.2.5-b, AMB-123); `None` where none is named.
    pub supplied_by: Option<Effective<String>>,
    /// Days from list to list, where an operator configured them: the documents say "regularly" (AMB-120).
    pub interval_days: Option<Effective<u32>>,
}

/// The duty of a kind of list.
///
/// # Errors
/// `RULE_NOT_DEFINED` when no document of the year names who supplies it.
pub fn find(kind: RosterKind, sets: &[DataSet]) -> Result<&DataSet, Refusal> {
    sets.iter().find(|set| set.kind == kind).ok_or_else(|| {
        let detail = format!("no document of the year names an office that supplies {kind}");
        Refusal::new(Reason::RuleNotDefined, detail).at("kind").with("parameter", format!("data_set.office.{kind}"))
    })
}

impl DataSet {
    /// Refuses a list from an office that is not its supplier (J-3.2.5-b).
    ///
    /// # Errors
    /// `ROLE_NOT_ALLOWED` naming the offices whose duty it is, and the authority where the outline names one.
    pub fn check_supplier(&self, office: Office) -> Result<(), Refusal> {
        if self.offices.contains(&office) {
            return Ok(());
        }
        let allowed = self.offices.iter().map(|office| office.as_str()).collect::<Vec<_>>().join(",");
        let detail = format!("{} is supplied by {allowed}, not by {office}", self.kind);
        let refusal = Refusal::new(Reason::RoleNotAllowed, detail).at("kind").with("allowed", allowed);
        Err(match &self.supplied_by {
            Some(authority) => refusal.with("supplied_by", &authority.value).by(authority.reference.rule_id.clone()),
            None => refusal.by(self.offices.reference.rule_id.clone()),
        })
    }

    /// The next day due: an interval after the last list or, before the first one, the day the interval began.
    #[must_use]
    pub fn maybe_due_on(&self, last_on: Option<NaiveDate>) -> Option<NaiveDate> {
        let interval = self.interval_days.as_ref()?;
        match last_on {
            None => Some(interval.since),
            Some(last_on) => last_on.checked_add_days(Days::new(u64::from(interval.value))),
        }
    }
}

/// The identities that a list asserts of those it names; none for a list that asserts nothing.
#[must_use]
pub const fn identities(kind: RosterKind) -> &'static [Identity] {
    match kind {
        RosterKind::SubsistenceAllowance => &[Identity::SubsistenceAllowance],
        RosterKind::LowIncome => &[Identity::LowIncome],
        RosterKind::ExtremePoverty => &[Identity::UrbanExtremePoverty, Identity::RuralExtremePoverty],
        RosterKind::OtherAid => &[
            Identity::SingleParentFamily,
            Identity::LostOnlyChildFamily,
            Identity::OtherSpecialHardship,
            Identity::LowIncomePriceSubsidy,
            Identity::ChildInDifficulty,
            Identity::Orphan,
            Identity::HivInfectedChild,
            Identity::DeFactoUnattendedChild,
            Identity::SpecialFamilyStudent,
        ],
        RosterKind::SevereDisability => &[Identity::SevereDisability],
        RosterKind::EntitledGroups => &[
            Identity::EntitledGroup,
            Identity::EntitledWithMedicalSubsidy,
            Identity::MartyrSurvivor,
            Identity::DutyDeathSoldierSurvivor,
            Identity::OldDemobilisedSoldier,
            Identity::IllnessDeathSoldierSurvivor,
            Identity::DisabledSoldierGrade7To10,
            Identity::ReturnedVeteranWithIllness,
            Identity::WarOrTestVeteran,
        ],
        RosterKind::CadreSpouses => &[Identity::CadreSpouse, Identity::CadreSurvivingSpouse],
        RosterKind::StudentLoans => &[Identity::StudentLoan],
        RosterKind::Students
        | RosterKind::Population
        | RosterKind::Deaths
        | RosterKind::Payments
        | RosterKind::Enrolment => &[],
    }
}

/// Whether accepting a list changes the registry: identities are asserted, deaths recorded, persons enrolled. The
/// others are data to compare with.
#[must_use]
pub const fn has_effect(kind: RosterKind) -> bool {
    matches!(kind, RosterKind::Deaths | RosterKind::Enrolment) || !identities(kind).is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::authority;
    use super::*;
    use crate::dates::written::day;

    fn set(kind: RosterKind, office: Office, rule_id: &'static str) -> DataSet {
        DataSet { kind, offices: Effective::printed(vec![office], rule_id), supplied_by: None, interval_days: None }
    }

    fn disabled() -> DataSet {
        DataSet {
            supplied_by: Some(Effective::printed("市残联".to_owned(), "J-3.2.5-b")),
            ..set(RosterKind::SevereDisability, Office::DisabledPersonsFederation, "J-A1.3-m")
        }
    }

    /// J-3.2.5-b, the catalogue's example; J-A1.3-m.
    #[test]
    fn severe_disability_does_not_come_from_civil_affairs() {
        assert_eq!(disabled().check_supplier(Office::DisabledPersonsFederation), Ok(()));
        let refusal = disabled().check_supplier(Office::CivilAffairs).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some("J-3.2.5-b")));
        let facts = [("allowed", "DISABLED_PERSONS_FEDERATION".to_owned()), ("supplied_by", "市残联".to_owned())];
        assert_eq!(refusal.metadata, facts);
    }

    /// J-A1.3-f, the catalogue's example.
    #[test]
    fn students_do_not_come_from_a_township() {
        let students = set(RosterKind::Students, Office::Education, "J-A1.3-f");
        let refusal = students.check_supplier(Office::Township).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some("J-A1.3-f")));
        assert_eq!(find(RosterKind::Deaths, &[students]).unwrap_err().reason, Reason::RuleNotDefined);
    }

    /// AMB-120.
    #[test]
    fn a_list_is_due_only_where_an_interval_is_configured() {
        assert_eq!(disabled().maybe_due_on(Some(day("2021-01-01"))), None);
        let monthly = DataSet { interval_days: Some(Effective::printed(30, "J-A1.3-b")), ..disabled() };
        assert_eq!(monthly.maybe_due_on(Some(day("2021-01-01"))), Some(day("2021-01-31")));
        assert_eq!(monthly.maybe_due_on(None), monthly.interval_days.as_ref().map(|interval| interval.since));
    }

    /// J-3.2.5-b: every identity comes with exactly one kind of list.
    #[test]
    fn every_identity_has_its_list() {
        for identity in Identity::ALL {
            let kinds = RosterKind::ALL.iter().filter(|kind| identities(**kind).contains(identity));
            assert_eq!(kinds.count(), 1, "{identity}");
        }
        for kind in RosterKind::ALL {
            let offices: Vec<_> = identities(*kind).iter().map(|identity| authority::of(*identity)).collect();
            assert!(offices.windows(2).all(|pair| pair[0] == pair[1]), "{kind} mixes authorities");
        }
        assert!(has_effect(RosterKind::LowIncome) && has_effect(RosterKind::Deaths));
        assert!(!has_effect(RosterKind::Students) && !has_effect(RosterKind::Population));
    }
}
