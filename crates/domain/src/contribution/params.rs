//! What the rules of premium and subsidy need of the law.

use std::collections::BTreeMap;

use super::codes::{Bank, DeclaringParty, Login, PaymentPaper, QrSource};
use crate::codes::{Category, Class, Desk, Identity, Insurance, Office, PaymentMethod, Tier};
use crate::effective::{Effective, Gap};
use crate::money::Fen;

/// Parameters of contribution for one policy year.
#[derive(Clone, Debug, PartialEq)]
pub struct PremiumParams {
    /// Personal part of the premium by class and tier (J-2.1-b to -e, B-4.1-a, B-4.2-a to -c).
    pub personal: BTreeMap<(Class, Tier), Effective<Fen>>,
    /// Government part, printed for 2017 only.
    pub government: Result<BTreeMap<(Class, Tier), Effective<Fen>>, Gap>,
    /// Grounds on which the government pays the personal part, in the order they are tried.
    pub subsidies: Vec<Effective<SubsidyGround>>,
    /// Tier prescribed for an identity (B-5.5-a; an operator's overlay for AMB-032, AMB-033).
    pub prescribed_tiers: Vec<Effective<PrescribedTier>>,
    /// What is missing where no tier is prescribed to a fully subsidised person (J-2.3-j, B-7.3.3-d).
    pub subsidised_tier: Gap,
    /// Insurances that come with the premium at no further charge (J-2.2-a); `None` where not printed (2017).
    pub free_insurances: Option<Effective<Vec<Insurance>>>,
    /// What the residents' fund transfers for them, for each participant (J-2.2-b); `None` where nothing is said (2017).
    pub internal_transfer: Result<Option<Effective<Fen>>, Gap>,
    /// By how much the funding of a participant rose (B-4-a); `None` where nothing is said (2021).
    pub increase: Option<Increase>,
    /// Identities whose whole cost the finance departments bear (B-5.5-b); `None` where nothing is said (2021).
    pub treasury: Option<Effective<Vec<Identity>>>,
}

/// The increase against the year before, with its parts as printed (B-4-a).
#[derive(Clone, Debug, PartialEq)]
pub struct Increase {
    /// Of the personal part.
    pub personal: Effective<Fen>,
    /// Of the government part.
    pub government: Effective<Fen>,
    /// Of the whole.
    pub total: Effective<Fen>,
}

/// Parameters of payment for one policy year. What a document leaves open is empty, and refuses nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PaymentParams {
    /// Ways open to a person who pays alone (J-3.3.6-a); `None` where no ways are printed (2017).
    pub methods: Option<Effective<Vec<PaymentMethod>>>,
    /// Who declares and collects for whom, and where, in the order of the law (J-3.3.1-c to J-3.3.5-a).
    pub collections: Vec<Effective<CollectionRule>>,
    /// What a way asks for (J-3.3.6.1-a, J-3.3.6.2-a, J-3.3.6.3-a, J-3.3.6.4-a, J-3.3.6.5-a).
    pub ways: BTreeMap<PaymentMethod, Effective<WayRule>>,
    /// Banks by agreement (J-3.3.6.1-b).
    pub banks: Option<Effective<Vec<Bank>>>,
}

/// Who declares and collects for some categories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectionRule {
    /// Code of the row, for example `VILLAGE`.
    pub code: String,
    /// Categories it is for.
    pub categories: Vec<Category>,
    /// Class it is limited to.
    pub class: Option<Class>,
    /// Who declares.
    pub declarer: DeclaringParty,
    /// Office that collects.
    pub collector: Office,
    /// Desk that assesses the amount, where one is named.
    pub desk: Option<Desk>,
    /// Papers of which the desk issues one.
    pub papers: Vec<PaymentPaper>,
    /// Ways of payment; empty for those of a person who pays alone.
    pub methods: Vec<PaymentMethod>,
}

/// What a way of payment asks for. An empty list asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WayRule {
    /// Papers of which one is presented.
    pub papers: Vec<PaymentPaper>,
    /// Paper that must have been issued before, with its number.
    pub after: Option<PaymentPaper>,
    /// Kinds of login.
    pub logins: Vec<Login>,
    /// Places of the QR code.
    pub qr_sources: Vec<QrSource>,
}

/// A ground of full subsidy. It holds when every condition does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubsidyGround {
    /// Code of the subsidy category, for example `SEVERELY_DISABLED`.
    pub code: String,
    /// Class it is limited to.
    pub class: Option<Class>,
    /// Identities that must all be held.
    pub requires: Vec<Identity>,
    /// Identities of which one must be held, if any are named.
    pub any_of: Vec<Identity>,
    /// Identities that exclude the ground.
    pub excludes: Vec<Identity>,
}

/// A tier fixed by an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrescribedTier {
    /// Identity.
    pub identity: Identity,
    /// Tier.
    pub tier: Tier,
}
