//! Reading declarations.

use juyi_domain::contribution::declaration::{DeclarationLineState, Declarer};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::contribution::v1 as pb;

use super::{Declarations, find, read, write};
use crate::confirm::COLLECTORS;
use crate::store::declarations::{self, Declaration};
use crate::store::{declaration_lines as lines, declaration_returns};

/// A declaration is read in its district; that of an authority by this authority, and by those who collect. Errors:
/// ROLE_NOT_ALLOWED.
fn require_readable(caller: &Caller, declaration: &Declaration) -> Result<(), Refusal> {
    caller.require_district(declaration.district)?;
    let own = declaration.recorded_by.office == caller.office || COLLECTORS.contains(&caller.office);
    if own || declaration.declarer != Declarer::Authority {
        return Ok(());
    }
    let detail = "whom an authority declared is read by this authority and by those who collect";
    Err(Refusal::new(Reason::RoleNotAllowed, detail).with("office", caller.office).by("J-3.3.1-e"))
}

pub(super) async fn get(
    desk: &Declarations,
    request: pb::GetDeclarationRequest,
) -> Result<pb::GetDeclarationResponse, Error> {
    let declaration = desk.find(read::id(&request.declaration_id)?).await?;
    require_readable(&Caller::current()?, &declaration)?;
    Ok(pb::GetDeclarationResponse { declaration: Some(write::declaration(&declaration)) })
}

pub(super) async fn list(
    desk: &Declarations,
    request: pb::ListDeclarationsRequest,
) -> Result<pb::ListDeclarationsResponse, Error> {
    let caller = Caller::current()?;
    let read::List { unit_id, policy_year, before, size } = read::list(&request)?;
    let mut session = desk.database.read().await?;
    let page = declarations::page(&mut session, &unit_id, policy_year, before, size).await?;
    page.iter().try_for_each(|declaration| require_readable(&caller, declaration))?;
    Ok(pb::ListDeclarationsResponse {
        next_page_token: next_page(&page, size, |last| last.id.to_string()),
        declarations: page.iter().map(write::declaration).collect(),
    })
}

pub(super) async fn list_lines(
    desk: &Declarations,
    request: pb::ListDeclarationLinesRequest,
) -> Result<pb::ListDeclarationLinesResponse, Error> {
    let read::Lines { id, state, after, size } = read::lines(&request)?;
    let mut session = desk.database.read().await?;
    require_readable(&Caller::current()?, &find(&mut session, id).await?)?;
    let page = lines::page(&mut session, id, state, after, size).await?;
    let mut written = Vec::with_capacity(page.len());
    for line in &page {
        let back = match line.state {
            DeclarationLineState::Returned => {
                declaration_returns::maybe_find(&mut session, (line.resident_id, line.enrolment_id, id)).await?
            }
            _ => None,
        };
        written.push(write::line(line, back.as_ref()));
    }
    Ok(pb::ListDeclarationLinesResponse {
        next_page_token: next_page(&page, size, |last| last.enrolment_id.to_string()),
        lines: written,
    })
}
