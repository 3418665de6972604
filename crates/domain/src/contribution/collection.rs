//! Who declares and collects a premium, at which desk, and which ways are open (J-3.3.1-c to J-3.3.6-a).

use super::codes::{DeclaringParty, PaymentPaper};
use super::params::{CollectionRule, PaymentParams};
use crate::codes::{Category, Class, Desk, Office, PaymentMethod};
use crate::effective::{Effective, Printed};

/// A person as far as collection depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payee {
    /// Category of the enrolment.
    pub category: Category,
    /// Class of the enrolment.
    pub class: Class,
    /// The enrolment was filed through a unit.
    pub of_unit: bool,
    /// The person owes something.
    pub owes: bool,
}

/// One way to collect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Code, for example `VILLAGE`.
    pub code: String,
    /// Who declares.
    pub declarer: DeclaringParty,
    /// Office that collects.
    pub collector: Office,
    /// Desk that assesses the amount, where one is named.
    pub desk: Option<Desk>,
    /// Papers of which the desk issues one.
    pub papers: Vec<PaymentPaper>,
    /// Ways of payment.
    pub methods: Vec<PaymentMethod>,
    /// The clause of declarer and desk.
    pub reference: &'static Printed,
    /// The clause of the ways.
    pub methods_rule: String,
}

/// How a premium is collected: one entry for every printed possibility, in the order of the law. Empty where the document
/// prints none (2017).
#[must_use]
pub fn of(payee: Payee, params: &PaymentParams) -> Vec<Collection> {
    rows(payee, params).map(|rule| collection(rule, payee, params)).collect()
}

fn rows(payee: Payee, params: &PaymentParams) -> impl Iterator<Item = &Effective<CollectionRule>> {
    params.collections.iter().filter(move |rule| {
        rule.categories.contains(&payee.category)
            && rule.class.is_none_or(|class| class == payee.class)
            && (payee.owes || !matches!(rule.declarer, DeclaringParty::SocialInsuranceCentre))
            && (payee.of_unit || rule.declarer != DeclaringParty::Unit)
    })
}

fn collection(rule: &Effective<CollectionRule>, payee: Payee, params: &PaymentParams) -> Collection {
    let (methods, methods_rule) = match &params.methods {
        // The government pays the whole (J-2.3-j).
        _ if !payee.owes => (vec![PaymentMethod::GovernmentSubsidy], "J-2.3-j".to_owned()),
        Some(alone) if rule.methods.is_empty() => (alone.value.clone(), alone.reference.rule_id.to_string()),
        _ => (rule.methods.clone(), rule.reference.rule_id.to_string()),
    };
    Collection {
        code: rule.code.clone(),
        declarer: rule.declarer,
        collector: rule.collector,
        desk: rule.desk,
        papers: rule.papers.clone(),
        methods,
        reference: rule.reference,
        methods_rule,
    }
}

/// The row of whoever is registered by a unit, whose ways are the unit's (J-3.3.1-c).
pub(super) fn maybe_of_unit(payee: Payee, params: &PaymentParams) -> Option<&Effective<CollectionRule>> {
    rows(payee, params).find(|rule| rule.declarer == DeclaringParty::Unit)
}

/// The row of a unit or a village that declares for its people (J-3.3.1-c, J-3.3.2-b); `None` where no ways are printed
/// (2017).
pub(super) fn maybe_of_party(party: DeclaringParty, params: &PaymentParams) -> Option<&Effective<CollectionRule>> {
    params.collections.iter().find(|rule| rule.declarer == party)
}

/// The row of whoever declares alone, at the desk that issues the paper (J-3.3.2-a, J-3.3.5-a).
pub(super) fn maybe_of_person(payee: Payee, params: &PaymentParams) -> Option<&Effective<CollectionRule>> {
    rows(payee, params).find(|rule| rule.declarer == DeclaringParty::Person)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::ways_2021;
    use super::*;

    fn adult(category: Category) -> Payee {
        Payee { category, class: Class::Adult, of_unit: false, owes: true }
    }

    /// Code, collector, desk, ways and the rule of the ways.
    type Row = (String, Office, Option<Desk>, Vec<PaymentMethod>, String);

    fn of_2021(payee: Payee) -> Vec<Row> {
        let found = of(payee, &ways_2021());
        let row = |it: Collection| (it.code, it.collector, it.desk, it.methods, it.methods_rule);
        found.into_iter().map(row).collect()
    }

    fn codes(payee: Payee) -> Vec<String> {
        of_2021(payee).into_iter().map(|row| row.0).collect()
    }

    /// J-3.3.1-c: two ways, both the unit's.
    #[test]
    fn a_unit_has_two_ways() {
        let pupil = Payee { of_unit: true, class: Class::StudentChild, ..adult(Category::SchoolStudent) };
        let by_unit = vec![PaymentMethod::AuthorisedTransfer, PaymentMethod::BankInquiryVoucher];
        assert_eq!(of_2021(pupil), [("UNIT".to_owned(), Office::Tax, None, by_unit, "J-3.3.1-c".to_owned())]);
    }

    /// J-3.3.2-a, J-3.3.2-b, J-3.3.4-a: the township prints a notice, the village pays by inquiry voucher, and of the
    /// elderly who did neither the low tier is deducted.
    #[test]
    fn a_rural_resident_has_three_ways_to_be_collected_from() {
        let found = of(adult(Category::RuralResident), &ways_2021());
        let clauses: Vec<_> = found.iter().map(|it| (it.code.as_str(), it.reference.rule_id.as_ref())).collect();
        assert_eq!(clauses, [("TOWNSHIP", "J-3.3.2-a"), ("VILLAGE", "J-3.3.2-b"), ("DEDUCTION", "J-3.3.4-a")]);
        assert_eq!(
            (found[0].desk, found[0].papers.as_slice()),
            (Some(Desk::TownshipService), &[PaymentPaper::PaymentNotice][..])
        );
        assert_eq!((found[0].methods.len(), found[0].methods_rule.as_str()), (5, "J-3.3.6-a"));
        assert_eq!(found[1].methods, [PaymentMethod::BankInquiryVoucher]);
        assert_eq!(
            (found[2].collector, found[2].desk),
            (Office::SocialInsurance, Some(Desk::CitySocialInsuranceCentre))
        );
        assert_eq!(codes(adult(Category::UrbanResident)), ["TOWNSHIP", "DEDUCTION"]);
        let infant = Payee { class: Class::StudentChild, ..adult(Category::Newborn) };
        assert_eq!(codes(infant), ["TOWNSHIP"]);
    }

    /// J-3.3.5-a: the tax hall, which issues a notice or the cash tax form.
    #[test]
    fn an_interrupted_employee_declares_at_the_tax_hall() {
        let found = of(adult(Category::InterruptedEmployee), &ways_2021());
        assert_eq!((found[0].desk, found[0].reference.rule_id.as_ref()), (Some(Desk::TaxHall), "J-3.3.5-a"));
        assert_eq!(found[0].papers, [PaymentPaper::PaymentNotice, PaymentPaper::CashTaxForm]);
    }

    /// J-2.3-j: nothing is collected from who owes nothing, and nothing deducted.
    #[test]
    fn the_government_pays_for_who_owes_nothing() {
        let free = Payee { owes: false, ..adult(Category::RuralResident) };
        let found = of(free, &ways_2021());
        assert_eq!(found.len(), 2);
        assert!(
            found.iter().all(|it| it.methods == [PaymentMethod::GovernmentSubsidy] && it.methods_rule == "J-2.3-j")
        );
    }

    /// The plan of 2017 prints no ways.
    #[test]
    fn a_document_without_ways_names_none() {
        assert!(of(adult(Category::RuralResident), &PaymentParams::default()).is_empty());
    }
}
