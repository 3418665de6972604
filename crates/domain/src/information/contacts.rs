//! Phones, sites and addresses to ask at, by topic (J-11.1-c, J-12-c, J-10.2.1-e, J-13.N-b, J-A3-b, B-6.2-a).

use super::not_printed;
use super::params::{Contact, ContactTopic, InformationParams};
use crate::accident::params::AccidentParams;
use crate::codes::District;
use crate::refusal::{Refusal, Refusals};

/// The contacts of a topic in a district, or of all topics. Offices only: the document's names of persons are not served
/// (AMB-124).
///
/// # Errors
/// `RULE_NOT_DEFINED` where the document prints none, or no phone when phones alone are asked for (B-6.2-a).
pub fn list(
    topic: Option<ContactTopic>,
    phones_only: bool,
    district: District,
    (information, accident): (&InformationParams, &AccidentParams),
) -> Result<Vec<Contact>, Refusals> {
    let mut contacts = of_offices(information);
    contacts.extend(of_insurers(district, accident));
    contacts.retain(|contact| topic.is_none_or(|topic| contact.topic == topic));
    let asked = topic.map_or("", ContactTopic::as_str);
    let Some(rule_id) = contacts.first().map(|contact| contact.rule_id.clone()) else {
        let detail = "the document prints no contact of this topic";
        return Err(not_printed("information.contact", detail).at("topic").with("topic", asked).into());
    };
    if phones_only {
        contacts.retain(|contact| contact.phone.is_some());
        if contacts.is_empty() {
            return Err(no_phone(rule_id, accident).with("topic", asked).into());
        }
    }
    Ok(contacts)
}

/// A document that prints addresses and no phones of the insurers is B2017.
fn no_phone(rule_id: String, accident: &AccidentParams) -> Refusal {
    let refusal = not_printed("information.contact", "the document prints no phone of this topic").at("phones_only");
    if accident.phones.is_empty() { refusal.by("B-6.2-a") } else { refusal.by(rule_id) }
}

fn of_offices(params: &InformationParams) -> Vec<Contact> {
    let contact = |row: &crate::effective::Effective<super::params::ContactRow>| Contact {
        topic: row.topic,
        name: row.value.name.clone(),
        phone: row.phone.clone(),
        site: row.site.clone(),
        address: None,
        group: None,
        rule_id: row.reference.rule_id.to_string(),
    };
    params.contacts.iter().map(contact).collect()
}

/// The service phones of the outline's note (J-13.N-b), or the insurers' addresses of 2017 (B-6.2-a).
fn of_insurers(district: District, params: &AccidentParams) -> Vec<Contact> {
    let routed = params.routing.iter().filter(|((_, own), _)| *own == district);
    let contact =
        |((group, _), desk): (&(_, _), &crate::effective::Effective<crate::accident::params::InsurerDesk>)| {
            let phone = params.phones.get(group).map(|phone| phone.value.clone());
            let rule_id = if phone.is_some() { "J-13.N-b" } else { "B-6.2-a" };
            Contact {
                topic: ContactTopic::Accident,
                name: desk.full_name.clone(),
                phone,
                site: None,
                address: desk.address.clone(),
                group: Some(*group),
                rule_id: rule_id.to_owned(),
            }
        };
    routed.map(contact).filter(|contact| contact.phone.is_some() || contact.address.is_some()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{accident_2017, accident_2021, information_2017, information_2021};
    use super::*;
    use crate::codes::District::{Baodi, Hexi};
    use crate::codes::InsuredGroup::{AdultResident, Employee, StudentChild};
    use crate::refusal::Reason;

    fn of_2021(topic: ContactTopic) -> Vec<Contact> {
        list(Some(topic), false, Hexi, (&information_2021(), &accident_2021())).unwrap()
    }

    /// J-11.1-c, J-12-c, J-10.2.1-e, J-A3-b.
    #[test]
    fn each_topic_has_its_contacts() {
        let card = &of_2021(ContactTopic::Card)[0];
        assert_eq!((card.phone.as_deref(), card.rule_id.as_str()), (Some("022-12333"), "J-11.1-c"));
        let platform = &of_2021(ContactTopic::OutOfArea)[0];
        assert_eq!((platform.site.as_deref(), platform.rule_id.as_str()), (Some("fuwu.nhsa.gov.cn"), "J-10.2.1-e"));
        assert_eq!(of_2021(ContactTopic::CardOutlet)[0].rule_id, "J-12-c");
        let circular = &of_2021(ContactTopic::Circular)[0];
        assert_eq!((circular.phone.as_deref(), circular.rule_id.as_str()), (Some("83576596"), "J-A3-b"));
        let all = list(None, false, Hexi, (&information_2021(), &accident_2021())).unwrap();
        assert_eq!(all.len(), 7, "four of offices, three of insurers");
    }

    /// J-13.N-b: the three numbers of J-6.2.3.1-c.
    #[test]
    fn accidents_have_a_phone_per_group() {
        let phones: Vec<_> = of_2021(ContactTopic::Accident)
            .into_iter()
            .map(|contact| (contact.group, contact.phone.unwrap()))
            .collect();
        let expected = [(Employee, "4006114196"), (AdultResident, "4006596196"), (StudentChild, "4006596193")].to_vec();
        assert_eq!(phones, expected.into_iter().map(|(group, phone)| (Some(group), phone.into())).collect::<Vec<_>>());
    }

    /// B-6.2-a: addresses and no phones.
    #[test]
    fn baodi_prints_addresses_and_no_phones() {
        let law = (&information_2017(), &accident_2017());
        let contacts = list(Some(ContactTopic::Accident), false, Baodi, law).unwrap();
        let addresses: Vec<_> = contacts.iter().map(|contact| contact.address.as_deref().unwrap()).collect();
        assert_eq!(addresses, ["宝平街渔阳道新都汇写字楼707室", "宝平街广川路19号"]);
        let refusal = list(Some(ContactTopic::Accident), true, Baodi, law).unwrap_err().0.remove(0);
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("B-6.2-a")));
        let refusals = list(Some(ContactTopic::Card), false, Baodi, law).unwrap_err();
        assert!(refusals.has(Reason::RuleNotDefined));
    }

    #[test]
    fn phones_alone_leave_sites_out() {
        let law = (&information_2021(), &accident_2021());
        assert!(list(None, true, Hexi, law).unwrap().iter().all(|contact| contact.phone.is_some()));
        assert!(list(Some(ContactTopic::OutOfArea), true, Hexi, law).unwrap_err().has(Reason::RuleNotDefined));
    }
}
