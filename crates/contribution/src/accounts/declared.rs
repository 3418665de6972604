//! What a unit declared. Payments know the declarations that are paid; one that is not comes from wherever declarations are
//! kept, and adds to what is given here.

use juyi_domain::money::Fen;

use crate::store::unit_payments::UnitSum;

/// What the unit's declarations of the year come to: all that is paid was declared, for it is paid in one sum (J-3.3.1-c).
pub(super) const fn of(paid: &UnitSum) -> Fen {
    paid.paid
}
