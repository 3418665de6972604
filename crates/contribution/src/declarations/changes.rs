//! What happens to a declaration besides: its receipt, and its withdrawal.

use juyi_domain::codes::Office;
use juyi_domain::contribution::declaration::DeclarationState;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;

use super::pay::duplicate;
use super::{Declarations, contended, find, read, write};
use crate::store::{declaration_lines as lines, declarations};

/// Records the electronic tax receipt (J-3.3.1-d). Errors: those of the contract.
pub(super) async fn record_receipt(
    desk: &Declarations,
    request: pb::RecordElectronicReceiptRequest,
) -> Result<pb::RecordElectronicReceiptResponse, Error> {
    let caller = &Caller::current()?;
    let (id, number) = &read::receipt(&request)?;
    caller.require(&[Office::Tax, Office::System]).map_err(|refusal| refusal.by("J-3.3.1-d"))?;
    let command = Command::new("RecordElectronicReceipt", &request.declaration_id, &request.request_id, &request)
        .validating(request.validate_only);
    let work = |mut session| async move {
        let declaration = find(&mut session, *id).await?;
        caller.require_district(declaration.district)?;
        let mut refusals = Refusals::default();
        refusals.keep(declaration.state.require_receipt_due());
        if declaration.receipt_number.as_ref().is_some_and(|recorded| recorded != number) {
            let detail = "another receipt is recorded for this payment";
            refusals.push(Refusal::new(Reason::OrderViolation, detail).at("receipt_number").by("J-3.3.1-d"));
        }
        let of_number = declarations::maybe_find_of_receipt(&mut session, number).await?;
        if let Some(other) = of_number.filter(|other| *other != declaration.id) {
            let detail = "this receipt belongs to another declaration";
            refusals.push(duplicate(other, detail).at("receipt_number").by("J-3.3.1-d"));
        }
        refusals.into_result()?;
        let stored = declarations::record_receipt(&mut session, declaration.id, number).await?;
        if !stored && declaration.receipt_number.is_none() {
            return Err(contended());
        }
        let declaration = find(&mut session, declaration.id).await?;
        Ok((pb::RecordElectronicReceiptResponse { declaration: Some(write::declaration(&declaration)) }, session))
    };
    command.run(&desk.database, &desk.context, work).await
}

/// Takes a declaration back, by the office that made it. Errors: those of the contract.
pub(super) async fn withdraw(
    desk: &Declarations,
    request: pb::WithdrawDeclarationRequest,
) -> Result<pb::WithdrawDeclarationResponse, Error> {
    let caller = &Caller::current()?;
    let id = read::withdraw(&request)?;
    let command = Command::new("WithdrawDeclaration", &request.declaration_id, &request.request_id, &request)
        .validating(request.validate_only);
    let work = |mut session| async move {
        let declaration = find(&mut session, id).await?;
        caller.require(&[declaration.recorded_by.office, Office::System])?;
        caller.require_district(declaration.district)?;
        declaration.state.require_withdrawable()?;
        let (from, to) = (DeclarationState::Declared, DeclarationState::Withdrawn);
        if !declarations::advance(&mut session, id, from, to).await? {
            return Err(contended());
        }
        lines::withdraw(&mut session, id).await?;
        let declaration = find(&mut session, id).await?;
        Ok((pb::WithdrawDeclarationResponse { declaration: Some(write::declaration(&declaration)) }, session))
    };
    command.run(&desk.database, &desk.context, work).await
}
