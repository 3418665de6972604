//! Where to ask, what the documents say about themselves, and how they are made known.

use juyi_domain::information::params::{Contact, ContactTopic, PublicityRow};
use juyi_domain::information::{contacts, documents, publicity};
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::law;
use crate::registry::Registry;

pub(crate) async fn list_contacts(
    registry: &Registry,
    request: pb::ListContactsRequest,
) -> Result<pb::ListContactsResponse, Error> {
    let mut fields = Fields::new();
    let year = fields.policy_year("policy_year", request.policy_year);
    let district = fields.district("district", &request.district);
    let topic: Option<ContactTopic> = fields.maybe_code("topic", request.topic);
    let (year, district, topic) = fields.finish((year, district, topic))?;
    let law = law(&registry.context, district, year)?;
    let contacts = contacts::list(topic, request.phones_only, district, (&law.information, &law.accident))?;
    Ok(pb::ListContactsResponse { contacts: contacts.into_iter().map(contact).collect() })
}

fn contact(contact: Contact) -> pb::Contact {
    pb::Contact {
        topic: contact.topic.to_wire(),
        name: contact.name,
        phone: contact.phone.unwrap_or_default(),
        site: contact.site.unwrap_or_default(),
        address: contact.address.unwrap_or_default(),
        group: contact.group.map(Coded::to_wire).unwrap_or_default(),
        rule_id: contact.rule_id,
    }
}

pub(crate) async fn get_document(
    registry: &Registry,
    request: pb::GetDocumentRequest,
) -> Result<pb::GetDocumentResponse, Error> {
    let mut fields = Fields::new();
    let year = fields.policy_year("policy_year", request.policy_year);
    let district = fields.district("district", &request.district);
    let circular = fields.text("circular_text", &request.circular_text, 0..=100);
    let (year, district, circular) = fields.finish((year, district, circular))?;
    let law = law(&registry.context, district, year)?;
    let circular = Some(circular.as_str()).filter(|asked| !asked.is_empty());
    let described = documents::describe(circular, district, &law.information)?;
    let document = described.document.value;
    Ok(pb::GetDocumentResponse {
        document: Some(pb::PolicyDocument {
            title: document.title,
            circular: document.circular,
            issue_date: document.issued_on.to_string(),
            public: document.public,
            addressees: document.addressees,
            refers_to: described.refers_to,
            remarks: described.remarks,
            rule_ids: described.rule_ids,
            tasks: document.tasks,
        }),
    })
}

pub(crate) async fn list_publicity_channels(
    registry: &Registry,
    request: pb::ListPublicityChannelsRequest,
) -> Result<pb::ListPublicityChannelsResponse, Error> {
    let mut fields = Fields::new();
    let year = fields.policy_year("policy_year", request.policy_year);
    let district = fields.district("district", &request.district);
    let (year, district) = fields.finish((year, district))?;
    let law = law(&registry.context, district, year)?;
    let channels = publicity::list(district, &law.information)?;
    let channel = |row: PublicityRow, rule_id: String| pb::PublicityChannel {
        code: row.code,
        office: row.office.to_wire(),
        name: row.name,
        rule_id,
    };
    let channels = channels.into_iter().map(|row| channel(row.value, row.reference.rule_id.to_string()));
    Ok(pb::ListPublicityChannelsResponse { channels: channels.collect() })
}
