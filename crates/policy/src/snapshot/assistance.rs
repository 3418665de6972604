//! Parameters of medical and veterans' assistance.

use juyi_domain::assistance::params::{AidType, AssistanceParams, VeteranType};
use juyi_domain::codes::Identity;
use juyi_domain::effective::Effective;
use juyi_domain::money::{Fen, Rate};
use serde::Deserialize;

use crate::LoadError;
use crate::figure::{Row, percent, yuan};
use crate::reader::{Missing, Reader};

/// Columns of a type of aid recipient.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Aid {
    requires: Vec<Identity>,
    #[serde(deserialize_with = "percent")]
    inpatient_lower: Rate,
    #[serde(deserialize_with = "percent")]
    inpatient_upper: Rate,
    #[serde(deserialize_with = "percent")]
    outpatient_rate: Rate,
    #[serde(deserialize_with = "yuan")]
    outpatient_maximum: Fen,
}

/// Columns of a type of veteran or survivor.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Veteran {
    #[serde(deserialize_with = "percent")]
    outpatient_rate: Rate,
    #[serde(deserialize_with = "percent")]
    inpatient_rate: Rate,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<AssistanceParams, Missing> {
    let types = aid_types(reader)?;
    if let Some(gap) = reader.gap_of("assistance.type").filter(|_| types.is_empty()) {
        return Err(Missing::Gap(gap));
    }
    let maxima = reader.each::<Fen>("assistance.outpatient_maximum")?;
    Ok(AssistanceParams {
        types,
        outpatient_maxima: maxima.into_iter().map(|(_, maximum)| maximum).collect(),
        upper_band_from: reader.get("assistance.upper_band_from")?,
        band_scope: reader.get("assistance.band_scope")?,
        veterans: veterans(reader)?,
    })
}

fn aid_types(reader: &Reader<'_>) -> Result<Vec<Effective<AidType>>, LoadError> {
    let mut types = Vec::new();
    for (code, row) in reader.each::<Row<Aid>>("assistance.type")? {
        types.push(row.map(|Row(aid)| AidType {
            code: code.to_owned(),
            requires: aid.requires.clone(),
            inpatient_lower: aid.inpatient_lower,
            inpatient_upper: aid.inpatient_upper,
            outpatient_rate: aid.outpatient_rate,
            outpatient_maximum: aid.outpatient_maximum,
        }));
    }
    Ok(types)
}

fn veterans(reader: &Reader<'_>) -> Result<Vec<Effective<VeteranType>>, LoadError> {
    let mut types = Vec::new();
    for (key, row) in reader.each::<Row<Veteran>>("assistance.veteran")? {
        let identity = reader.code(&row.name, key)?;
        types.push(row.map(|Row(veteran)| VeteranType {
            identity,
            outpatient_rate: veteran.outpatient_rate,
            inpatient_rate: veteran.inpatient_rate,
        }));
    }
    Ok(types)
}
