//! Parameters of the information services.

use chrono::{NaiveDate, NaiveTime};
use juyi_domain::codes::{District, Office};
use juyi_domain::effective::Effective;
use juyi_domain::information::params::{
    CardChannel, CardChannelRow, CardStepRow, CardWay, ContactRow, ContactTopic, DocumentRow, InformationParams,
    OfficeHours, OpenInterval, PublicityRow, RemarkRow,
};
use serde::Deserialize;

use crate::LoadError;
use crate::figure::Row;
use crate::reader::Reader;

/// Columns of the office hours, `HH:MM`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hours {
    opens: String,
    closes: String,
}

/// Columns of a step to a card.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    ways: Vec<CardWay>,
    #[serde(default)]
    channels: Vec<CardChannel>,
    text: String,
}

/// Columns of a contact.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Contact {
    topic: ContactTopic,
    name: String,
    phone: Option<String>,
    site: Option<String>,
}

/// Columns of a document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    title: String,
    circular: String,
    issued_on: NaiveDate,
    public: bool,
    addressees: Vec<String>,
    tasks: Vec<String>,
}

/// Columns of a remark.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remark {
    district: Option<District>,
    text: String,
}

/// Columns of a way of publicity.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Publicity {
    office: Office,
    district: Option<District>,
    name: String,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<InformationParams, LoadError> {
    Ok(InformationParams {
        office_hours: office_hours(reader)?,
        card_ways: texts(reader, "information.card_way")?,
        card_channels: card_channels(reader)?,
        card_steps: rows(reader, "information.card_step", |_, Step { ways, channels, text }| CardStepRow {
            ways: ways.clone(),
            channels: channels.clone(),
            text: text.clone(),
        })?,
        card_settles_after_days: reader.maybe("information.card_settles_after_days")?,
        card_banks: texts(reader, "information.card_bank")?,
        card_outlet_kinds: texts(reader, "information.card_outlet_kind")?,
        card_outlets_more_than: reader.maybe("information.card_outlets_more_than")?,
        card_banks_announced: reader.maybe("information.card_banks_announced")?,
        contacts: rows(reader, "information.contact", |_, row: &Contact| ContactRow {
            topic: row.topic,
            name: row.name.clone(),
            phone: row.phone.clone(),
            site: row.site.clone(),
        })?,
        document: document(reader)?,
        refers_to: texts(reader, "information.refers_to")?,
        remarks: rows(reader, "information.remark", |_, Remark { district, text }| RemarkRow {
            district: *district,
            text: text.clone(),
        })?,
        publicity: rows(reader, "information.publicity", |key, row: &Publicity| PublicityRow {
            code: key.to_owned(),
            office: row.office,
            district: row.district,
            name: row.name.clone(),
        })?,
    })
}

/// The single values of a group, in the order of the file.
fn texts<T: crate::figure::Figure>(reader: &Reader<'_>, group: &str) -> Result<Vec<Effective<T>>, LoadError> {
    Ok(reader.each(group)?.into_iter().map(|(_, value)| value).collect())
}

/// The rows of a group, each with the last part of its path.
fn rows<R, T>(reader: &Reader<'_>, group: &str, read: impl Fn(&str, &R) -> T) -> Result<Vec<Effective<T>>, LoadError>
where
    Row<R>: crate::figure::Figure,
{
    let rows = reader.each::<Row<R>>(group)?;
    Ok(rows.into_iter().map(|(key, row)| row.map(|Row(own)| read(key, own))).collect())
}

fn office_hours(reader: &Reader<'_>) -> Result<Option<OfficeHours>, LoadError> {
    let mut intervals = Vec::new();
    for (_, row) in reader.each::<Row<Hours>>("information.office_hours")? {
        let interval = interval(&row.0).ok_or_else(|| LoadError::Value {
            parameter: row.name.to_string(),
            problem: "two times HH:MM in order are needed".to_owned(),
        })?;
        intervals.push(row.map(|_| interval));
    }
    let adjusted = reader.maybe("information.open_on_adjusted_weekends")?;
    let hours = adjusted.map(|open_on_adjusted_weekends| OfficeHours { intervals, open_on_adjusted_weekends });
    Ok(hours.filter(|hours| !hours.intervals.is_empty()))
}

fn interval(hours: &Hours) -> Option<OpenInterval> {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    let (opens, closes) = (time(&hours.opens)?, time(&hours.closes)?);
    (opens < closes).then_some(OpenInterval { opens, closes })
}

fn card_channels(reader: &Reader<'_>) -> Result<Vec<Effective<CardChannelRow>>, LoadError> {
    let mut channels = Vec::new();
    for (key, name) in reader.each::<String>("information.card_channel")? {
        let (way, channel) = reader.codes(&name.name, key)?;
        channels.push(name.map(|name| CardChannelRow { way, channel, name: name.clone() }));
    }
    Ok(channels)
}

fn document(reader: &Reader<'_>) -> Result<Option<Effective<DocumentRow>>, LoadError> {
    let document = reader.maybe::<Row<Document>>("information.document")?;
    Ok(document.map(|document| {
        document.map(|Row(row)| DocumentRow {
            title: row.title.clone(),
            circular: row.circular.clone(),
            issued_on: row.issued_on,
            public: row.public,
            addressees: row.addressees.clone(),
            tasks: row.tasks.clone(),
        })
    }))
}
