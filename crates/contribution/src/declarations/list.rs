//! Reading declarations.

use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;

use super::{Declarations, find, read, write};
use crate::store::declaration_lines as lines;
use crate::store::declarations;

pub(super) async fn get(
    desk: &Declarations,
    request: pb::GetDeclarationRequest,
) -> Result<pb::GetDeclarationResponse, Error> {
    let declaration = desk.find(read::id(&request.declaration_id)?).await?;
    Ok(pb::GetDeclarationResponse { declaration: Some(write::declaration(&declaration)) })
}

pub(super) async fn list(
    desk: &Declarations,
    request: pb::ListDeclarationsRequest,
) -> Result<pb::ListDeclarationsResponse, Error> {
    let read::List { unit_id, policy_year, before, size } = read::list(&request)?;
    let mut session = desk.database.read().await?;
    let page = declarations::page(&mut session, &unit_id, policy_year, before, size).await?;
    let last = page.last().map(|last| last.id.to_string());
    Ok(pb::ListDeclarationsResponse {
        next_page_token: last.filter(|_| i64::try_from(page.len()) == Ok(size)).unwrap_or_default(),
        declarations: page.iter().map(write::declaration).collect(),
    })
}

pub(super) async fn list_lines(
    desk: &Declarations,
    request: pb::ListDeclarationLinesRequest,
) -> Result<pb::ListDeclarationLinesResponse, Error> {
    let read::Lines { id, state, after, size } = read::lines(&request)?;
    let mut session = desk.database.read().await?;
    find(&mut session, id).await?;
    let page = lines::page(&mut session, id, state, after, size).await?;
    let last = page.last().map(|last| last.enrolment_id.to_string());
    Ok(pb::ListDeclarationLinesResponse {
        next_page_token: last.filter(|_| i64::try_from(page.len()) == Ok(size)).unwrap_or_default(),
        lines: page.iter().map(write::line).collect(),
    })
}
