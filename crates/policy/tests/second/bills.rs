//! Bills written by hand, which the tests change.

use chrono::NaiveDate;
use juyi_domain::codes::{Class, ProviderLevel, Tier};
use juyi_domain::id::SettlementId;
use juyi_domain::money::Fen;
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{CareKind, GeneralFee, Place, Provider, ProviderKind};
use juyi_domain::settlement::case::{Case, Standing};
use uuid::Uuid;

/// The `number`-th bill of the middle tier: of one day, wholly eligible and designated for everything, at a level 3 hospital;
/// of outpatient care at a level 1 hospital.
pub(crate) fn bill(kind: CareKind, day: NaiveDate, number: u32, yuan: i64) -> Case {
    let outpatient = kind == CareKind::Outpatient;
    Case {
        id: SettlementId::from(Uuid::from_u128(number.into())),
        bill: Bill {
            kind,
            provider: Provider {
                kind: ProviderKind::Hospital,
                level: Some(if outpatient { ProviderLevel::One } else { ProviderLevel::Three }),
                designated: true,
                reform_registered: false,
                assistance_designated: true,
                home_bed: true,
                village_integrated: false,
            },
            place: Place::Local,
            admitted_on: day,
            discharged_on: day,
            stay_began_on: None,
            total: Fen::yuan(yuan),
            in_catalogue: Fen::yuan(yuan),
            third_party: None,
            public_health: Fen::ZERO,
            observation: None,
            general_fee: None,
            home_bed_days: 0,
            disease_code: String::new(),
            maternity: None,
        },
        class: Class::Adult,
        tier: Tier::Middle,
        identities: Vec::new(),
        standing: Standing { special_disease: true, elsewhere: true, ..Standing::default() },
        filed_order: number.into(),
    }
}

/// The same at a village clinic, with a general fee of 10.00.
pub(crate) fn at_a_village_clinic(mut case: Case) -> Case {
    let provider = &mut case.bill.provider;
    (provider.kind, provider.level, provider.village_integrated) = (ProviderKind::VillageClinic, None, true);
    let fee = GeneralFee { registration: Fen::yuan(1), consultation: Fen::yuan(5), injection: Fen::yuan(4) };
    case.bill.general_fee = Some(fee);
    case
}
