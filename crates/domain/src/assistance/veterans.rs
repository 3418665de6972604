//! Veterans' and survivors' support of inpatient care (J-5.5.T-f to -h).

use super::params::AssistanceParams;
use crate::codes::{Identity, Payer};
use crate::money::Fen;
use crate::receipt::Step;

/// A share of the burden after both insurances (AMB-099), the best over the identities held; `None` for somebody
/// who is no veteran or survivor of the table.
#[must_use]
pub fn maybe_pay(base: Fen, identities: &[Identity], params: &AssistanceParams) -> Option<Step> {
    let held = params.veterans.iter().filter(|row| identities.contains(&row.identity));
    let row = held.reduce(|best, row| if row.inpatient_rate > best.inpatient_rate { row } else { best })?;
    let paid = base.at(row.inpatient_rate).round();
    let step = Step::by(row, |row| row.inpatient_rate.into());
    Some(step.given("identity", row.identity).given("base", base).paying(Payer::VeteransAssistance, paid))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::tianjin_2021;
    use super::super::params::BandScope;
    use super::*;

    fn paid(identities: &[Identity]) -> Option<(Fen, String)> {
        let step = maybe_pay(Fen::yuan(6_350), identities, &tianjin_2021(BandScope::CalendarYear))?;
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

    #[test]
    fn the_best_of_several_counts() {
        let held = [Identity::WarOrTestVeteran, Identity::OldDemobilisedSoldier];
        assert_eq!(paid(&held).unwrap().0, Fen::yuan(5_080));
    }
}
