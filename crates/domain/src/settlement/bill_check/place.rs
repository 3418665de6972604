//! Where care was given: elsewhere is not in the city, and a partner names whose partner it is.

use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::bill::Bill;
use crate::settlement::care::{OutOfArea, Place};

/// First digits of the regions of this city.
const CITY: &str = "12";

pub(super) fn check(bill: &Bill, refusals: &mut Refusals) {
    let Place::Elsewhere { category, region, receiving_level } = &bill.place else { return };
    if region.is_empty() {
        refusals.push(Refusal::new(Reason::RequiredFieldMissing, "region is required").at("bill.elsewhere.region"));
    } else if region.len() != 6 || !region.bytes().all(|digit| digit.is_ascii_digit()) || region.starts_with(CITY) {
        let detail = "a region is a GB/T 2260 code of six digits outside the city";
        refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("bill.elsewhere.region"));
    }
    let partner = *category == OutOfArea::TransferPartner;
    if partner && receiving_level.is_none() {
        // AMB-074.
        let detail = "the rate of a partner is that of the hospital that received the transfer: its level is needed";
        let refusal = Refusal::new(Reason::RequiredFieldMissing, detail).at("bill.elsewhere.receiving_level");
        refusals.push(refusal.by("J-10.3.2-c"));
    }
    if !partner && receiving_level.is_some() {
        let detail = "only a partner of a hospital that received a transfer has a receiving level";
        let refusal = Refusal::new(Reason::ValueNotAllowed, detail).at("bill.elsewhere.receiving_level");
        refusals.push(refusal.by("J-10.3.2-c"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bill, refused};
    use super::*;
    use crate::codes::ProviderLevel;
    use crate::money::Fen;

    fn elsewhere(category: OutOfArea, region: &str, receiving_level: Option<ProviderLevel>) -> Bill {
        Bill { place: Place::Elsewhere { category, region: region.to_owned(), receiving_level }, ..bill(Fen::yuan(1)) }
    }

    /// J-10.3.2-c, AMB-074.
    #[test]
    fn a_partner_names_the_level_of_the_receiving_hospital() {
        let three = Some(ProviderLevel::Three);
        assert_eq!(elsewhere(OutOfArea::TransferPartner, "110000", three).check(), Ok(()));
        let missing = elsewhere(OutOfArea::TransferPartner, "110000", None);
        assert_eq!(refused(&missing), [(Reason::RequiredFieldMissing, "elsewhere.receiving_level")]);
        let needless = elsewhere(OutOfArea::ApprovedTransfer, "110000", three);
        assert_eq!(refused(&needless), [(Reason::ValueNotAllowed, "elsewhere.receiving_level")]);
    }

    /// J-10.1.1-a: the city is not elsewhere; every failing condition is reported.
    #[test]
    fn elsewhere_is_outside_the_city() {
        assert_eq!(elsewhere(OutOfArea::Residence, "110000", None).check(), Ok(()));
        for region in ["120118", "11000", "11000x"] {
            let bill = elsewhere(OutOfArea::Residence, region, None);
            assert_eq!(refused(&bill), [(Reason::ValueNotAllowed, "elsewhere.region")], "{region}");
        }
        let none = elsewhere(OutOfArea::Residence, "", None);
        assert_eq!(refused(&none), [(Reason::RequiredFieldMissing, "elsewhere.region")]);
        assert_eq!(refused(&elsewhere(OutOfArea::TransferPartner, "120118", None)).len(), 2);
    }
}
