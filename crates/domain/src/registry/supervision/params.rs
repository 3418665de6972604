//! What supervision needs of the law: targets, the rule of counting, and who does what.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::codes::{Category, Class, CountGroup, Desk, District, Office, WorkKind};
use crate::effective::{Effective, Gap};
use crate::money::Fen;

/// Parameters of supervision for one policy year. The regime of a year speaks for several districts; what belongs to
/// one of them names it.
#[derive(Clone, Debug, PartialEq)]
pub struct SupervisionParams {
    /// Which enrolments count in which group of the target table, first match first (J-A2.T-a, B-8.3-b).
    pub counting: Vec<Effective<CountRule>>,
    /// Rows of the target tables of the regime's districts (J-A2.T, B-T).
    pub targets: Vec<Effective<Target>>,
    /// Units that have duties and no target (AMB-119).
    pub untargeted: Vec<Effective<Untargeted>>,
    /// The district's target as the text prints it, beside the table (B-8.3-a); `None` where only the table has it.
    pub district_target: Option<Effective<u32>>,
    /// Target of the year before, a gap until an operator sets it (B-8.3-d); `None` where it is not spoken of.
    pub earlier_target: Option<Result<Effective<u32>, Gap>>,
    /// Bodies that answer for the townships' targets (J-A2.1-a, B-0-a).
    pub responsible: Effective<String>,
    /// What targets are: guidance, not a quota with a sanction (J-A2-a, B-8.3-a); `None` where nothing is said.
    pub nature: Option<Effective<String>>,
    /// What the document leaves unclear about its table (AMB-118); `None` where it is clear.
    pub remark: Option<Effective<String>>,
    /// How completion is measured (B-T-b, AMB-121).
    pub measure: Effective<String>,
    /// Last day for reaching the target (B-8.3-c); `None` where none is printed.
    pub due_on: Option<Effective<NaiveDate>>,
    /// Days between two reports (J-A1.2-b, AMB-120); a gap until an operator sets it.
    pub report_interval: Result<Effective<u32>, Gap>,
    /// Offices that circulate the townships' progress (J-A1.2-c, B-8.2.1-a).
    pub circular_offices: Effective<Vec<Office>>,
    /// Offices that appraise (J-A1.2-d); `None` where no appraisal is provided for.
    pub appraisal_offices: Option<Effective<Vec<Office>>>,
    /// Which office may open which kind of work item.
    pub work: Vec<Effective<WorkDuty>>,
    /// Working funds of the plan (J-A1.3-d), a gap until an operator sets them; `None` where no funds are spoken of.
    pub working_funds: Option<Result<Effective<Fen>, Gap>>,
    /// Who leads and who does what.
    pub organisation: Organisation,
}

/// Kind of a row of a target table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TargetKind {
    /// A township, street or college.
    Unit,
    /// Sum over the townships.
    Subtotal,
    /// Sum over all units.
    Total,
}

/// One row of a target table, in persons. An absent column is no target, not a target of nobody (J-A2.T-c).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// District of the table.
    pub district: District,
    /// Number of the row, or `SUBTOTAL` or `TOTAL`.
    pub row: String,
    /// Kind of the row.
    pub kind: TargetKind,
    /// Name as printed.
    pub name: String,
    /// All persons.
    pub total: u32,
    /// General residents.
    pub general_residents: Option<u32>,
    /// Students and children.
    pub students_children: Option<u32>,
    /// Special groups.
    pub special_groups: Option<u32>,
}

impl Target {
    /// The groups that a table may have, in the order of its columns.
    pub const GROUPS: [CountGroup; 3] =
        [CountGroup::GeneralResidents, CountGroup::StudentsChildren, CountGroup::SpecialGroups];

    /// Unit id of the row: `120118.4`, `120118.TOTAL`.
    #[must_use]
    pub fn unit_id(&self) -> String {
        format!("{}.{}", self.district, self.row)
    }

    /// The figure of a group; `None` where none is printed.
    #[must_use]
    pub const fn figure(&self, group: CountGroup) -> Option<u32> {
        match group {
            CountGroup::GeneralResidents => self.general_residents,
            CountGroup::StudentsChildren => self.students_children,
            CountGroup::SpecialGroups => self.special_groups,
            CountGroup::NotCounted => None,
        }
    }
}

/// A unit that has duties and no target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untargeted {
    /// Unit id: `120118.HUAKANG`.
    pub unit_id: String,
    /// Name as printed.
    pub name: String,
}

/// One line of the counting rule. An enrolment matches when its category, class or desk is listed; a line without lists
/// takes everybody who is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountRule {
    /// Group it counts in; [`CountGroup::NotCounted`] leaves it out.
    pub group: CountGroup,
    /// Categories.
    pub categories: Vec<Category>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Desks.
    pub desks: Vec<Desk>,
}

/// Who may open a kind of work item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkDuty {
    /// Kind.
    pub kind: WorkKind,
    /// District it is for; `None` for every district of the regime.
    pub district: Option<District>,
    /// Offices.
    pub offices: Vec<Office>,
}

/// The leading group, its office, the bodies and their duties. Offices and posts only, never persons (AMB-124).
#[derive(Clone, Debug, PartialEq)]
pub struct Organisation {
    /// Post of the head (B-8.1-a); `None` where the document names none.
    pub head: Option<Effective<String>>,
    /// Body where the group's office sits (B-8.1-b); `None` where the document names none.
    pub office_seat: Option<Effective<String>>,
    /// Duties, those of one body together.
    pub duties: Vec<Effective<BodyDuty>>,
}

/// A duty of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyDuty {
    /// District it is for; `None` for every district of the regime.
    pub district: Option<District>,
    /// Name of the body, as the document has it.
    pub body: String,
    /// Kind of office that acts for it in this suite; `None` where none does.
    pub office: Option<Office>,
    /// What it does.
    pub duty: String,
}
