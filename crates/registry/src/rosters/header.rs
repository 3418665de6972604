//! What a roster is, and who may push it.

use std::collections::HashMap;

use chrono::NaiveDate;
use juyi_domain::codes::{Desk, District, RosterKind, UnitKind};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::{authority, roster};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

/// Rows of the largest roster: more than live in any district of the city.
pub(super) const MOST_ROWS: i64 = 2_000_000;

/// What a roster is.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) roster_id: String,
    pub(super) kind: RosterKind,
    pub(super) district: District,
    pub(super) policy_year: i32,
    pub(super) as_of_on: NaiveDate,
    pub(super) complete: bool,
    pub(super) dry_run: bool,
    /// Empty for a list of the whole district.
    pub(super) unit_id: String,
    pub(super) desk: Option<Desk>,
    /// 0 when not known.
    pub(super) expected_rows: i64,
    pub(super) charset: pb::Charset,
}

/// Reads the header of a stream.
///
/// # Errors
/// Every violation of a field.
pub(super) fn read(header: &pb::RosterHeader, today: NaiveDate) -> Result<Header, Refusals> {
    let mut fields = Fields::new();
    let fields_within = fields.within("header.");
    let charset = pb::Charset::try_from(header.charset).unwrap_or_else(|_| {
        fields_within.refuse("charset", Reason::UnknownEnum, "charset is not a code of its enumeration");
        pb::Charset::Unspecified
    });
    if !(0..=MOST_ROWS).contains(&header.expected_rows) {
        let detail = format!("a roster has at most {MOST_ROWS} rows");
        fields_within.refuse("expected_rows", Reason::ValueNotAllowed, detail);
    }
    let read = Header {
        roster_id: fields.text("roster_id", &header.roster_id, 1..=64),
        kind: fields.code("kind", header.kind),
        district: fields.district("district", &header.district),
        policy_year: fields.policy_year("policy_year", header.policy_year),
        as_of_on: fields.past_date("as_of_date", &header.as_of_date, today),
        complete: header.complete,
        dry_run: header.dry_run,
        unit_id: fields.text("unit_id", &header.unit_id, 0..=64),
        desk: fields.maybe_code("desk", header.desk),
        expected_rows: header.expected_rows,
        charset,
    };
    if !read.unit_id.is_empty() && !matches!(read.kind, RosterKind::Students | RosterKind::Enrolment) {
        fields.refuse("unit_id", Reason::ValueNotAllowed, "only lists of students and applications are of a unit");
    }
    if read.kind == RosterKind::Enrolment && read.desk.is_none() {
        fields.refuse("desk", Reason::RequiredFieldMissing, "a collective registration names its desk");
    }
    fields.finish(read)
}

impl Header {
    /// Whether the office may push this roster: the supplier of its kind (J-3.2.5-b), for collective registration an
    /// office that works at the desk (J-A1.3-q), and in its own district.
    ///
    /// # Errors
    /// ROLE_NOT_ALLOWED; RULE_NOT_DEFINED where no document names a supplier; the gaps of the law.
    pub(super) fn admit(&self, context: &Context, caller: &Caller) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        let law = context.policy().for_(self.district, self.policy_year, self.as_of_on);
        let allowed = match (self.kind, self.desk) {
            (RosterKind::Enrolment, Some(desk)) => {
                let works = caller.require(authority::at(desk)).map_err(|refusal| refusal.by("J-A1.3-q"));
                let no_centre = authority::maybe_no_centre(desk, caller.district);
                works.and_then(|()| no_centre.map_or(Ok(()), |refusal| Err(refusal.at("header.desk"))))
            }
            _ => match &law {
                Ok(law) => roster::find(self.kind, &law.data_sets).and_then(|set| set.check_supplier(caller.office)),
                Err(_) => Ok(()),
            },
        };
        refusals.keep(law);
        refusals.keep(allowed);
        refusals.keep(caller.require_district(self.district));
        refusals.into_result()
    }

    /// The kind of the unit that the list is of. Through the branch only units register, so it has to be named there
    /// (J-3.2.1-a).
    ///
    /// # Errors
    /// UNIT_NOT_FOUND, REQUIRED_FIELD_MISSING.
    pub(super) fn maybe_unit(&self, units: &HashMap<String, UnitKind>) -> Result<Option<UnitKind>, Refusal> {
        if self.unit_id.is_empty() {
            let needed = self.kind == RosterKind::Enrolment && self.desk == Some(Desk::DistrictSocialInsuranceBranch);
            let detail = "through the branch a unit registers its people: name it";
            let missing = Refusal::new(Reason::RequiredFieldMissing, detail).at("header.unit_id").by("J-3.2.1-a");
            return if needed { Err(missing) } else { Ok(None) };
        }
        let detail = "no unit of the district has this id";
        let unknown = || Refusal::new(Reason::UnitNotFound, detail).at("header.unit_id");
        units.get(&self.unit_id).copied().map(Some).ok_or_else(unknown)
    }

    /// The header on the wire, as a stored roster shows it: without what belongs to one transmission alone.
    pub(super) fn canonical(&self) -> pb::RosterHeader {
        pb::RosterHeader {
            roster_id: self.roster_id.clone(),
            kind: self.kind.to_wire(),
            district: self.district.to_string(),
            policy_year: self.policy_year,
            as_of_date: self.as_of_on.to_string(),
            complete: self.complete,
            unit_id: self.unit_id.clone(),
            desk: self.desk.map_or(0, Coded::to_wire),
            ..Default::default()
        }
    }
}
