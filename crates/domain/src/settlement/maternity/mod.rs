//! Maternity insurance: prenatal checks, childbirth, family planning (J-5.3.T).

use serde::{Deserialize, Serialize};

/// What happened, as the maternity table asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaternityEvent {
    /// Code of the item of the table.
    pub item_code: String,
}
