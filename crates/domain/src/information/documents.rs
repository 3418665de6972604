//! What a document says about itself and its circulars (J-A3-a, J-A2-a, B-0-a, B-0-b).

use super::not_printed;
use super::params::{DocumentRow, InformationParams};
use crate::codes::District;
use crate::effective::Effective;
use crate::refusal::Refusal;

/// A document as it describes itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Title, issue, addressees, tasks.
    pub document: Effective<DocumentRow>,
    /// Circulars it refers to.
    pub refers_to: Vec<String>,
    /// Remarks on its readings that concern the district.
    pub remarks: Vec<String>,
    /// Rules behind the answer, each once.
    pub rule_ids: Vec<String>,
}

/// The document of a policy year, for a district.
///
/// # Errors
/// `RULE_NOT_DEFINED` when the text of a circular is asked for: the documents name circulars and do not contain them
/// (B-0-b, AMB-012).
pub fn describe(
    circular_text: Option<&str>,
    district: District,
    params: &InformationParams,
) -> Result<Document, Refusal> {
    let Some(document) = &params.document else {
        return Err(not_printed("information.document", "the document of the year is not described"));
    };
    if let Some(asked) = circular_text {
        return Err(no_text(asked, document, params));
    }
    let remarks = || params.remarks.iter().filter(|row| row.district.is_none_or(|own| own == district));
    let cited = std::iter::once(&document.reference)
        .chain(params.refers_to.iter().map(|circular| &circular.reference))
        .chain(remarks().map(|remark| &remark.reference));
    let mut rule_ids: Vec<String> = Vec::new();
    for reference in cited {
        if !rule_ids.iter().any(|own| *own == reference.rule_id) {
            rule_ids.push(reference.rule_id.to_string());
        }
    }
    Ok(Document {
        document: document.clone(),
        refers_to: params.refers_to.iter().map(|circular| circular.value.clone()).collect(),
        remarks: remarks().map(|remark| remark.text.clone()).collect(),
        rule_ids,
    })
}

/// The circular asked for is named in metadata only when the document names it: a caller's text is not echoed.
fn no_text(asked: &str, document: &Effective<DocumentRow>, params: &InformationParams) -> Refusal {
    let refusal = |detail: &str| not_printed("information.circular_text", detail).at("circular_text");
    match params.refers_to.iter().find(|circular| circular.value == asked) {
        Some(circular) => refusal("the document refers to this circular and does not contain its text")
            .with("circular", &circular.value)
            .by(circular.reference.rule_id.clone()),
        None => refusal("texts of circulars are not served").by(document.reference.rule_id.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{information_2017, information_2021};
    use super::*;
    use crate::dates::written::day;
    use crate::refusal::Reason;

    /// J-A3-a; J-A2-a with its remark (AMB-118) for Jinghai alone.
    #[test]
    fn the_outline_describes_itself() {
        let jinghai = describe(None, District::Jinghai, &information_2021()).unwrap();
        assert_eq!((jinghai.document.issued_on, jinghai.document.public), (day("2020-09-25"), true));
        assert_eq!(
            (jinghai.remarks, jinghai.rule_ids),
            (vec!["AMB-118".to_owned()], ["J-A3-a", "J-A2-a"].map(str::to_owned).to_vec())
        );
        let hexi = describe(None, District::Hexi, &information_2021()).unwrap();
        assert_eq!((hexi.remarks.len(), hexi.rule_ids), (0, vec!["J-A3-a".to_owned()]));
    }

    /// B-0-a: public, of 2016-10-12, to be completed in time; B-0-b: the circular it applies.
    #[test]
    fn the_plan_of_baodi_describes_itself() {
        let plan = describe(None, District::Baodi, &information_2017()).unwrap();
        assert_eq!((plan.document.issued_on, plan.document.tasks.len()), (day("2016-10-12"), 1));
        assert_eq!(plan.rule_ids, ["B-0-a", "B-0-b"]);
        assert_eq!(plan.refers_to, ["津人社局发〔2016〕63号"]);
    }

    /// B-0-b: its text is not part of the documents.
    #[test]
    fn the_text_of_a_circular_is_refused() {
        let refusal = describe(Some("津人社局发〔2016〕63号"), District::Baodi, &information_2017()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("B-0-b")));
        assert!(refusal.metadata.contains(&("circular", "津人社局发〔2016〕63号".to_owned())));
        let other = describe(Some("some other"), District::Baodi, &information_2017()).unwrap_err();
        assert_eq!(other.rule_id.as_deref(), Some("B-0-a"));
        assert!(!other.metadata.iter().any(|(key, _)| *key == "circular"));
    }

    #[test]
    fn nothing_is_said_of_a_document_without_data() {
        let nothing = InformationParams::default();
        assert_eq!(describe(None, District::Hexi, &nothing).unwrap_err().reason, Reason::RuleNotDefined);
    }
}
