//! Requests from the wire, with every field violation at once.

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::contribution::prepayment::Term;
use juyi_domain::id::{EnrolmentId, PrepaymentId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_proto::contribution::v1 as pb;
use juyi_proto::fields::Fields;

/// The most academic years that can be prepaid at once; studies are shorter.
const MOST_YEARS: i32 = 10;

/// What a term begins with.
#[derive(Clone, Copy, Debug)]
pub(super) enum With {
    /// An enrolment, which is paid with it.
    Enrolment(EnrolmentId),
    /// A year whose law is not loaded, in a district.
    Year(i32, District),
}

/// A prepayment.
#[derive(Debug)]
pub(super) struct Prepay {
    pub(super) resident_id: ResidentId,
    pub(super) with: With,
    last_year: i32,
    academic_years: u32,
    pub(super) amount: Option<Fen>,
    pub(super) paid_on: NaiveDate,
    pub(super) voucher_number: String,
}

impl Prepay {
    /// The term from the year of the enrolment on.
    pub(super) const fn term(&self, first_year: i32) -> Term {
        Term { first_year, last_year: self.last_year, academic_years: self.academic_years }
    }
}

pub(super) fn prepay(request: &pb::PrepayPremiumRequest, today: NaiveDate) -> Result<Prepay, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let academic_years = match request.academic_years {
        years @ 1..=MOST_YEARS => years.unsigned_abs(),
        _ => {
            let detail = format!("academic_years is 1 to {MOST_YEARS}");
            fields.refuse("academic_years", Reason::ValueNotAllowed, detail);
            1
        }
    };
    let read = Prepay {
        resident_id: fields.id("resident_id", &request.resident_id),
        with: with(&mut fields, request),
        last_year: fields.policy_year("last_policy_year", request.last_policy_year),
        academic_years,
        amount: request.prepaid_amount_fen.map(|fen| fields.amount("prepaid_amount_fen", fen)),
        paid_on: fields.past_date("payment_date", &request.payment_date, today),
        voucher_number: fields.text("voucher_number", &request.voucher_number, 1..=40),
    };
    fields.finish(read)
}

fn with(fields: &mut Fields, request: &pb::PrepayPremiumRequest) -> With {
    if request.enrolment_id.is_empty() && request.first_policy_year != 0 {
        if request.prepaid_amount_fen.is_none() {
            let detail = "prepaid_amount_fen is what was paid then";
            fields.refuse("prepaid_amount_fen", Reason::RequiredFieldMissing, detail);
        }
        let year = fields.policy_year("first_policy_year", request.first_policy_year);
        return With::Year(year, fields.district("district", &request.district));
    }
    if request.first_policy_year != 0 {
        fields.refuse("first_policy_year", Reason::ValueNotAllowed, "the term begins with the year of the enrolment");
    }
    if !request.district.is_empty() {
        fields.refuse("district", Reason::ValueNotAllowed, "the district is that of the enrolment");
    }
    With::Enrolment(fields.id("enrolment_id", &request.enrolment_id))
}

/// The use of a term.
#[derive(Debug)]
pub(super) struct Use {
    pub(super) resident_id: ResidentId,
    pub(super) policy_year: i32,
    pub(super) amount: Fen,
    pub(super) paid_on: NaiveDate,
}

pub(super) fn make_use(request: &pb::UsePrepaymentRequest, today: NaiveDate) -> Result<Use, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let read = Use {
        resident_id: fields.id("resident_id", &request.resident_id),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        amount: fields.amount("amount_fen", request.amount_fen),
        paid_on: fields.past_date("payment_date", &request.payment_date, today),
    };
    fields.finish(read)
}

/// The use of a year by everybody who prepaid it.
#[derive(Debug)]
pub(super) struct Year {
    pub(super) policy_year: i32,
    pub(super) district: District,
    pub(super) paid_on: NaiveDate,
}

pub(super) fn of_year(request: &pb::UsePrepaymentsOfYearRequest, today: NaiveDate) -> Result<Year, Refusals> {
    let mut fields = Fields::new();
    let read = Year {
        policy_year: fields.policy_year("policy_year", request.policy_year),
        district: fields.district("district", &request.district),
        paid_on: fields.past_date("payment_date", &request.payment_date, today),
    };
    fields.finish(read)
}

pub(super) fn list(request: &pb::ListPrepaymentsRequest) -> Result<(ResidentId, Option<PrepaymentId>, i64), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let before = fields.page_after(&request.page_token);
    let size = fields.page_size(request.page_size);
    fields.finish((resident_id, before, size))
}
