//! The account to which claims are paid (J-6.2.1.2-a, J-6.2.1.2-b).

use super::codes::{AccountKind, AccountState};
use super::params::ClaimParams;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal};

/// Mark of a claim whose payment waits for an active account.
pub const PENDING_ACCOUNT: &str = "PENDING_ACCOUNT";

/// An account of a person. Its number is the bank's and is not kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Kind.
    pub kind: AccountKind,
    /// State.
    pub state: AccountState,
}

/// What is known of a person's account when a claim is filed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtFiling {
    /// The account on record.
    pub on_record: Option<Account>,
    /// The account that the desk records with the claim.
    pub recorded_now: Option<Account>,
    /// The person filed a claim before.
    pub claimed_before: bool,
}

impl AtFiling {
    /// The account that counts after the filing.
    #[must_use]
    pub fn account(&self) -> Option<Account> {
        match (self.on_record, self.recorded_now) {
            // A card takes the place of a settlement account; the other way round nothing is gained.
            (Some(old), Some(new)) if !is_better(new, old) => Some(old),
            (old, new) => new.or(old),
        }
    }
}

const fn is_better(new: Account, old: Account) -> bool {
    matches!((new.kind, old.kind), (AccountKind::Card, AccountKind::SettlementAccount))
        || new.kind as u8 == old.kind as u8 && matches!(new.state, AccountState::Activated)
}

/// Checks that somebody without a card opened an account with the first claim. The first claim is taken all the same: its
/// payment waits. `None` where the document has no such accounts.
///
/// # Errors
/// `EVIDENCE_NOT_ACCEPTED` for a further claim without an account (J-6.2.1.2-b).
pub fn decide(account: &AtFiling, params: &ClaimParams) -> Result<Option<Step>, Refusal> {
    let Some(rule) = params.account_with_first_claim.as_ref().filter(|rule| rule.value) else { return Ok(None) };
    let step = Step::by(rule, |_| "ACCOUNT_WITH_FIRST_CLAIM".into());
    match account.account() {
        Some(known) if known.state == AccountState::Activated => Ok(Some(step.given("account", known.kind))),
        Some(known) => Ok(Some(step.given("account", known.kind).marked(PENDING_ACCOUNT))),
        None if account.claimed_before => {
            let detail = "without a card, the settlement account was to be opened with the first claim";
            Err(Refusal::new(Reason::EvidenceNotAccepted, detail).at("account").by(rule.reference.rule_id.clone()))
        }
        None => Ok(Some(step.marked(PENDING_ACCOUNT))),
    }
}

/// Whether an account may be opened beside the one on record.
///
/// # Errors
/// `ORDER_VIOLATION` for an account of the same kind, and for a settlement account of somebody who has a card.
pub fn open(kind: AccountKind, on_record: Option<Account>) -> Result<Account, Refusal> {
    let opened = Account { kind, state: AccountState::Opened };
    match on_record {
        Some(old) if !is_better(opened, old) => {
            let detail = format!("an account of kind {} is open", old.kind);
            Err(Refusal::new(Reason::OrderViolation, detail).at("kind").by("J-6.2.1.2-b").with("kind", old.kind))
        }
        _ => Ok(opened),
    }
}

/// Activates the account on record; activating it again changes nothing.
///
/// # Errors
/// `ORDER_VIOLATION` without an account.
pub fn activate(on_record: Option<Account>) -> Result<Account, Refusal> {
    let detail = "an account is opened before it is activated";
    on_record
        .map(|account| Account { state: AccountState::Activated, ..account })
        .ok_or_else(|| Refusal::new(Reason::OrderViolation, detail).at("resident_id").by("J-6.2.1.2-a"))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;

    const fn account(kind: AccountKind, state: AccountState) -> Option<Account> {
        Some(Account { kind, state })
    }

    const CARD: Option<Account> = account(AccountKind::Card, AccountState::Activated);
    const OPENED: Option<Account> = account(AccountKind::SettlementAccount, AccountState::Opened);

    /// J-6.2.1.2-b: first claim without a card: account opened with it; second claim still without account.
    #[test]
    fn the_first_claim_opens_the_account() {
        let law = tianjin_2021();
        let marks = |at: AtFiling| decide(&at, &law).map(|step| step.unwrap().marks().count());
        assert_eq!(marks(AtFiling { recorded_now: OPENED, ..AtFiling::default() }), Ok(1));
        assert_eq!(marks(AtFiling { on_record: OPENED, claimed_before: true, ..AtFiling::default() }), Ok(1));
        assert_eq!(marks(AtFiling { on_record: CARD, claimed_before: true, ..AtFiling::default() }), Ok(0));
        assert_eq!(marks(AtFiling::default()), Ok(1));
        let second = AtFiling { claimed_before: true, ..AtFiling::default() };
        let refusal = decide(&second, &law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::EvidenceNotAccepted, Some("J-6.2.1.2-b")));
        assert_eq!(decide(&second, &baodi_2017()), Ok(None));
        assert_eq!(marks(AtFiling { recorded_now: CARD, ..second }), Ok(0));
    }

    /// J-6.2.1.2-b: a card takes the place of a settlement account.
    #[test]
    fn a_card_replaces_a_settlement_account() {
        assert_eq!(open(AccountKind::SettlementAccount, None).ok(), OPENED);
        assert_eq!(open(AccountKind::Card, OPENED).ok(), account(AccountKind::Card, AccountState::Opened));
        for (kind, on_record) in [(AccountKind::SettlementAccount, OPENED), (AccountKind::SettlementAccount, CARD)] {
            assert_eq!(open(kind, on_record).unwrap_err().reason, Reason::OrderViolation);
        }
        let both = |on_record, recorded_now| AtFiling { on_record, recorded_now, claimed_before: false }.account();
        assert_eq!(both(OPENED, CARD), CARD);
        assert_eq!(both(CARD, OPENED), CARD);
        let activated = account(AccountKind::SettlementAccount, AccountState::Activated);
        assert_eq!(both(OPENED, activated), activated);
        assert_eq!(both(activated, OPENED), activated);
    }

    /// J-6.2.1.2-a: only what was opened is activated, once or twice.
    #[test]
    fn an_account_is_opened_before_it_is_activated() {
        assert_eq!(activate(None).unwrap_err().reason, Reason::OrderViolation);
        let activated = activate(OPENED).unwrap();
        assert_eq!(activated.state, AccountState::Activated);
        assert_eq!(activate(Some(activated)), Ok(activated));
    }
}
