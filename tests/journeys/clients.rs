//! Real clients that know nothing of this code: `buf curl` with reflection alone, and Python with generated stubs.

use std::ffi::OsString;

use juyi_tests::people::identity_number;
use juyi_tests::suites;
use tokio::process::Command;

/// A tool the test command installs; where it cannot, it skips the journey and says so.
fn tool(variable: &str) -> OsString {
    std::env::var_os(variable).expect("run by `cargo xtask test`, which installs the tool or skips the test")
}

#[tokio::test]
async fn python_enrols_pays_and_settles() {
    let python = tool("JUYI_TEST_PYTHON");
    let running = suites::on_sqlite().await;
    let here = env!("CARGO_MANIFEST_DIR");
    let output = Command::new(python)
        .arg(format!("{here}/clients/journey.py"))
        .arg(running.suite.address.to_string())
        .arg(format!("{here}/../proto"))
        .arg(identity_number("120223", "19800101", 51))
        .output()
        .await
        .unwrap();
    let (answer, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{errors}");
    assert_eq!(answer.trim(), r#"{"basic_fund_fen": 1365000, "person_fen": 635000}"#);
    running.suite.stop().await.unwrap();
}

#[tokio::test]
async fn buf_curl_enrols_pays_and_settles() {
    let buf = tool("JUYI_TEST_BUF");
    let running = suites::on_sqlite().await;
    let curl = Curl { buf, gateway: format!("http://{}", running.suite.address) };
    let number = identity_number("120223", "19800101", 52);

    let body = format!(
        r#"{{"request_id":"1","identity_number":"{number}","name":"somebody","household_district":"120118","residence_district":"120118",
            "household_area":"AREA_RURAL"}}"#
    );
    let registered = curl.call("TOWNSHIP", "registry.v1.RegistryService/RegisterResident", &body).await.unwrap();
    let resident_id = value(&registered, "residentId");
    let body = format!(
        r#"{{"request_id":"2","resident_id":"{resident_id}","policy_year":2021,"district":"120118",
            "tier":"TIER_MIDDLE","desk":"DESK_TOWNSHIP_SERVICE","application_date":"2020-10-12",
            "previous_year":"PREVIOUS_YEAR_INSURED","papers":["PAPER_IDENTITY_PAPER"]}}"#
    );
    let enrolled = curl.call("TOWNSHIP", "registry.v1.RegistryService/Enrol", &body).await.unwrap();
    assert_eq!(value(&enrolled, "category"), "CATEGORY_RURAL_RESIDENT");
    let enrolment_id = value(&enrolled, "enrolmentId");
    let pay = |fen: u32| {
        format!(
            r#"{{"request_id":"3","resident_id":"{resident_id}","enrolment_id":"{enrolment_id}","amount_fen":{fen},
                "payment_date":"2020-10-20","method":"PAYMENT_METHOD_QR_CODE","voucher_number":"B-1",
                "way":{{"qr_source":"QR_SOURCE_TAX_HALL"}}}}"#
        )
    };
    let confirm = "contribution.v1.ContributionService/ConfirmPayment";
    let refused = curl.call("TAX", confirm, &pay(50_000)).await.unwrap_err();
    assert!(refused.contains("failed_precondition") && refused.contains("AMOUNT_MISMATCH"), "{refused}");
    curl.call("TAX", confirm, &pay(56_000)).await.unwrap();

    // The first delivery follows the commit, so the coverage is usually there; the outbox keeps trying otherwise.
    let ask = format!(r#"{{"resident_id":"{resident_id}","date":"2021-03-01","insurance":"INSURANCE_BASIC"}}"#);
    let mut covered = String::new();
    for _ in 0..20 {
        covered =
            curl.call("MEDICAL_INSURANCE", "benefit_period.v1.BenefitPeriodService/GetCoverage", &ask).await.unwrap();
        if covered.contains("\"covered\"") {
            break;
        }
    }
    assert_eq!(value(&covered, "startDate"), "2021-01-01");

    let bill = format!(
        r#"{{"request_id":"4","resident_id":"{resident_id}","bill":{{"bill_number":"B-1","care_kind":"CARE_KIND_INPATIENT",
            "provider":{{"provider_code":"H12011800001","level":"PROVIDER_LEVEL_3","designated":true}},
            "admission_date":"2021-03-01","discharge_date":"2021-03-09","total_fen":2000000,"eligible_fen":2000000,
            "outside_border":false}}}}"#
    );
    let settled = curl.call("PROVIDER", "settlement.v1.SettlementService/Settle", &bill).await.unwrap();
    assert_eq!((value(&settled, "basicFundFen"), value(&settled, "personFen")), ("1365000", "635000"));
    running.suite.stop().await.unwrap();
}

struct Curl {
    buf: OsString,
    gateway: String,
}

impl Curl {
    /// Calls a method by reflection: the JSON answer, or what the tool says of the refusal.
    async fn call(&self, office: &str, method: &str, body: &str) -> Result<String, String> {
        let output = Command::new(&self.buf)
            .args(["curl", "--protocol", "grpc", "--http2-prior-knowledge", "-H", &format!("x-juyi-office: {office}")])
            .args(["-H", "x-juyi-district: 120118", "-H", "x-juyi-name: buf"])
            .args(["-d", body, &format!("{}/juyi.{method}", self.gateway)])
            .output()
            .await
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }
}

/// The first value of a key in a JSON text.
fn value<'a>(json: &'a str, key: &str) -> &'a str {
    let (_, rest) = json.split_once(&format!("\"{key}\"")).unwrap_or_else(|| panic!("{key} in {json}"));
    rest.trim_start_matches([':', ' ', '"']).split(['"', ',', '\n', '}']).next().unwrap_or_default()
}
