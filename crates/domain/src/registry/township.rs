//! The two townships of an enrolment: in whose figures it counts, which follows the person, and at whose service it was
//! filed, which stays (J-3.4.2-b).

use super::application::Application;
use super::unit::Unit;
use crate::codes::Desk;

/// The unit in whose figures an enrolment counts: that of the filing unit, otherwise the person's own township.
#[must_use]
pub fn maybe_counted_in(application: &Application) -> Option<String> {
    let of_unit = application.unit.as_ref().and_then(Unit::maybe_counted_in);
    of_unit.or_else(|| maybe_own(application)).map(str::to_owned)
}

/// The township whose service takes the application: the one named, the filing village's, otherwise the person's own;
/// `None` at other desks.
#[must_use]
pub fn maybe_of_desk(application: &Application) -> Option<String> {
    if !matches!(application.desk, Desk::TownshipService | Desk::CommunityWorkstation) {
        return None;
    }
    let of_village = application.unit.as_ref().and_then(|unit| unit.township.as_deref());
    let named = application.desk_township.as_deref().or(of_village);
    named.or_else(|| maybe_own(application)).map(str::to_owned)
}

fn maybe_own(application: &Application) -> Option<&str> {
    application.circumstances.maybe_township_in(application.desk_district)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{farmer, village};
    use super::*;
    use crate::codes::{District, Office};

    /// J-3.4.2-b: the service that is named took it, whatever village files and wherever the person belongs.
    #[test]
    fn the_named_service_comes_first() {
        let named = Application { desk_township: Some("120118.9".to_owned()), ..farmer() };
        assert_eq!(maybe_of_desk(&named).as_deref(), Some("120118.9"));
        let by_village = Application { unit: Some(village("120118.5")), ..named };
        assert_eq!(maybe_of_desk(&by_village).as_deref(), Some("120118.9"));
    }

    /// J-3.4.2-b: a village files at its own township (J-3.2.2-a), otherwise it was the person's.
    #[test]
    fn without_a_name_it_is_the_villages_or_the_persons_own() {
        let by_village = Application { unit: Some(village("120118.5")), ..farmer() };
        assert_eq!(maybe_of_desk(&by_village).as_deref(), Some("120118.5"));
        for desk in [Desk::TownshipService, Desk::CommunityWorkstation] {
            assert_eq!(maybe_of_desk(&Application { desk, ..farmer() }).as_deref(), Some("120118.4"), "{desk}");
        }
        // Of a person who belongs to another district nothing says which service of this one it was.
        let elsewhere = Application { desk_district: District::Baodi, ..farmer() };
        assert_eq!(maybe_of_desk(&elsewhere), None);
    }

    /// J-3.4.2-a: what a branch registered it changes itself; the township it counts towards is no desk of it.
    #[test]
    fn a_branch_leaves_no_township() {
        let desk_township = Some("120118.4".to_owned());
        let (desk, office) = (Desk::DistrictSocialInsuranceBranch, Office::SocialInsurance);
        let at_branch = Application { desk, office, desk_township, unit: Some(village("120118.4")), ..farmer() };
        assert_eq!(maybe_of_desk(&at_branch), None);
        assert_eq!(maybe_counted_in(&at_branch).as_deref(), Some("120118.4"));
    }
}
