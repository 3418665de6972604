//! The ways of publicity that a document names (B-7.2.1-a, B-7.2.2-a, J-A2.3-c).

use super::not_printed;
use super::params::{InformationParams, PublicityRow};
use crate::codes::District;
use crate::effective::Effective;
use crate::refusal::Refusal;

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

#[cfg(test)]
mod tests {
    use super::super::fixtures::{information_2017, information_2021};
    use super::*;
    use crate::codes::Office;
    use crate::refusal::Reason;

    /// B-7.2.1-a by the bureau, B-7.2.2-a by the townships.
    #[test]
    fn bureau_and_townships_have_their_ways() {
        let channels = list(District::Baodi, &information_2017()).unwrap();
        let told: Vec<_> = channels.iter().map(|row| (row.office, &*row.reference.rule_id)).collect();
        assert_eq!(told, [(Office::HumanResources, "B-7.2.1-a"), (Office::Township, "B-7.2.2-a")]);
    }

    /// J-A2.3-c is a sentence of Jinghai's annex.
    #[test]
    fn service_windows_explain_in_jinghai() {
        assert_eq!(list(District::Jinghai, &information_2021()).unwrap()[0].code, "SERVICE_WINDOW");
        let elsewhere = list(District::Hexi, &information_2021()).unwrap_err();
        assert_eq!(elsewhere.reason, Reason::RuleNotDefined);
    }
}
