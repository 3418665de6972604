//! What the rules of premium and subsidy need of the law.

use std::collections::BTreeMap;

use crate::codes::{Class, Identity, Insurance, Tier};
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
