//! What the registers of settlement say about a bill: asked where its cover is asked, on the day the stay began (AMB-139).

use juyi_db::Session;
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::case::Standing;
use juyi_kit::error::Error;

use crate::store::settlements::Claim;

/// The standing of a resident for a bill. Each register fills its own field.
///
/// # Errors
/// Those of the database.
pub(crate) async fn find(
    _session: &mut Session,
    _resident_id: ResidentId,
    _claim: &Claim,
) -> Result<Standing, Error> {
    Ok(Standing::default())
}
