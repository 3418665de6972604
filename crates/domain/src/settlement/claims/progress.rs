//! The steps of a self-paid claim, their order and their offices (J-6.2.1.1-b, J-6.2.1.1-e, J-6.2.1.2-a).
//!
//! A township enters, uploads and hands over; the branch enters and uploads what it takes itself, and decides about both.

use std::borrow::Cow;

use super::account::Account;
use super::codes::{AccountState, ClaimDecision, ClaimDesk, ClaimState};
use super::desk::office_of;
use super::params::ClaimParams;
use crate::codes::{District, Office};
use crate::id::SelfPaidClaimId;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal};

/// A claim as far as its next step depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Desk that took it.
    pub desk: ClaimDesk,
    /// State.
    pub state: ClaimState,
    /// Its settlement was reversed.
    pub reversed: bool,
}

impl Claim {
    /// True when the desk is of an office that decides, so that nothing is handed over.
    fn stays(self, params: &ClaimParams) -> bool {
        params.handed_over_to.contains(&office_of(self.desk))
    }

    /// The clause that orders the steps.
    fn rule_id(self, params: &ClaimParams) -> Cow<'static, str> {
        let reference = if self.stays(params) { &params.paid_by.reference } else { &params.handed_over_to.reference };
        reference.rule_id.clone()
    }

    fn violation(self, detail: &str, params: &ClaimParams) -> Refusal {
        Refusal::new(Reason::OrderViolation, format!("{detail}; it is {}", self.state))
            .at("claim_id")
            .by(self.rule_id(params))
            .with("state", self.state)
    }

    fn follow(self, before: ClaimState, next: ClaimState, params: &ClaimParams) -> Result<ClaimState, Refusal> {
        if self.state == before {
            return Ok(next);
        }
        Err(self.violation(&format!("{next} follows {before}"), params))
    }

    /// Enters it in the residents' payment system.
    ///
    /// # Errors
    /// `ORDER_VIOLATION`.
    pub fn enter(self, params: &ClaimParams) -> Result<ClaimState, Refusal> {
        self.follow(ClaimState::Filed, ClaimState::Entered, params)
    }

    /// Uploads it.
    ///
    /// # Errors
    /// `ORDER_VIOLATION`.
    pub fn upload(self, params: &ClaimParams) -> Result<ClaimState, Refusal> {
        self.follow(ClaimState::Entered, ClaimState::Uploaded, params)
    }

    /// Hands the papers over.
    ///
    /// # Errors
    /// `ORDER_VIOLATION`, also for a claim that the deciding office took itself.
    pub fn hand_over(self, params: &ClaimParams) -> Result<ClaimState, Refusal> {
        if self.stays(params) {
            return Err(self.violation("the office that decides took the claim itself; nothing is handed over", params));
        }
        self.follow(ClaimState::Uploaded, ClaimState::HandedOver, params)
    }

    /// Approves or returns it. An approved claim is returned when its settlement was reversed before it was paid.
    ///
    /// # Errors
    /// `ORDER_VIOLATION`.
    pub fn review(self, decision: ClaimDecision, params: &ClaimParams) -> Result<ClaimState, Refusal> {
        let ready = if self.stays(params) { ClaimState::Uploaded } else { ClaimState::HandedOver };
        let approved = matches!(self.state, ClaimState::Approved | ClaimState::PendingAccount);
        match decision {
            ClaimDecision::Approve => self.follow(ready, ClaimState::Approved, params),
            ClaimDecision::Return if approved && self.reversed => Ok(ClaimState::Returned),
            ClaimDecision::Return => self.follow(ready, ClaimState::Returned, params),
        }
    }

    /// Pays it, or finds that the payment has to wait for an activated account.
    ///
    /// # Errors
    /// `ORDER_VIOLATION` before the approval, after the payment, for an amount of 0, and when the settlement was reversed.
    pub fn pay(self, due: Fen, account: Option<Account>, params: &ClaimParams) -> Result<ClaimState, Refusal> {
        if !matches!(self.state, ClaimState::Approved | ClaimState::PendingAccount) {
            return Err(self.violation("a claim is paid once, after it was approved", params));
        }
        if self.reversed {
            return Err(self.violation("the settlement of the claim was reversed", params));
        }
        if due <= Fen::ZERO {
            return Err(self.violation("the claim comes to 0; nothing is paid", params));
        }
        let active = account.is_some_and(|account| account.state == AccountState::Activated);
        let waits = params.to_activated_account.as_ref().is_some_and(|rule| rule.value) && !active;
        Ok(if waits { ClaimState::PendingAccount } else { ClaimState::Paid })
    }

    /// True while money was paid on a settlement that is reversed, and has not come back.
    #[must_use]
    pub fn is_to_recover(self) -> bool {
        self.reversed && self.state == ClaimState::Paid
    }

    /// Takes the money of a reversed settlement back. Neither document says how the person repays: what was paid comes back
    /// whole.
    ///
    /// # Errors
    /// `ORDER_VIOLATION` for a claim that was not paid, or whose settlement is in force.
    pub fn recover(self, params: &ClaimParams) -> Result<ClaimState, Refusal> {
        if self.is_to_recover() {
            return Ok(ClaimState::Recovered);
        }
        Err(self.violation("money comes back when the settlement was reversed after it was paid", params))
    }
}

/// One bill is paid once: what was paid on an earlier claim of the bill comes back before the next one is paid.
///
/// # Errors
/// `ORDER_VIOLATION` with metadata `claim_id`, the earlier claim (J-6.2.1-a).
pub fn require_recovered(earlier: Option<SelfPaidClaimId>) -> Result<(), Refusal> {
    let Some(id) = earlier else { return Ok(()) };
    let detail = "an earlier claim of this bill was paid, its settlement was reversed, and the money has not come back";
    Err(Refusal::new(Reason::OrderViolation, detail).at("claim_id").by("J-6.2.1-a").with("claim_id", id))
}

/// The city pays what the city collects.
///
/// # Errors
/// `ROLE_NOT_ALLOWED` for an office of a district where the city pays (J-6.2.1.1-e).
pub fn require_city(district: Option<District>, params: &ClaimParams) -> Result<(), Refusal> {
    match (&params.paid_by_the_city, district) {
        (Some(rule), Some(own)) if rule.value => {
            let detail = "claims are paid by the centre of the city, not by an office of a district";
            Err(Refusal::new(Reason::RoleNotAllowed, detail)
                .at("x-juyi-district")
                .by(rule.reference.rule_id.clone())
                .with("office_district", own))
        }
        _ => Ok(()),
    }
}

/// Who checks a claim is not one of those who made it.
///
/// # Errors
/// `ROLE_NOT_ALLOWED` when the same name of the same kind of office took a step before.
pub fn require_other<'a>(
    (office, name): (Office, &str),
    makers: impl IntoIterator<Item = (Office, &'a str)>,
) -> Result<(), Refusal> {
    if makers.into_iter().all(|maker| maker != (office, name)) {
        return Ok(());
    }
    let detail = "who filed, entered, uploaded or handed over a claim does not decide about it";
    Err(Refusal::new(Reason::RoleNotAllowed, detail).at("x-juyi-name"))
}

#[cfg(test)]
mod tests {
    use super::super::codes::AccountKind;
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use ClaimState::{Approved, Entered, Filed, HandedOver, Paid, PendingAccount, Returned, Uploaded};

    const fn claim(desk: ClaimDesk, state: ClaimState) -> Claim {
        Claim { desk, state, reversed: false }
    }

    /// The states in which a step succeeds.
    fn open_to(desk: ClaimDesk, step: impl Fn(Claim) -> Result<ClaimState, Refusal>) -> Vec<ClaimState> {
        ClaimState::ALL.iter().copied().filter(|state| step(claim(desk, *state)).is_ok()).collect()
    }

    const TOWNSHIP: ClaimDesk = ClaimDesk::TownshipService;
    const BRANCH: ClaimDesk = ClaimDesk::DistrictMedicalInsuranceBranch;

    /// J-6.2.1.1-b: entry, upload, hand-over, each after the one before.
    #[test]
    fn a_township_enters_uploads_and_hands_over() {
        let law = &tianjin_2021();
        assert_eq!(open_to(TOWNSHIP, |claim| claim.enter(law)), [Filed]);
        assert_eq!(open_to(TOWNSHIP, |claim| claim.upload(law)), [Entered]);
        assert_eq!(open_to(TOWNSHIP, |claim| claim.hand_over(law)), [Uploaded]);
        for decision in [ClaimDecision::Approve, ClaimDecision::Return] {
            assert_eq!(open_to(TOWNSHIP, |claim| claim.review(decision, law)), [HandedOver]);
        }
        let refusal = claim(TOWNSHIP, Filed).hand_over(law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::OrderViolation, Some("J-6.2.1.1-b")));
    }

    /// J-6.2.1.1-e: the branch enters and uploads itself.
    #[test]
    fn the_branch_hands_nothing_over() {
        let law = &tianjin_2021();
        assert_eq!(open_to(BRANCH, |claim| claim.hand_over(law)), []);
        assert_eq!(open_to(BRANCH, |claim| claim.review(ClaimDecision::Approve, law)), [Uploaded]);
        let refusal = claim(BRANCH, Uploaded).hand_over(law).unwrap_err();
        assert_eq!(refusal.rule_id.as_deref(), Some("J-6.2.1.1-e"));
    }

    /// J-6.2.1.2-a: to an activated account; until then the payment waits.
    #[test]
    fn money_waits_for_an_activated_account() {
        let law = &tianjin_2021();
        let account = |state| Some(Account { kind: AccountKind::Card, state });
        let pay = |account| claim(TOWNSHIP, Approved).pay(Fen::yuan(1), account, law).unwrap();
        assert_eq!(pay(account(AccountState::Activated)), Paid);
        assert_eq!((pay(account(AccountState::Opened)), pay(None)), (PendingAccount, PendingAccount));
        let activated = account(AccountState::Activated);
        assert_eq!(open_to(TOWNSHIP, |claim| claim.pay(Fen::yuan(1), activated, law)), [Approved, PendingAccount]);
        assert_eq!(open_to(TOWNSHIP, |claim| claim.pay(Fen::ZERO, activated, law)), []);
        // B-6.1.2-b: the plan prints no accounts.
        assert_eq!(claim(TOWNSHIP, Approved).pay(Fen::yuan(1), None, &baodi_2017()), Ok(Paid));
    }

    /// J-6.2.1.1-b: what was reversed before it was paid is not paid, and may be returned.
    #[test]
    fn a_reversed_settlement_is_not_paid() {
        let law = &tianjin_2021();
        let reversed = |state| Claim { reversed: true, ..claim(TOWNSHIP, state) };
        let account = Some(Account { kind: AccountKind::Card, state: AccountState::Activated });
        for state in [Approved, PendingAccount] {
            assert_eq!(reversed(state).pay(Fen::yuan(1), account, law).unwrap_err().reason, Reason::OrderViolation);
            assert_eq!(reversed(state).review(ClaimDecision::Return, law), Ok(Returned));
        }
        let refusal = reversed(Paid).review(ClaimDecision::Return, law).unwrap_err();
        assert_eq!(refusal.reason, Reason::OrderViolation);
    }

    /// J-6.2.1-a: what was paid on a settlement comes back once that is reversed, once; before, a new claim is not paid.
    #[test]
    fn money_of_a_reversed_settlement_comes_back() {
        let law = &tianjin_2021();
        assert_eq!(open_to(TOWNSHIP, |claim| claim.recover(law)), []);
        let reversed = |claim: Claim| Claim { reversed: true, ..claim };
        assert_eq!(open_to(TOWNSHIP, |claim| reversed(claim).recover(law)), [Paid]);
        assert_eq!(reversed(claim(TOWNSHIP, Paid)).recover(law), Ok(ClaimState::Recovered));
        let to_recover = |claim: &Claim| claim.is_to_recover();
        let all = ClaimState::ALL.iter().map(|state| claim(TOWNSHIP, *state));
        assert_eq!(all.flat_map(|claim| [claim, reversed(claim)]).filter(to_recover).count(), 1);
        assert_eq!(require_recovered(None), Ok(()));
        let refusal = require_recovered(Some(uuid::Uuid::from_u128(7).into())).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::OrderViolation, Some("J-6.2.1-a")));
        assert_eq!(refusal.metadata[0].0, "claim_id");
    }

    /// J-6.2.1.1-e: the city medical insurance centre transfers the money.
    #[test]
    fn the_city_pays() {
        let law = tianjin_2021();
        assert_eq!(require_city(None, &law), Ok(()));
        let refusal = require_city(Some(District::Jinghai), &law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some("J-6.2.1.1-e")));
        assert_eq!(require_city(Some(District::Baodi), &baodi_2017()), Ok(()));
    }

    #[test]
    fn maker_and_checker_are_different_persons() {
        let makers = [(Office::Township, "clerk 1"), (Office::MedicalInsurance, "clerk 2")];
        assert!(require_other((Office::MedicalInsurance, "clerk 1"), makers).is_ok());
        assert!(require_other((Office::MedicalInsurance, "clerk 3"), makers).is_ok());
        let refusal = require_other((Office::MedicalInsurance, "clerk 2"), makers).unwrap_err();
        assert_eq!(refusal.reason, Reason::RoleNotAllowed);
    }
}
