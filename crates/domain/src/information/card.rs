//! The ways to a social security card, and whether an application may be taken (J-11-a to J-11.2-g).

use chrono::{Days, NaiveDate};

use super::not_printed;
use super::params::{CardChannel, CardChannelRow, CardStepRow, CardWay, InformationParams};
use crate::effective::Effective;
use crate::receipt::{Receipt, Step};
use crate::refusal::{Reason, Refusal, Refusals};

/// One way through one channel, with what to bring and to do.
#[derive(Clone, Debug, PartialEq)]
pub struct GuideEntry {
    /// Way and channel.
    pub channel: Effective<CardChannelRow>,
    /// Steps in the order of the outline.
    pub steps: Vec<Effective<CardStepRow>>,
}

/// An application for a card or its replacement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// Way.
    pub way: CardWay,
    /// Channel.
    pub channel: CardChannel,
    /// Day.
    pub applied_on: NaiveDate,
    /// A legal representative applies.
    pub by_representative: bool,
    /// The original identity paper is shown.
    pub original_shown: bool,
    /// The printed form is signed.
    pub signed: bool,
    /// Loss or damage is reported.
    pub loss_reported: bool,
    /// The bank's loss notice is shown.
    pub bank_loss_notice: bool,
}

/// What comes of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Day on which the card is handed over; `None` for delivery by mail and where the outline does not say.
    pub card_on: Option<NaiveDate>,
    /// First day of networked settlement; `None` where the outline does not say.
    pub settles_from: Option<NaiveDate>,
    /// How it was decided.
    pub receipt: Receipt,
}

/// The guide to one way, or to all.
///
/// # Errors
/// `RULE_NOT_DEFINED` where the document prints nothing about cards.
pub fn guide(way: Option<CardWay>, params: &InformationParams) -> Result<Vec<GuideEntry>, Refusal> {
    printed(params)?;
    let channels = params.card_channels.iter().filter(|row| way.is_none_or(|way| row.way == way));
    let entry = |channel: &Effective<CardChannelRow>| {
        let steps = params.card_steps.iter().filter(|step| belongs(step, channel.way, channel.channel));
        GuideEntry { channel: channel.clone(), steps: steps.cloned().collect() }
    };
    Ok(channels.map(entry).collect())
}

/// Checks an application against everything the outline asks for.
///
/// A card issued at once is collected in person (J-11.2-c), so a representative may apply at the township service
/// (J-11.1-d) and not at the bank. A replacement at a branch that issues at once is one of these.
///
/// # Errors
/// All at once: `CHANNEL_MISMATCH` with metadata `right_channels`; `EVIDENCE_NOT_ACCEPTED` without the original paper, the
/// person or the bank's notice; `ORDER_VIOLATION` without signature or before the loss is reported. `RULE_NOT_DEFINED`
/// where the document prints nothing about cards.
pub fn check(application: &Application, params: &InformationParams) -> Result<Issue, Refusals> {
    printed(params)?;
    let mut refusals = Refusals::default();
    let channel = refusals.keep(channel(application, params));
    papers(application, &mut refusals);
    if application.way == CardWay::Replacement {
        loss(application, &mut refusals);
    }
    refusals.into_result()?;

    let mut receipt = Receipt::default();
    if let Some(way) = params.card_ways.iter().find(|way| way.value == application.way) {
        receipt.push(Step::by(way, |way| (*way).into()).given("applied_on", application.applied_on));
    }
    if let Some(channel) = channel {
        receipt.push(Step::by(channel, |row| row.channel.into()).given("way", application.way));
    }
    let required = params.card_steps.iter().filter(|step| belongs(step, application.way, application.channel));
    let mut card_on = None;
    let mut settles_from = None;
    for required in required {
        let step = Step::of(required.reference.rule_id.clone()).given("channel", application.channel);
        receipt.push(match &*required.reference.rule_id {
            // Only who asks at the bank branch has the card on the day; from elsewhere one goes there on some day.
            "J-11.2-c" if application.channel == CardChannel::InstantBankBranch => {
                card_on = Some(application.applied_on);
                step.found("card_on", application.applied_on)
            }
            "J-11.2-g" => {
                card_on = Some(application.applied_on);
                settles_from = settles_on(application.applied_on, params);
                let step = step.found("card_on", application.applied_on);
                settles_from.into_iter().fold(step, |step, day| step.found("settles_from", day))
            }
            _ => step,
        });
    }
    Ok(Issue { card_on, settles_from, receipt })
}

fn printed(params: &InformationParams) -> Result<(), Refusal> {
    if params.card_channels.is_empty() {
        let detail = "the document prints nothing about social security cards";
        return Err(not_printed("information.card", detail).by("J-11-a"));
    }
    Ok(())
}

fn belongs(step: &CardStepRow, way: CardWay, channel: CardChannel) -> bool {
    step.ways.contains(&way) && (step.channels.is_empty() || step.channels.contains(&channel))
}

fn channel<'a>(
    application: &Application,
    params: &'a InformationParams,
) -> Result<&'a Effective<CardChannelRow>, Refusal> {
    let of_way = || params.card_channels.iter().filter(|row| row.way == application.way);
    if let Some(found) = of_way().find(|row| row.channel == application.channel) {
        return Ok(found);
    }
    let right = of_way().map(|row| row.channel.as_str()).collect::<Vec<_>>().join(",");
    let detail = format!("{} is not applied for at {}; at {right}", application.way, application.channel);
    let refusal = Refusal::new(Reason::ChannelMismatch, detail).at("channel").with("right_channels", right);
    // The last clause of a way is the one that names its desks.
    let rule = of_way().next_back().map(|row| row.reference.rule_id.clone());
    Err(rule.into_iter().fold(refusal, Refusal::by))
}

/// Papers, signature and person at a desk; nothing of the kind is asked for online.
fn papers(application: &Application, refusals: &mut Refusals) {
    let at_township = application.channel == CardChannel::TownshipService && application.way != CardWay::Replacement;
    let at_once = application.channel == CardChannel::InstantBankBranch && application.way != CardWay::ByMail;
    let rule_id = if at_once { "J-11.2-c" } else { "J-11.1-d" };
    if (at_township || at_once) && !application.original_shown {
        let detail = "the original identity paper is needed; a copy is not accepted";
        refusals.push(
            Refusal::new(Reason::EvidenceNotAccepted, detail)
                .at("original_shown")
                .with("missing_papers", "IDENTITY_PAPER")
                .by(rule_id),
        );
    }
    if at_township && !application.signed {
        let detail = "the applicant or legal representative signs the printed form first";
        refusals.push(Refusal::new(Reason::OrderViolation, detail).at("signed").by("J-11.1-d"));
    }
    if at_once && application.by_representative {
        let detail = "a card issued at once is collected by the applicant in person";
        refusals.push(Refusal::new(Reason::EvidenceNotAccepted, detail).at("by_representative").by("J-11.2-c"));
    }
}

fn loss(application: &Application, refusals: &mut Refusals) {
    if !application.loss_reported {
        let detail = "the loss or damage is reported before the card is replaced";
        refusals.push(Refusal::new(Reason::OrderViolation, detail).at("loss_reported").by("J-11.2-d"));
    }
    if !application.bank_loss_notice {
        let detail = "the bank's loss notice is needed; a branch of the service bank issues it (J-11.2-e)";
        refusals.push(
            Refusal::new(Reason::EvidenceNotAccepted, detail)
                .at("bank_loss_notice")
                .with("missing_papers", "BANK_LOSS_NOTICE")
                .by("J-11.2-f"),
        );
    }
}

fn settles_on(replaced_on: NaiveDate, params: &InformationParams) -> Option<NaiveDate> {
    let days = params.card_settles_after_days.as_ref()?;
    replaced_on.checked_add_days(Days::new(u64::from(**days)))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{information_2017, information_2021};
    use super::*;
    use crate::dates::written::day;

    /// Everything in order.
    fn application(way: CardWay, channel: CardChannel) -> Application {
        Application {
            way,
            channel,
            applied_on: day("2021-05-06"),
            by_representative: false,
            original_shown: true,
            signed: true,
            loss_reported: true,
            bank_loss_notice: true,
        }
    }

    fn refused(application: &Application) -> Vec<(Reason, String)> {
        let refusals = check(application, &information_2021()).unwrap_err().0;
        refusals.into_iter().map(|refusal| (refusal.reason, refusal.rule_id.unwrap().into_owned())).collect()
    }

    fn rules(issue: &Issue) -> Vec<&str> {
        issue.receipt.steps.iter().map(|step| &*step.rule_id).collect()
    }

    /// S-59: J-11.2-g; a card replaced on the spot on 2021-05-06 settles from 2021-05-07.
    #[test]
    fn an_instant_replacement_settles_from_the_next_day() {
        let issue = check(&application(CardWay::Replacement, CardChannel::InstantBankBranch), &information_2021());
        let issue = issue.unwrap();
        assert_eq!((issue.card_on, issue.settles_from), (Some(day("2021-05-06")), Some(day("2021-05-07"))));
        assert_eq!(rules(&issue), ["J-11.2-f", "J-11.2-d", "J-11.2-e", "J-11.2-c", "J-11.2-g"]);
        for channel in [CardChannel::App, CardChannel::OtherBankBranch, CardChannel::TownshipService] {
            let elsewhere = check(&application(CardWay::Replacement, channel), &information_2021()).unwrap();
            assert_eq!((elsewhere.card_on, elsewhere.settles_from), (None, None), "{channel}");
        }
    }

    /// J-11-a, J-11.2-c: a new card is handed over on the day; when it settles, the outline does not say.
    #[test]
    fn a_card_issued_at_once_is_handed_over_on_the_day() {
        let issue = check(&application(CardWay::Instant, CardChannel::InstantBankBranch), &information_2021()).unwrap();
        assert_eq!((issue.card_on, issue.settles_from), (Some(day("2021-05-06")), None));
        assert_eq!(rules(&issue), ["J-11-a", "J-11.1-b", "J-11.2-c"]);
        for channel in [CardChannel::Website, CardChannel::App, CardChannel::TownshipService] {
            let elsewhere = check(&application(CardWay::Instant, channel), &information_2021()).unwrap();
            assert_eq!((elsewhere.card_on, elsewhere.settles_from), (None, None), "{channel}");
            assert!(rules(&elsewhere).contains(&"J-11.2-c"), "{channel}");
        }
    }

    /// J-11.2-a, J-11.2-b: by mail, no day of delivery is printed.
    #[test]
    fn a_card_by_mail_has_no_day() {
        for (channel, rule_id) in [(CardChannel::App, "J-11.2-a"), (CardChannel::TownshipService, "J-11.2-b")] {
            let issue = check(&application(CardWay::ByMail, channel), &information_2021()).unwrap();
            assert_eq!((issue.card_on, rules(&issue)[1]), (None, rule_id));
        }
    }

    /// J-11.1-b: a branch without instant issue; J-11.2-b: no bank sends by mail.
    #[test]
    fn the_wrong_channel_is_refused_with_the_right_ones() {
        let mismatch = |way, channel| {
            let refusal = check(&application(way, channel), &information_2021()).unwrap_err().0.remove(0);
            (refusal.reason, refusal.rule_id.unwrap().into_owned(), refusal.metadata[0].1.clone())
        };
        let instant = "WEBSITE,APP,TOWNSHIP_SERVICE,INSTANT_BANK_BRANCH".to_owned();
        let found = mismatch(CardWay::Instant, CardChannel::OtherBankBranch);
        assert_eq!(found, (Reason::ChannelMismatch, "J-11.1-b".to_owned(), instant));
        let found = mismatch(CardWay::ByMail, CardChannel::Website);
        assert_eq!(found, (Reason::ChannelMismatch, "J-11.2-b".to_owned(), "APP,TOWNSHIP_SERVICE".to_owned()));
    }

    /// J-11.1-d: a copy, and no signature; a representative may apply there, and J-11.2-c: not at the bank.
    #[test]
    fn papers_signature_and_person_are_checked_together() {
        let unsigned = Application {
            original_shown: false,
            signed: false,
            by_representative: true,
            ..application(CardWay::Instant, CardChannel::TownshipService)
        };
        let by_desk = "J-11.1-d".to_owned();
        let expected = [(Reason::EvidenceNotAccepted, by_desk.clone()), (Reason::OrderViolation, by_desk)];
        assert_eq!(refused(&unsigned), expected);
        let at_bank = Application { channel: CardChannel::InstantBankBranch, ..unsigned };
        let in_person = (Reason::EvidenceNotAccepted, "J-11.2-c".to_owned());
        assert_eq!(refused(&at_bank), [in_person.clone(), in_person]);
        let represented = Application { by_representative: true, ..application(CardWay::ByMail, unsigned.channel) };
        assert!(check(&represented, &information_2021()).is_ok());
        let online = Application { channel: CardChannel::Website, ..unsigned };
        assert!(check(&online, &information_2021()).is_ok(), "J-11.1-a asks for no paper");
    }

    /// J-11.2-d, J-11.2-e, J-11.2-f: first the report, then the bank's notice; both missing are told at once.
    #[test]
    fn a_replacement_needs_report_and_notice() {
        let early = Application {
            loss_reported: false,
            bank_loss_notice: false,
            ..application(CardWay::Replacement, CardChannel::App)
        };
        let expected =
            [(Reason::OrderViolation, "J-11.2-d".to_owned()), (Reason::EvidenceNotAccepted, "J-11.2-f".to_owned())];
        assert_eq!(refused(&early), expected);
    }

    #[test]
    fn the_guide_tells_channels_and_steps() {
        let entries = guide(Some(CardWay::ByMail), &information_2021()).unwrap();
        let told: Vec<_> = entries.iter().map(|entry| (entry.channel.channel, entry.steps.len())).collect();
        assert_eq!(told, [(CardChannel::App, 0), (CardChannel::TownshipService, 1)]);
        assert_eq!(guide(None, &information_2021()).unwrap().len(), 11);
        assert_eq!(guide(None, &information_2017()).unwrap_err().reason, Reason::RuleNotDefined);
        let asked = check(&application(CardWay::Instant, CardChannel::App), &information_2017()).unwrap_err();
        assert!(asked.has(Reason::RuleNotDefined));
    }
}
