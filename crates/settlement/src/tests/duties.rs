//! Which office does what, and where.

use juyi_domain::codes::{District, Office};
use juyi_proto::settlement::v1 as pb;

use super::{Stay, Suite, reasons, with_suites};

#[tokio::test]
async fn each_office_has_its_duty() {
    with_suites("", |suite| async move {
        for office in Office::ALL {
            let request = suite.request(suite.resident(), &Stay::on("03-01", 100));
            let outcome = Suite::office(*office, suite.client().settle(request)).await;
            // J-6.2.1.1-b: a township takes a claim and does not decide about it.
            let duty = matches!(
                office,
                Office::System | Office::Provider | Office::MedicalInsurance | Office::SocialInsurance
            );
            match outcome {
                Ok(_) => assert!(duty, "{office}"),
                Err(status) => assert!(!duty && reasons(&status) == "ROLE_NOT_ALLOWED", "{office}"),
            }
        }
        let nobody = suite.client().settle(suite.request(suite.resident(), &Stay::on("03-01", 100))).await;
        assert_eq!(reasons(&nobody.unwrap_err()), "ROLE_NOT_ALLOWED");
    })
    .await;
}

/// Hospitals and townships are many: one without a name could reverse another's settlement.
#[tokio::test]
async fn a_hospital_names_itself() {
    with_suites("", |suite| async move {
        let request = suite.request(suite.resident(), &Stay::on("03-01", 100));
        let nameless = Suite::called(Office::Provider, None, "", suite.client().settle(request)).await;
        assert_eq!(reasons(&nameless.unwrap_err()), "ROLE_NOT_ALLOWED");
    })
    .await;
}

/// An office of a district settles and reverses for its district; providers serve the whole city.
#[tokio::test]
async fn each_office_has_its_district() {
    with_suites("", |suite| async move {
        let stay = Stay::on("03-01", 100);
        for (office, district, allowed) in [
            (Office::Township, District::Nankai, false),
            (Office::SocialInsurance, District::Nankai, false),
            (Office::SocialInsurance, District::Jinghai, true),
            (Office::Provider, District::Nankai, true),
        ] {
            let (resident, district) = (suite.resident(), Some(district));
            let preview = pb::PreviewSettlementRequest { resident_id: resident.to_string(), bill: Some(stay.bill()) };
            let previewed = Suite::called(office, district, "one", suite.client().preview_settlement(preview)).await;
            let request = suite.request(resident, &stay);
            let settled = Suite::called(office, district, "one", suite.client().settle(request.clone())).await;
            for refused in [previewed.err(), settled.err()] {
                let reason = refused.map(|status| reasons(&status));
                assert_eq!(reason, (!allowed).then(|| "ROLE_NOT_ALLOWED".to_owned()), "{office}");
            }
            // Nor does it learn what another office was answered.
            let id = suite.list(resident).await.pop().map(|settlement| settlement.settlement_id);
            let id = match id {
                Some(id) => id,
                None => suite.try_settle(request.clone()).await.unwrap().settlement.unwrap().settlement_id,
            };
            let again = Suite::called(office, district, "one", suite.client().settle(request)).await;
            assert_eq!(again.is_ok(), allowed, "{office}");
            let reversal = suite.reversal(resident, &id);
            let reversed = Suite::called(office, district, "one", suite.client().reverse_settlement(reversal)).await;
            assert_eq!(reversed.err().map(|status| reasons(&status)).is_none(), allowed, "{office}");
        }
    })
    .await;
}

/// A hospital or a township takes back its own settlements; both insurance offices take back any.
#[tokio::test]
async fn each_office_reverses_its_own() {
    with_suites("", |suite| async move {
        use Office::{MedicalInsurance, Provider, SocialInsurance, System, Township};
        let here = Some(District::Jinghai);
        for (settler, reverser, allowed) in [
            ((Provider, here, "a"), (Provider, here, "a"), true),
            ((Provider, here, "a"), (Provider, here, "b"), false),
            ((Provider, here, "a"), (Provider, None, "a"), false),
            ((Provider, here, "a"), (Township, here, "a"), false),
            ((Provider, here, "a"), (MedicalInsurance, None, "b"), true),
            ((MedicalInsurance, here, "a"), (SocialInsurance, here, "b"), true),
            ((Provider, None, "a"), (System, None, "juyi"), true),
        ] {
            let resident = suite.resident();
            let request = suite.request(resident, &Stay::on("03-01", 100));
            let (office, district, name) = settler;
            let settled = Suite::called(office, district, name, suite.client().settle(request)).await.unwrap();
            let id = settled.into_inner().settlement.unwrap().settlement_id;
            let (office, district, name) = reverser;
            let request = suite.reversal(resident, &id);
            let call = || {
                let request = request.clone();
                Suite::called(office, district, name, async { suite.client().reverse_settlement(request).await })
            };
            let outcome = call().await;
            let reason = outcome.err().map(|status| reasons(&status));
            assert_eq!(reason, (!allowed).then(|| "ROLE_NOT_ALLOWED".to_owned()), "{settler:?} {reverser:?}");
            // Once reversed, the others are told no more than before.
            if !allowed {
                Suite::called(System, None, "juyi", suite.client().reverse_settlement(suite.reversal(resident, &id)))
                    .await
                    .unwrap();
                assert_eq!(reasons(&call().await.unwrap_err()), "ROLE_NOT_ALLOWED");
            }
        }
    })
    .await;
}
