//! What becomes of one person of a declaration: when it is counted, and when it is paid.

use chrono::NaiveDate;

use super::DeclarationLineReason as Why;
use super::Declarer;
use crate::codes::{Category, PaymentMethod};
use crate::contribution::quote::Quote;
use crate::money::Fen;

/// What is known of a person when the declaration is counted.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Category of the enrolment.
    pub category: Category,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
    /// Way of the payment that settles the enrolment, if one counts.
    pub paid_by: Option<PaymentMethod>,
    /// True when another declaration that is not paid yet names the enrolment.
    pub declared_elsewhere: bool,
    /// True when money that a unit paid for the enrolment before is an open exception.
    pub open_exception: bool,
    /// True when a payment of the enrolment was refunded because the person withdrew.
    pub withdrew: bool,
    /// True when a premium can be told.
    pub quoted: bool,
}

/// Whether a person is declared, on the day of the declaration.
///
/// Special persons are the authority's to declare, nobody else's (J-3.3.1-e). Who paid alone, or was declared before, is
/// not declared again, so that a later declaration has those alone who came later; nor is who withdrew against his will, or
/// for whom a unit's money still waits.
///
/// # Errors
/// Why the person is left out.
pub fn when_declared(candidate: &Candidate, declarer: Declarer, on: NaiveDate) -> Result<(), Why> {
    if candidate.died_on.is_some_and(|died_on| died_on <= on) {
        return Err(Why::Died);
    }
    match candidate.paid_by {
        Some(PaymentMethod::Prepayment) => return Err(Why::Prepaid),
        Some(_) => return Err(Why::AlreadyPaid),
        None => {}
    }
    if candidate.declared_elsewhere {
        return Err(Why::DeclaredElsewhere);
    }
    if candidate.open_exception {
        return Err(Why::OpenException);
    }
    if candidate.withdrew {
        return Err(Why::Refunded);
    }
    if candidate.category == Category::SpecialPerson && declarer != Declarer::Authority {
        return Err(Why::DeclaredByAuthority);
    }
    if candidate.quoted { Ok(()) } else { Err(Why::NotQuoted) }
}

/// What a person's line of a declaration says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// Personal part of the premium, whoever pays it.
    pub personal: Fen,
    /// What the government pays of it.
    pub subsidy: Fen,
    /// What the unit pays for the person: nothing for who is subsidised or prepaid (J-3.3.1-b, J-3.3.3-b).
    pub payable: Fen,
    /// True when a running prepayment settles the year (J-3.2.1-c).
    pub prepaid: bool,
}

impl Amounts {
    /// The amounts of a quote; a prepaid person owes nothing, whatever the premium of the year is (J-3.3.3-b).
    #[must_use]
    pub fn of(quote: &Quote, prepaid: bool) -> Self {
        let prepaid = prepaid && !quote.payable.is_zero();
        let payable = if prepaid { Fen::ZERO } else { quote.payable };
        Self { personal: quote.personal, subsidy: quote.subsidy, payable, prepaid }
    }

    /// The way in which a member's payment is made when the unit paid by `method`: who owes nothing is paid for by the
    /// government (J-2.3-j) or by the prepayment (J-3.3.3-b).
    #[must_use]
    pub const fn way(&self, method: PaymentMethod) -> PaymentMethod {
        match (self.prepaid, self.payable.is_zero()) {
            (true, _) => PaymentMethod::Prepayment,
            (false, true) => PaymentMethod::GovernmentSubsidy,
            (false, false) => method,
        }
    }
}

/// What is known of a declared person when the unit has paid.
#[derive(Clone, Debug)]
pub struct Member {
    /// True when the registry still knows the enrolment.
    pub enrolled: bool,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
    /// True when a payment settles the enrolment.
    pub paid: bool,
    /// True when the enrolment moved to another district than the declaration's.
    pub moved: bool,
    /// What is declared.
    pub declared: Fen,
    /// What is due now; `None` when no premium can be told.
    pub due: Option<Fen>,
    /// True when the payment opens coverage.
    pub opens_coverage: bool,
}

/// Whether the payment of a declared person is confirmed with the unit's (J-3.3.1-c). Whoever it cannot be confirmed for
/// does not hold up the others. Whether a payment of the enrolment was refunded meanwhile is no matter: what is unpaid is
/// settled with the unit's money.
///
/// # Errors
/// Why the person becomes an exception.
pub fn when_paid(member: &Member, paid_on: NaiveDate) -> Result<(), Why> {
    if !member.enrolled {
        return Err(Why::NotEnrolled);
    }
    if member.died_on.is_some_and(|died_on| died_on < paid_on) {
        return Err(Why::Died);
    }
    if member.moved {
        return Err(Why::Moved);
    }
    if member.paid {
        return Err(Why::AlreadyPaid);
    }
    match member.due {
        None => Err(Why::NotQuoted),
        Some(due) if due != member.declared => Err(Why::AmountChanged),
        Some(_) if !member.opens_coverage => Err(Why::OpensNoCoverage),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::tianjin_2021;
    use super::*;
    use crate::codes::{Class, Identity, Tier};
    use crate::contribution::quote::{QuoteRequest, quote};
    use crate::dates::written::day;

    fn pupil() -> Candidate {
        Candidate {
            category: Category::SchoolStudent,
            died_on: None,
            paid_by: None,
            declared_elsewhere: false,
            open_exception: false,
            withdrew: false,
            quoted: true,
        }
    }

    fn declared(candidate: &Candidate) -> Result<(), Why> {
        when_declared(candidate, Declarer::Institution, day("2020-10-09"))
    }

    /// J-3.3.1-b: only those who are neither paid nor declared.
    #[test]
    fn who_is_paid_or_declared_is_left_out() {
        assert_eq!(declared(&pupil()), Ok(()));
        let paid_by = |method| Candidate { paid_by: Some(method), ..pupil() };
        assert_eq!(declared(&paid_by(PaymentMethod::MobileApp)), Err(Why::AlreadyPaid));
        assert_eq!(declared(&paid_by(PaymentMethod::Prepayment)), Err(Why::Prepaid));
        assert_eq!(declared(&Candidate { declared_elsewhere: true, ..pupil() }), Err(Why::DeclaredElsewhere));
        assert_eq!(declared(&Candidate { open_exception: true, ..pupil() }), Err(Why::OpenException));
        assert_eq!(declared(&Candidate { withdrew: true, ..pupil() }), Err(Why::Refunded));
        assert_eq!(declared(&Candidate { quoted: false, ..pupil() }), Err(Why::NotQuoted));
        let died = |on| Candidate { died_on: Some(day(on)), ..pupil() };
        assert_eq!(declared(&died("2020-10-09")), Err(Why::Died));
        assert_eq!(declared(&died("2020-10-10")), Ok(()));
    }

    /// J-3.3.1-e: a village declares no special person, the authority does.
    #[test]
    fn special_persons_are_left_to_their_authority() {
        let special = Candidate { category: Category::SpecialPerson, ..pupil() };
        let on = day("2020-10-09");
        for declarer in [Declarer::Institution, Declarer::Village] {
            assert_eq!(when_declared(&special, declarer, on), Err(Why::DeclaredByAuthority));
        }
        assert_eq!(when_declared(&special, Declarer::Authority, on), Ok(()));
    }

    /// J-3.3.1-b, J-2.3-k, J-3.3.3-b: subsidised and prepaid students count 0.
    #[test]
    fn who_is_subsidised_or_prepaid_owes_nothing() {
        let quoted = |identities: &[Identity]| {
            let (class, tier) = (Class::StudentChild, Tier::StudentChild);
            let (identities, applied_on) = (identities.to_vec(), day("2020-09-10"));
            let request = QuoteRequest { class, tier: Some(tier), identities, applied_on, parts: Vec::new() };
            quote(&request, &tianjin_2021()).unwrap()
        };
        let transfer = PaymentMethod::AuthorisedTransfer;
        let pays = Amounts::of(&quoted(&[]), false);
        assert_eq!((pays.payable, pays.way(transfer)), (Fen::yuan(260), transfer));
        let subsidised = Amounts::of(&quoted(&[Identity::SpecialFamilyStudent]), true);
        assert_eq!((subsidised.payable, subsidised.subsidy, subsidised.prepaid), (Fen::ZERO, Fen::yuan(260), false));
        assert_eq!(subsidised.way(transfer), PaymentMethod::GovernmentSubsidy);
        let prepaid = Amounts::of(&quoted(&[]), true);
        assert_eq!((prepaid.payable, prepaid.subsidy, prepaid.prepaid), (Fen::ZERO, Fen::ZERO, true));
        assert_eq!(prepaid.way(transfer), PaymentMethod::Prepayment);
    }

    fn member() -> Member {
        Member {
            enrolled: true,
            died_on: None,
            paid: false,
            moved: false,
            declared: Fen::yuan(260),
            due: Some(Fen::yuan(260)),
            opens_coverage: true,
        }
    }

    /// J-3.3.1-c.
    #[test]
    fn what_changed_meanwhile_makes_an_exception() {
        let paid = |member: &Member| when_paid(member, day("2020-10-20"));
        assert_eq!(paid(&member()), Ok(()));
        assert_eq!(paid(&Member { enrolled: false, ..member() }), Err(Why::NotEnrolled));
        assert_eq!(paid(&Member { died_on: Some(day("2020-10-19")), ..member() }), Err(Why::Died));
        assert_eq!(paid(&Member { died_on: Some(day("2020-10-20")), ..member() }), Ok(()));
        assert_eq!(paid(&Member { paid: true, ..member() }), Err(Why::AlreadyPaid));
        assert_eq!(paid(&Member { moved: true, ..member() }), Err(Why::Moved));
        assert_eq!(paid(&Member { due: None, ..member() }), Err(Why::NotQuoted));
        assert_eq!(paid(&Member { due: Some(Fen::ZERO), ..member() }), Err(Why::AmountChanged));
        assert_eq!(paid(&Member { opens_coverage: false, ..member() }), Err(Why::OpensNoCoverage));
    }
}
