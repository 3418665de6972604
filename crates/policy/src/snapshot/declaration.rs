//! How units declare and pay, and which papers others pay on.

use juyi_domain::contribution::declaration::DeclarationParams;
use juyi_domain::contribution::notice::NoticeParams;

use crate::LoadError;
use crate::reader::{Reader, settle};

pub(super) fn read(reader: &Reader<'_>) -> Result<DeclarationParams, LoadError> {
    Ok(DeclarationParams {
        unit_ways: settle(reader.get("declaration.unit_ways"))?,
        village_ways: settle(reader.get("declaration.village_ways"))?,
        by_authority: settle(reader.get("declaration.by_authority"))?,
    })
}

pub(super) fn notices(reader: &Reader<'_>) -> Result<NoticeParams, LoadError> {
    Ok(NoticeParams {
        of_township: settle(reader.get("notice.of_township"))?,
        of_tax_hall: settle(reader.get("notice.of_tax_hall"))?,
    })
}
