//! Units that file for their people, and whether a unit may file for somebody.

use super::application::Application;
use super::category::Standing;
use super::desk;
use super::params::{EnrolmentParams, ForeignVillage, Place, PlaceRule};
use crate::codes::{Category, District, UnitKind};
use crate::effective::Effective;
use crate::refusal::{Reason, Refusal, Refusals};

/// A unit as far as enrolment depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Id.
    pub id: String,
    /// Kind.
    pub kind: UnitKind,
    /// District.
    pub district: District,
    /// Township it belongs to; `None` for townships and for units of the whole district.
    pub township: Option<String>,
    /// Unit of the target table it counts towards, where it is another one than the township.
    pub target_unit: Option<String>,
}

impl Unit {
    /// The unit whose figures its people count in: the college is a unit of the target table itself.
    #[must_use]
    pub fn maybe_counted_in(&self) -> Option<&str> {
        let own = (self.kind == UnitKind::Township).then_some(self.id.as_str());
        self.target_unit.as_deref().or(self.township.as_deref()).or(own)
    }

    /// True for units that know their people and vouch for them: institutions and villages (J-3.1-c).
    #[must_use]
    pub const fn vouches(&self) -> bool {
        self.is_institution() || matches!(self.kind, UnitKind::Village)
    }

    /// True for schools, nurseries, welfare institutions and facilities.
    #[must_use]
    pub const fn is_institution(&self) -> bool {
        use UnitKind::{DetentionFacility, Nursery, School, WelfareInstitution};
        matches!(self.kind, School | Nursery | WelfareInstitution | DetentionFacility)
    }
}

/// Checks the unit that files, or that one files where the law asks for it.
///
/// # Errors
/// `CHANNEL_MISMATCH` when somebody of an institution applies alone or through another one (J-3.2.1-a, J-3.2.3-a,
/// J-3.2.4-a, B-7.3.1-a), when an institution files for somebody else, or any other unit for a category that it does not
/// file for or in another district (J-3.2.10-a, B-7.3.2-a); `VALUE_NOT_ALLOWED` for a village that is
/// unknown or of another township (J-3.2.2-a), in 2017 `CHANNEL_MISMATCH` (B-7.3.2-b); `UNIT_NOT_FOUND`.
pub fn decide(standing: &Standing, application: &Application, params: &EnrolmentParams) -> Result<(), Refusals> {
    let place = params.places.iter().find(|rule| rule.category == standing.category);
    match (&application.unit_id, &application.unit) {
        _ if place.is_some_and(|rule| rule.place == Place::Institution) => {
            of_institution(standing, application, params)
        }
        (None, _) => Ok(()),
        (Some(_), None) if standing.category == Category::RuralResident => Err(bad_village(params).into()),
        (Some(_), None) => Err(unknown().into()),
        (Some(_), Some(unit)) if unit.kind == UnitKind::Village && has_village(standing.category) => {
            of_village(unit, application, params)
        }
        (Some(_), Some(_)) if standing.category == Category::RuralResident => Err(bad_village(params).into()),
        (Some(_), Some(unit)) if unit.is_institution() => {
            let detail = "no fact says that the person attends or lives in this institution";
            Err(Refusal::new(Reason::ChannelMismatch, detail).at("unit_id").into())
        }
        (Some(_), Some(unit)) => of_family(unit, standing, application, params),
    }
}

/// True for who is registered with the village: its residents and their small children.
const fn has_village(category: Category) -> bool {
    matches!(category, Category::RuralResident | Category::PreschoolChild | Category::Newborn)
}

/// A household or a residents' committee files for families, in its own district (J-3.2.10-a, B-7.3.2-a).
fn of_family(
    unit: &Unit,
    standing: &Standing,
    application: &Application,
    params: &EnrolmentParams,
) -> Result<(), Refusals> {
    let by_family =
        |rule: &&Effective<PlaceRule>| rule.category == standing.category && rule.place == Place::RegisteredOrHabitual;
    let of_families = standing.registrar.is_none() && params.places.iter().any(|rule| by_family(&rule));
    let refusal = if !of_families || !matches!(unit.kind, UnitKind::Household | UnitKind::Community) {
        let detail = format!("a unit of kind {} does not file for {}", unit.kind, standing.category);
        Refusal::new(Reason::ChannelMismatch, detail).at("unit_id").with("unit_kind", unit.kind)
    } else if unit.district != application.desk_district {
        let refusal = Refusal::new(Reason::ChannelMismatch, "the unit belongs to another district").at("district");
        refusal.with("right_district", unit.district)
    } else {
        return Ok(());
    };
    Err(by_desk(refusal, standing, application, params).into())
}

/// A refusal by the clause that names the desk.
fn by_desk(refusal: Refusal, standing: &Standing, application: &Application, params: &EnrolmentParams) -> Refusal {
    match desk::maybe_rule(standing, application, params) {
        Some(rule) => refusal.by(rule.reference.rule_id.clone()),
        None => refusal,
    }
}

/// A student, a child in care, a resident or a detainee is registered by the institution alone.
fn of_institution(standing: &Standing, application: &Application, params: &EnrolmentParams) -> Result<(), Refusals> {
    let own = own_institution(application);
    let mismatch = |detail: &str| {
        let refusal = Refusal::new(Reason::ChannelMismatch, detail).at("unit_id");
        let refusal = by_desk(refusal, standing, application, params);
        match own {
            Some(own) => refusal.with("right_unit", own),
            None => refusal,
        }
    };
    match (&application.unit_id, &application.unit) {
        (None, _) => Err(mismatch("the institution registers its people; nobody of them applies alone").into()),
        (Some(_), None) => Err(unknown().into()),
        (Some(id), Some(_)) if own != Some(id) => Err(mismatch("another institution registers this person").into()),
        (Some(_), Some(unit)) if !unit.is_institution() => Err(mismatch("the unit is no institution").into()),
        _ => Ok(()),
    }
}

/// The institution that the facts name.
fn own_institution(application: &Application) -> Option<&String> {
    let circumstances = &application.circumstances;
    let stay = circumstances.stay.as_ref().map(|stay| &stay.unit_id);
    stay.or_else(|| circumstances.attendance.as_ref()?.what.unit_id.as_ref())
}

/// A village files at the township service it belongs to, for those registered there.
fn of_village(village: &Unit, application: &Application, params: &EnrolmentParams) -> Result<(), Refusals> {
    let registered = application.circumstances.registration.as_ref();
    let registered = registered.and_then(|registration| registration.township.as_ref());
    let at = [(registered, "unit_id"), (application.desk_township.as_ref(), "desk_township")];
    let mut refusals = Refusals::default();
    for (township, field) in at {
        if let (Some(township), Some(own)) = (township, &village.township)
            && township != own
        {
            refusals.push(foreign(params, field).with("right_township", own));
        }
    }
    if village.district != application.desk_district {
        refusals.push(foreign(params, "district").with("right_district", village.district));
    }
    refusals.into_result()
}

fn foreign(params: &EnrolmentParams, field: &'static str) -> Refusal {
    let reason = match params.foreign_village.value {
        ForeignVillage::ValueNotAllowed => Reason::ValueNotAllowed,
        ForeignVillage::ChannelMismatch => Reason::ChannelMismatch,
    };
    Refusal::new(reason, "the village belongs to another township").at(field).by(params
        .foreign_village
        .reference
        .rule_id
        .clone())
}

fn bad_village(params: &EnrolmentParams) -> Refusal {
    Refusal::new(Reason::ValueNotAllowed, "no village has this unit id").at("unit_id").by(params
        .foreign_village
        .reference
        .rule_id
        .clone())
}

fn unknown() -> Refusal {
    Refusal::new(Reason::UnitNotFound, "no unit has this id").at("unit_id")
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{
        attending, baodi_2017, certified, decide_standing, farmer, from_elsewhere, school, tianjin_2021, townsman,
        village,
    };
    use super::*;
    use crate::codes::{CertificateKind, InstitutionKind};
    use crate::dates::written::day;
    use crate::registry::facts::InstitutionStay;

    fn check(application: &Application, params: &EnrolmentParams) -> Vec<(Reason, Option<String>)> {
        let refusals = decide(&decide_standing(application, params), application, params).err().unwrap_or_default();
        refusals.0.into_iter().map(|refusal| (refusal.reason, refusal.rule_id.map(String::from))).collect()
    }

    fn by(unit: Unit, application: Application) -> Application {
        Application { unit_id: Some(unit.id.clone()), unit: Some(unit), ..application }
    }

    fn refused(reason: Reason, rule_id: &str) -> Vec<(Reason, Option<String>)> {
        vec![(reason, Some(rule_id.to_owned()))]
    }

    /// J-3.2.1-a, B-7.3.1-a: the institution files, and only for its own.
    #[test]
    fn a_pupil_is_registered_by_the_own_school() {
        for (law, rule_id) in [(tianjin_2021(), "J-3.2.1-a"), (baodi_2017(), "B-7.3.1-a")] {
            let pupil = attending(InstitutionKind::PrimaryOrSecondary, farmer());
            assert_eq!(check(&pupil, &law), refused(Reason::ChannelMismatch, rule_id));
            assert_eq!(check(&by(school("120118.S1"), pupil.clone()), &law), []);
            let other = by(school("120118.S2"), pupil.clone());
            assert_eq!(check(&other, &law), refused(Reason::ChannelMismatch, rule_id));
            let unknown = Application { unit_id: Some("120118.S9".to_owned()), ..pupil };
            assert_eq!(check(&unknown, &law), [(Reason::UnitNotFound, None)]);
        }
        assert_eq!(check(&by(school("120118.S1"), farmer()), &tianjin_2021()).len(), 1);
    }

    /// J-3.2.3-a, J-3.2.4-a.
    #[test]
    fn residents_of_institutions_do_not_apply_alone() {
        for (institution_kind, kind, rule_id) in [
            (InstitutionKind::WelfareInstitution, UnitKind::WelfareInstitution, "J-3.2.3-a"),
            (InstitutionKind::DetentionFacility, UnitKind::DetentionFacility, "J-3.2.4-a"),
        ] {
            let mut resident = farmer();
            resident.circumstances.stay = Some(InstitutionStay { institution_kind, unit_id: "120118.W1".to_owned() });
            assert_eq!(check(&resident, &tianjin_2021()), refused(Reason::ChannelMismatch, rule_id));
            let institution = Unit { kind, ..school("120118.W1") };
            assert_eq!(check(&by(institution, resident), &tianjin_2021()), []);
        }
    }

    /// J-3.2.10-a, B-7.3.2-a: families file with household or committee, in the district of the desk; a township or an
    /// account files for nobody.
    #[test]
    fn a_unit_files_for_its_own_kind_of_people_alone() {
        let unit = |kind, district| Unit { kind, district, ..school("120118.U1") };
        let refused = |application: &Application, law: &EnrolmentParams, field: &str, rule_id: &str| {
            let refusals = decide(&decide_standing(application, law), application, law).unwrap_err();
            let [refusal] = &refusals.0[..] else { panic!("one refusal") };
            assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::ChannelMismatch, Some(field)));
            assert_eq!(refusal.rule_id.as_deref(), Some(rule_id));
        };
        let baby = Application { born_on: day("2020-09-05"), ..farmer() };
        for (law, here, elsewhere, rule_id, newborns) in [
            (tianjin_2021(), District::Jinghai, District::Baodi, "J-3.2.10-a", "J-3.2.8-a"),
            (baodi_2017(), District::Baodi, District::Jinghai, "B-7.3.2-a", "B-7.3.2-a"),
        ] {
            let at = |application: &Application| Application { desk_district: here, ..application.clone() };
            for kind in [UnitKind::Household, UnitKind::Community] {
                for person in [townsman(), baby.clone()] {
                    assert_eq!(check(&by(unit(kind, here), at(&person)), &law), []);
                }
                refused(&by(unit(kind, elsewhere), at(&townsman())), &law, "district", rule_id);
            }
            for kind in [UnitKind::Township, UnitKind::SpecialAccount, UnitKind::Village] {
                refused(&by(unit(kind, here), at(&townsman())), &law, "unit_id", rule_id);
            }
            refused(&by(unit(UnitKind::Township, here), at(&baby)), &law, "unit_id", newborns);
            let village = Unit { district: here, ..village("120118.4") };
            assert_eq!(check(&by(village, at(&baby)), &law), []);
        }
    }

    /// J-3.2.6-a: a certificate holder registers alone; J-3.2.1-a: a township is no school, whatever a fact says.
    #[test]
    fn a_township_files_for_nobody() {
        let township = Unit { kind: UnitKind::Township, township: None, ..school("120118.4") };
        let holder = certified(CertificateKind::TianjinResidencePermit, from_elsewhere(farmer()));
        let law = tianjin_2021();
        assert_eq!(check(&by(township.clone(), holder), &law), refused(Reason::ChannelMismatch, "J-3.2.6-a"));
        let mut pupil = attending(InstitutionKind::PrimaryOrSecondary, farmer());
        pupil.circumstances.attendance.as_mut().unwrap().what.unit_id = Some(township.id.clone());
        assert_eq!(check(&by(township, pupil), &law), refused(Reason::ChannelMismatch, "J-3.2.1-a"));
    }

    /// J-3.2.2-a: an unknown village, and one of another township; B-7.3.2-b says it is the wrong desk.
    #[test]
    fn a_village_files_at_its_own_township() {
        let law = tianjin_2021();
        assert_eq!(check(&by(village("120118.4"), farmer()), &law), []);
        let bad_value = refused(Reason::ValueNotAllowed, "J-3.2.2-a");
        assert_eq!(check(&by(village("120118.5"), farmer()), &law), bad_value);
        let unknown = Application { unit_id: Some("120118.V9".to_owned()), ..farmer() };
        assert_eq!(check(&unknown, &law), bad_value);
        assert_eq!(check(&by(school("120118.S1"), farmer()), &law), bad_value);
        let elsewhere = Application { desk_township: Some("120118.5".to_owned()), ..farmer() };
        let elsewhere = by(village("120118.4"), elsewhere);
        assert_eq!(check(&elsewhere, &law), bad_value);
        assert_eq!(check(&elsewhere, &baodi_2017()), refused(Reason::ChannelMismatch, "B-7.3.2-b"));
    }
}
