//! Parameters of payment: who collects, and by which ways.

use std::collections::BTreeMap;

use juyi_domain::codes::{Category, Class, Desk, Office, PaymentMethod};
use juyi_domain::contribution::codes::{DeclaringParty, Login, PaymentPaper, QrSource};
use juyi_domain::contribution::params::{CollectionRule, PaymentParams, WayRule};
use juyi_domain::effective::Effective;
use serde::Deserialize;

use crate::LoadError;
use crate::figure::Row;
use crate::reader::Reader;

/// Columns of a row of collection.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Collection {
    categories: Vec<Category>,
    class: Option<Class>,
    declarer: DeclaringParty,
    collector: Office,
    desk: Option<Desk>,
    #[serde(default)]
    papers: Vec<PaymentPaper>,
    #[serde(default)]
    methods: Vec<PaymentMethod>,
}

/// Columns of a way.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Way {
    #[serde(default)]
    papers: Vec<PaymentPaper>,
    after: Option<PaymentPaper>,
    #[serde(default)]
    logins: Vec<Login>,
    #[serde(default)]
    qr_sources: Vec<QrSource>,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<PaymentParams, LoadError> {
    Ok(PaymentParams {
        methods: reader.maybe("payment.methods")?,
        collections: collections(reader)?,
        ways: ways(reader)?,
        banks: reader.maybe("payment.banks")?,
    })
}

fn collections(reader: &Reader<'_>) -> Result<Vec<Effective<CollectionRule>>, LoadError> {
    let rows = reader.each::<Row<Collection>>("payment.collection")?.into_iter();
    let rule = |(code, row): (&str, Effective<Row<Collection>>)| {
        row.map(|Row(columns)| CollectionRule {
            code: code.to_owned(),
            categories: columns.categories.clone(),
            class: columns.class,
            declarer: columns.declarer,
            collector: columns.collector,
            desk: columns.desk,
            papers: columns.papers.clone(),
            methods: columns.methods.clone(),
        })
    };
    Ok(rows.map(rule).collect())
}

fn ways(reader: &Reader<'_>) -> Result<BTreeMap<PaymentMethod, Effective<WayRule>>, LoadError> {
    let rows = reader.each::<Row<Way>>("payment.way")?.into_iter();
    let way = |(key, row): (&str, Effective<Row<Way>>)| {
        let method = reader.code(&row.name, key)?;
        let rule = row.map(|Row(columns)| WayRule {
            papers: columns.papers.clone(),
            after: columns.after,
            logins: columns.logins.clone(),
            qr_sources: columns.qr_sources.clone(),
        });
        Ok((method, rule))
    };
    rows.map(way).collect()
}
