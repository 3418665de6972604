//! Requests from the wire, with every field violation at once.

use juyi_domain::assistance::year::{AidCase, Care};
use juyi_domain::codes::District;
use juyi_domain::id::{EventId, ResidentId, SettlementId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::Refusals;
use juyi_proto::assistance::v1 as pb;
use juyi_proto::fields::Fields;

use crate::store::aids::Aid;

/// Bills of a year that are read; nobody has as many.
const MOST_CASES: usize = 10_000;

pub(crate) struct Assess {
    pub(crate) policy_year: i32,
    pub(crate) district: District,
    pub(crate) cases: Vec<AidCase>,
}

pub(crate) fn assess(request: &pb::AssessAidRequest) -> Result<Assess, Refusals> {
    let mut fields = Fields::new();
    fields.id::<ResidentId>("resident_id", &request.resident_id);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let district = fields.district("district", &request.district);
    let cases = fields.listed("cases", &request.cases, MOST_CASES);
    fields.within("cases.");
    let cases = cases.iter().map(|case| self::case(&mut fields, case)).collect();
    fields.finish(Assess { policy_year, district, cases })
}

fn case(fields: &mut Fields, case: &pb::AidCase) -> AidCase {
    AidCase {
        id: fields.id("settlement_id", &case.settlement_id),
        care: fields.maybe_code("outpatient_venue", case.outpatient_venue).map_or(Care::Inpatient, Care::Outpatient),
        base: fields.amount("base_fen", case.base_fen),
        service_on: fields.date("service_date", &case.service_date),
        tested_on: fields.date("identity_date", &case.identity_date),
        aid_designated: case.assistance_designated,
        elsewhere: case.elsewhere,
        identities: fields.codes("identities", &case.identities),
    }
}

pub(crate) struct Record {
    pub(crate) resident_id: ResidentId,
    pub(crate) event_id: EventId,
    pub(crate) aid: Aid,
}

pub(crate) fn record(request: &pb::RecordAidRequest) -> Result<Record, Refusals> {
    let mut fields = Fields::new();
    let read = Record {
        event_id: fields.id("event_id", &request.event_id),
        resident_id: fields.id("resident_id", &request.resident_id),
        aid: Aid {
            settlement_id: fields.id("settlement_id", &request.settlement_id),
            policy_year: fields.policy_year("policy_year", request.policy_year),
            service_on: fields.date("service_date", &request.service_date),
            // Differences may be negative.
            medical: Fen::new(request.medical_fen),
            veterans: Fen::new(request.veterans_fen),
        },
    };
    fields.finish(read)
}

pub(crate) fn list(request: &pb::ListAidRequest) -> Result<(ResidentId, Option<SettlementId>, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let size = fields.page_size(request.page_size);
    let before = fields.page_after(&request.page_token);
    fields.finish((resident_id, before, size))
}
