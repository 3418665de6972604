//! What births and family planning are billed for: every row of the table, and what no row holds.

use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::case::Case;
use juyi_domain::settlement::maternity::MaternityEvent;
use juyi_domain::settlement::maternity::event::{
    Childbirth, DeliveryMode, DeliverySurgery, DeviceCondition, FamilyPlanning, FamilyPlanningProcedure, PregnancyEnd,
    PrenatalChecks,
};

use super::Years;

/// A second delivery is refused: in its place a hospital that the woman left. Who registered a pregnancy has that one alone, and
/// without a registration nothing tells two apart.
pub(super) fn deliver_once(cases: &mut [Case]) {
    let births = cases.iter_mut().filter_map(|case| match &mut case.bill.maternity {
        Some(MaternityEvent::Childbirth(childbirth)) => Some(childbirth),
        _ => None,
    });
    for childbirth in births.filter(|childbirth| !childbirth.transferred_out).skip(1) {
        *childbirth = Childbirth { transferred_out: true, ..Childbirth::default() };
    }
}

impl Years {
    pub(super) fn event(&mut self, kind: CareKind) -> Option<MaternityEvent> {
        match kind {
            CareKind::Maternity if self.once_in(2) => Some(MaternityEvent::PrenatalChecks(self.checks())),
            CareKind::Maternity => Some(MaternityEvent::Childbirth(self.childbirth())),
            CareKind::FamilyPlanning => Some(MaternityEvent::FamilyPlanning(self.planning())),
            _ => None,
        }
    }

    /// Something that no row of the table holds.
    fn is_unlisted(&mut self) -> bool {
        self.reach.refused && self.once_in(12)
    }

    fn checks(&mut self) -> PrenatalChecks {
        let end = self.pick(PregnancyEnd::ALL);
        let unsaid = if end == PregnancyEnd::Delivery { self.once_in(2) } else { self.is_unlisted() };
        let weeks = if unsaid { None } else { Some(self.pick(&[0, 11, 12, 15, 16, 27, 28, 40])) };
        PrenatalChecks { end, weeks }
    }

    fn childbirth(&mut self) -> Childbirth {
        let transferred_out = self.once_in(5);
        if transferred_out {
            return Childbirth { transferred_out, ..Childbirth::default() };
        }
        let mode = self.pick(DeliveryMode::ALL);
        let operated = (mode == DeliveryMode::Caesarean && self.once_in(2)) || self.is_unlisted();
        let surgery = self.pick(&[DeliverySurgery::MyomaRemoval, DeliverySurgery::OvarianCystRemoval]);
        let surgery = if self.is_unlisted() { DeliverySurgery::Other } else { surgery };
        let obstetric_complication = self.once_in(4);
        Childbirth {
            mode: (!self.is_unlisted()).then_some(mode),
            surgeries: if operated { vec![surgery] } else { Vec::new() },
            obstetric_complication,
            severe_disease: if obstetric_complication { self.is_unlisted() } else { self.once_in(4) },
            transferred_out,
            multiple_birth: self.is_unlisted(),
        }
    }

    fn planning(&mut self) -> FamilyPlanning {
        let mut procedures = vec![self.pick(FamilyPlanningProcedure::ALL)];
        if self.is_unlisted() {
            procedures.push(self.pick(FamilyPlanningProcedure::ALL));
        }
        let removal = procedures.contains(&FamilyPlanningProcedure::DeviceRemoval);
        let conditions = if removal && self.once_in(2) { vec![self.pick(DeviceCondition::ALL)] } else { Vec::new() };
        FamilyPlanning { procedures, conditions }
    }
}
