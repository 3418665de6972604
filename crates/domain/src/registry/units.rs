//! What a unit of a kind has to have: an institution its kind, a village its township; and who records it.

use crate::codes::{InstitutionKind, Office, UnitKind};
use crate::refusal::{Reason, Refusal};

/// The kind of institution that a unit is; `None` for a unit that is none.
///
/// # Errors
/// `REQUIRED_FIELD_MISSING` for a school or nursery that names none (J-1.1-a, J-1.1-b distinguish them);
/// `VALUE_NOT_ALLOWED` for one that does not go with the kind of unit.
pub fn institution(kind: UnitKind, given: Option<InstitutionKind>) -> Result<Option<InstitutionKind>, Refusal> {
    use InstitutionKind as Of;
    let fitting: &[Of] = match kind {
        UnitKind::School => {
            &[Of::HigherEducation, Of::SecondaryVocational, Of::PrimaryOrSecondary, Of::SpecialEducation, Of::Other]
        }
        UnitKind::Nursery => &[Of::Kindergarten, Of::Nursery, Of::DayCareHome],
        UnitKind::WelfareInstitution => &[Of::WelfareInstitution],
        UnitKind::DetentionFacility => &[Of::DetentionFacility],
        UnitKind::Township
        | UnitKind::Village
        | UnitKind::Community
        | UnitKind::Household
        | UnitKind::SpecialAccount => &[],
    };
    match (given, fitting) {
        (None, []) => Ok(None),
        (None, [only]) => Ok(Some(*only)),
        (None, _) => {
            let detail = format!("a unit of kind {kind} names its kind of institution");
            Err(Refusal::new(Reason::RequiredFieldMissing, detail).at("unit.institution_kind"))
        }
        (Some(given), _) if fitting.contains(&given) => Ok(Some(given)),
        (Some(given), _) => {
            let detail = format!("a unit of kind {kind} is not a {given}");
            Err(Refusal::new(Reason::ValueNotAllowed, detail).at("unit.institution_kind"))
        }
    }
}

/// Checks that what lies in a township names it, and that a township lies in none (J-3.2.2-a, J-3.2.10-a).
///
/// # Errors
/// `REQUIRED_FIELD_MISSING`, `VALUE_NOT_ALLOWED`.
pub fn township(kind: UnitKind, has_township: bool) -> Result<(), Refusal> {
    match (kind, has_township) {
        (UnitKind::Village | UnitKind::Community | UnitKind::Household, false) => {
            let detail = format!("a unit of kind {kind} names its township");
            Err(Refusal::new(Reason::RequiredFieldMissing, detail).at("unit.township"))
        }
        (UnitKind::Township, true) => {
            Err(Refusal::new(Reason::ValueNotAllowed, "a township lies in no township").at("unit.township"))
        }
        _ => Ok(()),
    }
}

/// True for what lies in a township as a part of it and therefore counts where the township does (J-3.2.2-a).
#[must_use]
pub const fn is_part_of_township(kind: UnitKind) -> bool {
    matches!(kind, UnitKind::Village | UnitKind::Community | UnitKind::Household)
}

/// The offices that record units of a kind. The medical insurance bureau records all; which townships and special
/// accounts there are, the documents say, so that it alone does.
#[must_use]
pub const fn offices(kind: UnitKind) -> &'static [Office] {
    use Office as By;
    match kind {
        UnitKind::Village | UnitKind::Community | UnitKind::Household => &[By::MedicalInsurance, By::Township],
        UnitKind::School | UnitKind::Nursery => &[By::MedicalInsurance, By::Education, By::SocialInsurance],
        UnitKind::WelfareInstitution | UnitKind::DetentionFacility => &[By::MedicalInsurance, By::SocialInsurance],
        UnitKind::Township | UnitKind::SpecialAccount => &[By::MedicalInsurance],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_offices() {
        for kind in UnitKind::ALL.iter().copied() {
            assert!(offices(kind).contains(&Office::MedicalInsurance), "{kind}");
            assert_eq!(offices(kind).contains(&Office::Township), is_part_of_township(kind), "{kind}");
        }
        assert!(offices(UnitKind::School).contains(&Office::Education));
        assert!(!offices(UnitKind::WelfareInstitution).contains(&Office::Education));
    }

    /// J-1.1-a, J-1.1-b.
    #[test]
    fn institutions_are_of_their_kind() {
        let school = UnitKind::School;
        assert_eq!(
            institution(school, Some(InstitutionKind::HigherEducation)),
            Ok(Some(InstitutionKind::HigherEducation))
        );
        assert_eq!(institution(school, None).unwrap_err().reason, Reason::RequiredFieldMissing);
        let kindergarten = Some(InstitutionKind::Kindergarten);
        assert_eq!(institution(school, kindergarten).unwrap_err().reason, Reason::ValueNotAllowed);
        assert_eq!(institution(UnitKind::Nursery, kindergarten), Ok(kindergarten));
        let home = Some(InstitutionKind::WelfareInstitution);
        assert_eq!(institution(UnitKind::WelfareInstitution, None), Ok(home));
        assert_eq!(institution(UnitKind::Village, None), Ok(None));
        assert_eq!(institution(UnitKind::Village, home).unwrap_err().reason, Reason::ValueNotAllowed);
    }

    /// J-3.2.2-a: a village belongs to its township.
    #[test]
    fn a_village_lies_in_a_township() {
        assert_eq!(township(UnitKind::Village, false).unwrap_err().reason, Reason::RequiredFieldMissing);
        assert!(township(UnitKind::Village, true).is_ok() && township(UnitKind::School, false).is_ok());
        assert_eq!(township(UnitKind::Township, true).unwrap_err().reason, Reason::ValueNotAllowed);
    }
}
