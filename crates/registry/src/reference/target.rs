//! Which row of the target table a unit counts in.

use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::registry::units as kinds;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;

use super::read::PutUnit;
use super::{find_unit, lies_in};
use crate::store::units::{self, Unit};

const FIELD: &str = "unit.target_unit";

/// The row of a unit that is to be stored over `stored` in `township`.
///
/// A part of a township counts where the township does. Of the other units the medical insurance bureau gives the row;
/// what other offices store keeps the row it has, or has its township's. The row that is stored may be named by anybody,
/// since it comes back with what was read.
///
/// # Errors
/// Inside: `VALUE_NOT_ALLOWED` for a unit that is no row, and for a part of a township; `ROLE_NOT_ALLOWED` for another
/// office. Outside: `UNIT_NOT_FOUND`, and those of the database.
pub(super) async fn decide(
    session: &mut Session,
    caller: &Caller,
    read: &PutUnit,
    (stored, township): (Option<&Unit>, Option<&Unit>),
) -> Result<Result<Option<String>, Refusal>, Error> {
    let townships = township.and_then(|township| township.target_unit.clone());
    let is_part = kinds::is_part_of_township(read.kind);
    if !is_part && caller.office == Office::MedicalInsurance {
        return match &read.target_unit {
            Some(id) => given(session, read, id).await,
            None => Ok(Ok(townships)),
        };
    }
    let row = if is_part { townships } else { kept(session, stored, townships).await? };
    let known = [row.as_ref(), stored.and_then(|stored| stored.target_unit.as_ref())];
    let other = read.target_unit.as_ref().filter(|id| !known.contains(&Some(*id)));
    Ok(match other {
        None => Ok(row),
        Some(_) if is_part => {
            let detail = format!("a unit of kind {} counts where its township does", read.kind);
            Err(Refusal::new(Reason::ValueNotAllowed, detail).at(FIELD))
        }
        Some(_) => {
            let detail = "the medical insurance bureau says which row of the target table a unit counts in";
            let refusal = Refusal::new(Reason::RoleNotAllowed, detail).at(FIELD);
            Err(refusal.with("office", caller.office).with("allowed", Office::MedicalInsurance))
        }
    })
}

/// A row counts in itself, in the district of the unit.
async fn given(session: &mut Session, read: &PutUnit, id: &str) -> Result<Result<Option<String>, Refusal>, Error> {
    if id == read.id {
        return Ok(Ok(Some(id.to_owned())));
    }
    let row = find_unit(session, id, FIELD).await?;
    if row.target_unit.as_ref() != Some(&row.id) {
        let detail = "the unit named is no row of a target table; it counts in another one or in none";
        return Ok(Err(Refusal::new(Reason::ValueNotAllowed, detail).at(FIELD)));
    }
    Ok(lies_in(&row, row.kind, read.district, FIELD).map(|()| Some(row.id)))
}

/// The row that a unit has, unless it is the one of the township it lay in: then that of the township it lies in.
async fn kept(
    session: &mut Session,
    stored: Option<&Unit>,
    townships: Option<String>,
) -> Result<Option<String>, Error> {
    let Some(stored) = stored else { return Ok(townships) };
    let before = match &stored.township {
        Some(id) => units::maybe_find(session, id).await?.and_then(|township| township.target_unit),
        None => None,
    };
    let its_own = stored.target_unit.is_some() && stored.target_unit != before;
    Ok(if its_own { stored.target_unit.clone() } else { townships })
}
