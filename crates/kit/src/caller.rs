//! The office behind a call. It travels in metadata, is recorded with every write, and decides what may be done.

use http::HeaderMap;
use http::header::HeaderValue;
use juyi_domain::codes::{District, Office};
use juyi_domain::refusal::{Reason, Refusal};

use crate::error::Error;

/// Metadata key of the kind of office, for example `TOWNSHIP`.
pub const OFFICE: &str = "x-juyi-office";
/// Metadata key of the office's district, GB/T 2260 code; absent for offices of the whole city.
pub const DISTRICT: &str = "x-juyi-district";
/// Metadata key of who works at the office: a name by which the office knows that person or desk, never a person's own;
/// ASCII, at most 100 characters.
pub const NAME: &str = "x-juyi-name";

tokio::task_local! {
    static CURRENT: Option<Caller>;
}

/// The calling office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Kind of office.
    pub office: Office,
    /// Its district; `None` for an office of the whole city.
    pub district: Option<District>,
    /// Who works there, by a name of the office's making, never a person's own. Two names are two callers: to requests that
    /// are repeated, to the owner of a record, and to the review of claims.
    pub name: String,
}

impl Caller {
    /// The suite itself, for work that no office asked for.
    #[must_use]
    pub fn system() -> Self {
        Self { office: Office::System, district: None, name: "juyi".to_owned() }
    }

    /// The office behind the call in progress.
    ///
    /// # Errors
    /// ROLE_NOT_ALLOWED when the call named no office.
    pub fn current() -> Result<Self, Error> {
        Self::maybe_current().ok_or_else(|| {
            let detail = format!("name the calling office in the metadata keys {OFFICE}, {DISTRICT} and {NAME}");
            Refusal::new(Reason::RoleNotAllowed, detail).into()
        })
    }

    /// The office behind the call in progress, if it named one.
    #[must_use]
    pub fn maybe_current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok().flatten()
    }

    /// Runs work on behalf of an office.
    pub async fn scope<T>(caller: Option<Self>, work: impl Future<Output = T>) -> T {
        CURRENT.scope(caller, work).await
    }

    /// Refuses unless the office is one of those named.
    ///
    /// # Errors
    /// ROLE_NOT_ALLOWED naming the offices that may.
    pub fn require(&self, offices: &[Office]) -> Result<(), Refusal> {
        if offices.contains(&self.office) {
            return Ok(());
        }
        let allowed = offices.iter().map(|office| office.as_str()).collect::<Vec<_>>().join(", ");
        let detail = format!("an office of kind {} has no such duty; it belongs to {allowed}", self.office);
        Err(Refusal::new(Reason::RoleNotAllowed, detail).with("office", self.office).with("allowed", allowed))
    }

    /// Refuses a write outside the office's district. Providers and insurers serve the whole city; townships and civil
    /// affairs bureaus belong to a district and have to name it (J-3.2.2-a, J-3.2.5-b); other offices exist for a
    /// district and for the city.
    ///
    /// # Errors
    /// ROLE_NOT_ALLOWED naming both districts, or the metadata key that is missing.
    pub fn require_district(&self, district: District) -> Result<(), Refusal> {
        let bound = !matches!(self.office, Office::System | Office::Provider | Office::Insurer);
        match self.district {
            None if matches!(self.office, Office::Township | Office::CivilAffairs) => {
                let detail = format!("an office of kind {} names its district in {DISTRICT}", self.office);
                Err(Refusal::new(Reason::RoleNotAllowed, detail).at(DISTRICT))
            }
            Some(own) if bound && own != district => {
                let detail = format!("an office of district {own} has no duty in district {district}");
                Err(Refusal::new(Reason::RoleNotAllowed, detail)
                    .with("office_district", own)
                    .with("district", district))
            }
            _ => Ok(()),
        }
    }

    /// Reads the metadata of a call; `None` when it names no office.
    ///
    /// # Errors
    /// UNKNOWN_ENUM, BAD_DISTRICT or VALUE_NOT_ALLOWED for metadata that cannot be read.
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, Refusal> {
        let Some(office) = headers.get(OFFICE) else { return Ok(None) };
        let office =
            office.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
                Refusal::new(Reason::UnknownEnum, format!("{OFFICE} is not a kind of office")).at(OFFICE)
            })?;
        let district = match headers.get(DISTRICT) {
            None => None,
            Some(district) => Some(district.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(|| {
                Refusal::new(Reason::BadDistrict, format!("{DISTRICT} is not a district of Tianjin")).at(DISTRICT)
            })?),
        };
        let name = headers.get(NAME).map_or(Ok(""), HeaderValue::to_str).ok().filter(|name| name.len() <= 100);
        let name = name.ok_or_else(|| {
            Refusal::new(Reason::ValueNotAllowed, format!("{NAME} has at most 100 ASCII characters")).at(NAME)
        })?;
        Ok(Some(Self { office, district, name: name.to_owned() }))
    }

    /// Writes the metadata of a call.
    pub fn write_headers(&self, headers: &mut HeaderMap) {
        headers.insert(OFFICE, HeaderValue::from_static(self.office.as_str()));
        match self.district {
            Some(district) => headers.insert(DISTRICT, HeaderValue::from_static(district.as_str())),
            None => headers.remove(DISTRICT),
        };
        if let Ok(name) = HeaderValue::from_str(&self.name) {
            headers.insert(NAME, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_survives_a_hop() {
        let township = Caller { office: Office::Township, district: Some(District::Jinghai), name: "Duliu".to_owned() };
        let mut headers = HeaderMap::new();
        assert_eq!(Caller::from_headers(&headers), Ok(None));
        township.write_headers(&mut headers);
        assert_eq!(Caller::from_headers(&headers), Ok(Some(township.clone())));
        headers.insert(OFFICE, HeaderValue::from_static("MAYOR"));
        assert_eq!(Caller::from_headers(&headers).unwrap_err().reason, Reason::UnknownEnum);

        assert!(township.require_district(District::Jinghai).is_ok());
        assert_eq!(township.require_district(District::Nankai).unwrap_err().reason, Reason::RoleNotAllowed);
        let nowhere = Caller { district: None, ..township.clone() };
        assert_eq!(nowhere.require_district(District::Jinghai).unwrap_err().reason, Reason::RoleNotAllowed);
        let city = Caller { office: Office::Tax, ..nowhere };
        assert!(city.require_district(District::Jinghai).is_ok());
        assert_eq!(township.require(&[Office::Tax]).unwrap_err().reason, Reason::RoleNotAllowed);
    }
}
