//! How units and authorities declare.

use juyi_domain::contribution::declaration::DeclarationParams;

use crate::LoadError;
use crate::reader::{Reader, settle};

pub(super) fn read(reader: &Reader<'_>) -> Result<DeclarationParams, LoadError> {
    Ok(DeclarationParams {
        agency_system: reader.maybe("declaration.agency_system")?,
        by_authority: settle(reader.get("declaration.by_authority"))?,
    })
}
