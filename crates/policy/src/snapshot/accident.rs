//! Parameters of accident routing.

use std::collections::BTreeMap;

use juyi_domain::accident::params::{AccidentParams, InsurerDesk, Outlet};
use juyi_domain::codes::{District, InsuredGroup, Insurer};
use juyi_domain::effective::Effective;
use serde::Deserialize;

use crate::LoadError;
use crate::figure::Row;
use crate::reader::{Reader, settle};

/// Columns of an insurer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Company {
    full_name: String,
    address: Option<String>,
}

/// Columns of the outlet table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutletRow {
    district: Option<District>,
    group: Option<InsuredGroup>,
    district_text: String,
    name: String,
    phone: Option<String>,
    address: String,
    insurers: Vec<Insurer>,
    company_text: String,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<AccidentParams, LoadError> {
    let mut phones = BTreeMap::new();
    for (key, phone) in reader.each::<String>("accident.phone")? {
        phones.insert(reader.code(&phone.name, key)?, phone);
    }
    Ok(AccidentParams {
        routing: routing(reader)?,
        phones,
        outlets: outlets(reader)?,
        report_days: settle(reader.get("accident.report_days"))?,
    })
}

type Routing = BTreeMap<(InsuredGroup, District), Effective<InsurerDesk>>;

fn routing(reader: &Reader<'_>) -> Result<Routing, LoadError> {
    let mut routing = Routing::new();
    for (key, insurer) in reader.each::<Insurer>("accident.routing")? {
        let company = reader.required::<Row<Company>>(&format!("accident.insurer.{}", *insurer))?;
        let Row(company) = &company.value;
        let desk = insurer.map(|insurer| InsurerDesk {
            insurer: *insurer,
            full_name: company.full_name.clone(),
            address: company.address.clone(),
        });
        routing.insert(reader.codes(&insurer.name, key)?, desk);
    }
    Ok(routing)
}

fn outlets(reader: &Reader<'_>) -> Result<Vec<Effective<Outlet>>, LoadError> {
    let mut outlets = Vec::new();
    for (key, row) in reader.each::<Row<OutletRow>>("accident.outlet")? {
        let number = reader.code(&row.name, key)?;
        outlets.push(row.map(|Row(outlet)| Outlet {
            number,
            district: outlet.district,
            group: outlet.group,
            district_text: outlet.district_text.clone(),
            name: outlet.name.clone(),
            phone: outlet.phone.clone(),
            address: outlet.address.clone(),
            insurers: outlet.insurers.clone(),
            company_text: outlet.company_text.clone(),
        }));
    }
    Ok(outlets)
}
