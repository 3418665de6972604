//! What an office reads of a person's settlements and years.
//!
//! The insurance offices read everything, and so does a hospital of any district, which treats the patient. The others ask
//! about amounts: they read what concerns people insured in their own district, and of a bill neither what ails the person nor
//! who the person is to another authority. What they work on themselves they read whole: a township the claims that its desk
//! took, and the registrations that name it.

use juyi_domain::codes::{District, Office};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Refusal;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use crate::{Peers, coverage};

/// Offices that read everything.
const WHOLE: &[Office] = &[Office::Provider, Office::MedicalInsurance, Office::SocialInsurance, Office::System];
/// Everybody who reads.
const READERS: &[Office] = &[
    Office::Provider,
    Office::MedicalInsurance,
    Office::SocialInsurance,
    Office::Township,
    Office::CivilAffairs,
    Office::VeteransAffairs,
    Office::System,
];

/// An office that reads.
pub(crate) struct Reader {
    caller: Caller,
}

impl Reader {
    /// The office behind the call in progress.
    ///
    /// # Errors
    /// ROLE_NOT_ALLOWED.
    pub(crate) fn current() -> Result<Self, Error> {
        let caller = Caller::current()?;
        caller.require(READERS)?;
        Ok(Self { caller })
    }

    /// An office whose duty was checked.
    pub(crate) const fn of(caller: Caller) -> Self {
        Self { caller }
    }

    fn reads_everything(&self) -> bool {
        WHOLE.contains(&self.caller.office)
    }

    /// Refuses what concerns the insured of another district.
    ///
    /// # Errors
    /// ROLE_NOT_ALLOWED.
    pub(crate) fn require(&self, district: District) -> Result<(), Refusal> {
        if self.reads_everything() { Ok(()) } else { self.caller.require_district(district) }
    }

    /// True for what concerns the insured of a district; a list leaves out the rest.
    pub(crate) fn sees(&self, district: District) -> bool {
        self.require(district).is_ok()
    }

    /// Refuses to tell of a person who is, or was last, insured in another district.
    ///
    /// # Errors
    /// ROLE_NOT_ALLOWED, and those of [`coverage::latest_district`].
    pub(crate) async fn require_person(
        &self,
        peers: &Peers,
        resident_id: ResidentId,
        today: chrono::NaiveDate,
    ) -> Result<(), Error> {
        if self.reads_everything() {
            return Ok(());
        }
        Ok(self.require(coverage::latest_district(&peers.benefit_period, resident_id, today).await?)?)
    }

    /// A settlement as the office reads it. Receipts go with what they explain: they name the rows of the maternity table and
    /// the identities.
    pub(crate) fn told(&self, mut settlement: pb::Settlement) -> pb::Settlement {
        if self.reads_everything() {
            return settlement;
        }
        settlement.identities.clear();
        settlement.receipt = None;
        settlement.entries.iter_mut().for_each(|entry| entry.receipt = None);
        settlement.bill = settlement.bill.map(without_illness);
        settlement
    }
}

/// A bill without what ails the person.
pub(crate) fn without_illness(bill: pb::Bill) -> pb::Bill {
    pb::Bill { disease_code: String::new(), maternity: None, ..bill }
}
