//! That an enrolment is paid, as the contribution service says.

use juyi_kit::error::Error;
use juyi_proto::registry::v1 as pb;

use crate::registry::{Registry, not_built};

pub(crate) async fn note_payment(_: &Registry, _: pb::NotePaymentRequest) -> Result<pb::NotePaymentResponse, Error> {
    not_built()
}
