//! Whose a record is, where offices change what they recorded themselves.

use juyi_domain::codes::Office;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;

/// The offices of `any` change any record, another office only its own. The others are many, and one without a name is
/// nobody: what it recorded is nobody's own.
///
/// # Errors
/// ROLE_NOT_ALLOWED.
pub(crate) fn require(caller: &Caller, any: &[Office], recorded_by: &Caller) -> Result<(), Refusal> {
    if any.contains(&caller.office) || (recorded_by == caller && !caller.name.is_empty()) {
        return Ok(());
    }
    let any = any.iter().map(|office| office.as_str()).collect::<Vec<_>>().join(", ");
    let detail = format!("another office recorded this; that office changes it, or one of {any} does");
    Err(Refusal::new(Reason::RoleNotAllowed, detail).with("office", caller.office).with("allowed", any))
}
