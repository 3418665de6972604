//! The one payment of a declaration (J-3.3.1-c, J-3.3.2-b).

use juyi_db::Session;
use juyi_domain::contribution::declaration::payment::{self, DeclarationPayment};
use juyi_domain::id::DeclarationId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;

use super::{Declarations, PATIENCE, contended, find, members, read, write};
use crate::confirm::require_duty;
use crate::store::declarations::{self, Declaration, Paid};
use crate::store::vouchers::{self, Use};

/// Confirms the payment and goes on to its people. Errors: those of the contract.
pub(super) async fn pay(
    desk: &Declarations,
    request: pb::PayDeclarationRequest,
) -> Result<pb::PayDeclarationResponse, Error> {
    let caller = Caller::current()?;
    let read = read::pay(&request, desk.context.clock().today())?;
    require_duty(&caller, read.method)?;
    let command = Command::new("PayDeclaration", &request.declaration_id, &request.request_id, &request)
        .validating(request.validate_only);
    let (caller, read) = (&caller, &read);
    let work = |mut session| async move {
        let declaration = confirm(&mut session, desk, caller, read).await?;
        Ok((pb::PayDeclarationResponse { declaration: Some(write::declaration(&declaration)) }, session))
    };
    let reply = command.run(&desk.database, &desk.context, work).await?;
    if request.validate_only {
        return Ok(reply);
    }
    // The payment stands, whatever keeps its people waiting: then the background work goes on.
    match tokio::time::timeout(PATIENCE, Box::pin(members::run(desk, read.id))).await {
        Ok(Ok(())) => desk.outbox.flush(&read.id.to_string()).await,
        Ok(Err(error)) => tracing::warn!(%error, "the people of a paid declaration wait"),
        Err(_) => {}
    }
    Ok(pb::PayDeclarationResponse { declaration: Some(write::declaration(&desk.find(read.id).await?)) })
}

async fn confirm(
    session: &mut Session,
    desk: &Declarations,
    caller: &Caller,
    read: &read::Pay,
) -> Result<Declaration, Error> {
    let declaration = find(session, read.id).await?;
    caller.require_district(declaration.district)?;
    let mut refusals = Refusals::default();
    refusals.keep(declaration.state.require_payable());
    refusals.keep(check(desk, &declaration, read));
    let own = Use::of_declaration(declaration.id, read.method);
    refusals.0.extend(vouchers::maybe_refusal(session, &read.voucher_number, &own).await?);
    refusals.into_result()?;
    let now = desk.context.now();
    vouchers::claim_for_declaration(session, &read.voucher_number, &own, (declaration.id, now)).await?;
    let paid = Paid {
        method: read.method,
        on: read.paid_on,
        voucher_number: read.voucher_number.clone(),
        recorded_by: caller.clone(),
        recorded_at: now,
    };
    if !declarations::pay(session, declaration.id, &paid).await? {
        return Err(contended());
    }
    find(session, declaration.id).await
}

fn check(desk: &Declarations, declaration: &Declaration, read: &read::Pay) -> Result<(), Refusals> {
    let law = desk.context.policy().for_(declaration.district, declaration.policy_year, read.paid_on)?;
    let windows: Vec<_> = [
        Some(&law.benefit_period.collection_window),
        Some(&law.benefit_period.school_window),
        law.benefit_period.late_window.as_ref(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let payment = DeclarationPayment {
        declarer: declaration.declarer,
        due: declaration.totals.payable,
        paid: read.amount,
        method: read.method,
        on: read.paid_on,
    };
    payment::check(&payment, &law.payment, &windows)
}

pub(super) fn duplicate(id: DeclarationId, detail: &str) -> Refusal {
    Refusal::new(Reason::DuplicatePayment, detail).with("declaration_id", id)
}
