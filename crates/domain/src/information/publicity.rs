//! The ways of publicity that a document names (B-7.2.1-a, B-7.2.2-a, J-A2.3-c).

use super::not_printed;
use super::params::{InformationParams, PublicityRow};
use crate::codes::{District, Office};
use crate::effective::Effective;
use crate::refusal::{Reason, Refusal};

/// The ways for a district, in the order of the document.
///
/// # Errors
/// `RULE_NOT_DEFINED` where the document names none for the district.
pub fn list(district: District, params: &InformationParams) -> Result<Vec<Effective<PublicityRow>>, Refusal> {
    let here = params.publicity.iter().filter(|row| row.district.is_none_or(|own| own == district));
    let channels: Vec<_> = here.cloned().collect();
    if channels.is_empty() {
        let detail = format!("the document names no way of publicity for district {district}");
        return Err(not_printed("information.publicity", &detail).at("district"));
    }
    Ok(channels)
}

/// Checks that an office of the district goes the way of a code.
///
/// # Errors
/// `VALUE_NOT_ALLOWED` for a code that the document does not name for the district; `ROLE_NOT_ALLOWED` where the way is
/// another office's.
pub fn check(code: &str, district: District, office: Office, params: &InformationParams) -> Result<(), Refusal> {
    let found = list(district, params).ok().and_then(|rows| rows.into_iter().find(|row| row.code == code));
    let Some(row) = found else {
        let detail =
            "the document names no such way of publicity for the district; ListPublicityChannels has the codes";
        return Err(Refusal::new(Reason::ValueNotAllowed, detail).at("publicity_channel").with("district", district));
    };
    if row.office == office {
        return Ok(());
    }
    let detail = format!("this way of publicity is that of an office of kind {}", row.office);
    Err(Refusal::new(Reason::RoleNotAllowed, detail)
        .at("publicity_channel")
        .with("office", office)
        .with("allowed", row.office)
        .by(row.reference.rule_id.clone()))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{information_2017, information_2021};
    use super::*;

    /// B-7.2.1-a by the bureau, B-7.2.2-a by the townships.
    #[test]
    fn bureau_and_townships_have_their_ways() {
        let channels = list(District::Baodi, &information_2017()).unwrap();
        let told: Vec<_> = channels.iter().map(|row| (row.office, &*row.reference.rule_id)).collect();
        assert_eq!(told, [(Office::HumanResources, "B-7.2.1-a"), (Office::Township, "B-7.2.2-a")]);
    }

    /// B-7.2.2-a, J-A2.3-c: each office goes its own ways, in its own district.
    #[test]
    fn an_office_goes_its_own_ways() {
        let law = information_2017();
        let posters = &law.publicity[1].code;
        assert!(check(posters, District::Baodi, Office::Township, &law).is_ok());
        let refusal = check(posters, District::Baodi, Office::HumanResources, &law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some("B-7.2.2-a")));
        let unknown = check("KITES", District::Baodi, Office::Township, &law).unwrap_err();
        assert_eq!(unknown.reason, Reason::ValueNotAllowed);
        let elsewhere = check("SERVICE_WINDOW", District::Hexi, Office::Township, &information_2021()).unwrap_err();
        assert_eq!(elsewhere.reason, Reason::ValueNotAllowed);
    }

    /// J-A2.3-c is a sentence of Jinghai's annex.
    #[test]
    fn service_windows_explain_in_jinghai() {
        assert_eq!(list(District::Jinghai, &information_2021()).unwrap()[0].code, "SERVICE_WINDOW");
        let elsewhere = list(District::Hexi, &information_2021()).unwrap_err();
        assert_eq!(elsewhere.reason, Reason::RuleNotDefined);
    }
}
