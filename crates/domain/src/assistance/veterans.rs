//! Veterans' and survivors' support, of inpatient and of outpatient care (J-5.5.T-f to -h).

use super::params::{AssistanceParams, VeteranType};
use super::year::Care;
use crate::codes::{Identity, Payer};
use crate::money::{Fen, Rate};
use crate::receipt::Step;

/// A share of the burden after both insurances (AMB-099), the best over the identities held; `None` for somebody
/// who is no veteran or survivor of the table.
#[must_use]
pub fn maybe_pay(base: Fen, care: Care, identities: &[Identity], params: &AssistanceParams) -> Option<Step> {
    let rate: fn(&VeteranType) -> Rate = match care {
        Care::Inpatient => |row| row.inpatient_rate,
        Care::Outpatient(_) => |row| row.outpatient_rate,
    };
    let held = params.veterans.iter().filter(|row| identities.contains(&row.identity));
    let row = held.reduce(|best, row| if rate(row) > rate(best) { row } else { best })?;
    let paid = base.at(rate(row)).round();
    let step = Step::by(row, |row| rate(row).into());
    Some(step.given("identity", row.identity).given("base", base).paying(Payer::VeteransAssistance, paid))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::tianjin_2021;
    use super::super::params::BandScope;
    use super::*;

    fn paid(identities: &[Identity]) -> Option<(Fen, String)> {
        let step = maybe_pay(Fen::yuan(6_350), Care::Inpatient, identities, &tianjin_2021(BandScope::CalendarYear))?;
        Some((step.pays.unwrap().amount, step.rule_id.into_owned()))
    }

    /// S-50: J-5.5.T-f, J-5.5.T-g, J-5.5.T-h.
    #[test]
    fn each_group_has_its_share_of_the_burden() {
        assert_eq!(paid(&[Identity::MartyrSurvivor]), Some((Fen::yuan(5_715), "J-5.5.T-f".into())));
        assert_eq!(paid(&[Identity::OldDemobilisedSoldier]), Some((Fen::yuan(5_080), "J-5.5.T-g".into())));
        assert_eq!(paid(&[Identity::WarOrTestVeteran]), Some((Fen::yuan(4_445), "J-5.5.T-h".into())));
        assert_eq!(paid(&[Identity::EntitledGroup]), None);
    }

    /// S-50: 70, 50 and 25 % of an outpatient burden of 900.00; the example of J-5.5.T-h.
    #[test]
    fn outpatient_burden_has_rates_of_its_own() {
        let care = Care::Outpatient(super::super::outpatient::OutpatientVenue::Other);
        let law = tianjin_2021(BandScope::CalendarYear);
        let paid = |yuan, identity| maybe_pay(Fen::yuan(yuan), care, &[identity], &law).unwrap().pays.unwrap().amount;
        assert_eq!(paid(900, Identity::MartyrSurvivor), Fen::yuan(630));
        assert_eq!(paid(900, Identity::OldDemobilisedSoldier), Fen::yuan(450));
        assert_eq!(paid(900, Identity::WarOrTestVeteran), Fen::yuan(225));
        assert_eq!(paid(400, Identity::WarOrTestVeteran), Fen::yuan(100));
    }

    #[test]
    fn the_best_of_several_counts() {
        let held = [Identity::WarOrTestVeteran, Identity::OldDemobilisedSoldier];
        assert_eq!(paid(&held).unwrap().0, Fen::yuan(5_080));
    }
}
