//! What the information services need of the law.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::codes::{District, InsuredGroup, Office, UnknownCode, codes};
use crate::effective::Effective;

codes! {
    /// Way to a social security card (申领方式).
    CardWay {
        /// Issued at once (即时制卡).
        Instant = "INSTANT",
        /// Sent by mail (邮寄发卡).
        ByMail = "BY_MAIL",
        /// Replacement after loss or damage (补换卡).
        Replacement = "REPLACEMENT",
    }
    /// Where an application for a card is made (申领渠道).
    CardChannel {
        /// Township service (乡镇（街道）综合服务机构).
        TownshipService = "TOWNSHIP_SERVICE",
        /// Branch of a service bank that issues at once (即时制卡服务银行网点).
        InstantBankBranch = "INSTANT_BANK_BRANCH",
        /// Branch of a service bank that does not issue at once (其他服务银行网点).
        OtherBankBranch = "OTHER_BANK_BRANCH",
        /// Personal hall of the bureau's website (市人社局官方网站个人网厅).
        Website = "WEBSITE",
        /// Mobile app, named differently by two clauses (AMB-132).
        App = "APP",
    }
    /// What a contact is for (咨询事项).
    ContactTopic {
        /// Social security card (社保卡申领).
        Card = "CARD",
        /// Outlets of the card (社保卡网点).
        CardOutlet = "CARD_OUTLET",
        /// Enquiries about care elsewhere (异地就医查询).
        OutOfArea = "OUT_OF_AREA",
        /// Accident insurance (意外险服务).
        Accident = "ACCIDENT",
        /// The circular of the outline (通知联系电话).
        Circular = "CIRCULAR",
    }
}

/// Parameters of the information services for one policy year. What a year does not print is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InformationParams {
    /// When the offices are open (J-13.N-a); none printed for 2017.
    pub office_hours: Option<OfficeHours>,
    /// Ways to a card (J-11-a).
    pub card_ways: Vec<Effective<CardWay>>,
    /// Channels of each way, in the order of the outline (J-11.1-a, J-11.1-b, J-11.2-a, J-11.2-b, J-11.2-f).
    pub card_channels: Vec<Effective<CardChannelRow>>,
    /// What to bring and to do (J-11.1-d, J-11.2-c to J-11.2-g).
    pub card_steps: Vec<Effective<CardStepRow>>,
    /// Days after the day of an instant replacement on which the card settles (J-11.2-g: 1).
    pub card_settles_after_days: Option<Effective<u32>>,
    /// Banks named for the card (J-12-b); the list is open (AMB-131).
    pub card_banks: Vec<Effective<String>>,
    /// Kinds of card outlets (J-12-a).
    pub card_outlet_kinds: Vec<Effective<String>>,
    /// There are more card outlets than this (J-12-a: 960).
    pub card_outlets_more_than: Option<Effective<u32>>,
    /// Cooperating banks announced (J-12-a: 15).
    pub card_banks_announced: Option<Effective<u32>>,
    /// Phones, sites and other places to ask (J-11.1-c, J-12-c, J-10.2.1-e, J-A3-b). Those of accident insurance stand
    /// with its routing.
    pub contacts: Vec<Effective<ContactRow>>,
    /// The document about itself (J-A3-a, B-0-a).
    pub document: Option<Effective<DocumentRow>>,
    /// Circulars it refers to, whose texts are not part of it (J-A3-a, B-0-b).
    pub refers_to: Vec<Effective<String>>,
    /// Remarks on its readings (J-A2-a, AMB-118).
    pub remarks: Vec<Effective<RemarkRow>>,
    /// Ways of publicity (B-7.2.1-a, B-7.2.2-a, J-A2.3-c).
    pub publicity: Vec<Effective<PublicityRow>>,
}

/// When the offices are open.
#[derive(Clone, Debug, PartialEq)]
pub struct OfficeHours {
    /// Intervals of a working day, in order, each without its last minute (AMB-130).
    pub intervals: Vec<Effective<OpenInterval>>,
    /// True when an adjusted weekend counts as a working day.
    pub open_on_adjusted_weekends: Effective<bool>,
}

/// Half-open hours: open at `opens`, closed again at `closes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenInterval {
    /// First minute.
    pub opens: NaiveTime,
    /// First minute after.
    pub closes: NaiveTime,
}

/// A channel of a way to a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardChannelRow {
    /// Way.
    pub way: CardWay,
    /// Channel.
    pub channel: CardChannel,
    /// Name as printed.
    pub name: String,
}

/// A step on some ways and channels to a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardStepRow {
    /// Ways it belongs to.
    pub ways: Vec<CardWay>,
    /// Channels it belongs to; empty for all.
    pub channels: Vec<CardChannel>,
    /// What to bring or to do, as printed.
    pub text: String,
}

/// A place to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactRow {
    /// Topic.
    pub topic: ContactTopic,
    /// What it is.
    pub name: String,
    /// Phone, where printed.
    pub phone: Option<String>,
    /// Site, where printed.
    pub site: Option<String>,
}

/// What a document says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Title.
    pub title: String,
    /// Number of the circular it belongs to or applies.
    pub circular: String,
    /// Day of issue.
    pub issued_on: NaiveDate,
    /// True when it says that it is public (此件主动公开).
    pub public: bool,
    /// Bodies that it gives tasks to.
    pub addressees: Vec<String>,
    /// The tasks, as printed.
    pub tasks: Vec<String>,
}

/// A remark on a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemarkRow {
    /// District whose annexes it concerns; `None` for all.
    pub district: Option<District>,
    /// The remark.
    pub text: String,
}

/// A way of publicity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicityRow {
    /// Code, for the records of work items.
    pub code: String,
    /// Who.
    pub office: Office,
    /// District whose annexes name it; `None` for all districts of the document.
    pub district: Option<District>,
    /// What, as printed.
    pub name: String,
}

/// A contact as it is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Topic.
    pub topic: ContactTopic,
    /// What it is.
    pub name: String,
    /// Phone, where printed.
    pub phone: Option<String>,
    /// Site, where printed.
    pub site: Option<String>,
    /// Address, where printed.
    pub address: Option<String>,
    /// Group it serves; `None` for all.
    pub group: Option<InsuredGroup>,
    /// Rule that prints it.
    pub rule_id: String,
}
