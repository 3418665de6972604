//! Answers to the wire.

use chrono::NaiveDate;
use juyi_domain::codes::Payer;
use juyi_domain::contribution::account::{Balance, Line, PayableDays, balances};
use juyi_domain::contribution::prepayment::Taken;
use juyi_domain::id::ResidentId;
use juyi_domain::money::Fen;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;

use super::person::{Due, Statement};
use crate::store::account_refunds::AccountRefund;
use crate::store::payments::Payment;
use crate::store::prepayments::Prepayment;
use crate::store::unit_payments::UnitPayment;
use crate::write::quote;

pub(super) fn account(resident_id: ResidentId, policy_year: i32, statements: &[Statement]) -> pb::Account {
    let balances = balances(statements.iter().flat_map(|statement| &statement.lines));
    let outstanding = balances.get(&Payer::Person).map_or(Fen::ZERO, |balance| balance.outstanding());
    pb::Account {
        resident_id: resident_id.to_string(),
        policy_year,
        enrolments: statements.iter().map(enrolment).collect(),
        balances: balances.into_iter().map(balance).collect(),
        outstanding_fen: outstanding.get(),
        prepaid: None,
    }
}

pub(super) fn prepaid((term, taken): &(Prepayment, Taken)) -> pb::PrepaidBalance {
    pb::PrepaidBalance {
        prepayment_id: term.id.to_string(),
        first_policy_year: term.term.first_year,
        last_policy_year: term.term.last_year,
        taken_fen: taken.taken.get(),
        used_fen: taken.used.get(),
        left_fen: taken.left().get(),
    }
}

fn balance((payer, balance): (Payer, Balance)) -> pb::Balance {
    pb::Balance {
        payer: payer.to_wire(),
        charged_fen: balance.charged.get(),
        credited_fen: balance.credited.get(),
        outstanding_fen: balance.outstanding().get(),
    }
}

fn enrolment(statement: &Statement) -> pb::AccountEnrolment {
    let payable = statement.quote.as_ref().map_or(Fen::ZERO, |quote| quote.payable);
    pb::AccountEnrolment {
        enrolment_id: statement.enrolment.id.to_string(),
        district: statement.enrolment.district.to_string(),
        state: statement.state.to_wire(),
        lines: statement.lines.iter().map(|line| self::line(line, statement)).collect(),
        due: statement.due.as_ref().map(|due| self::due(due, payable)),
        quote: statement.quote.as_ref().map(quote),
        refunds: statement.refunds.iter().map(refund).collect(),
    }
}

fn line(line: &Line, statement: &Statement) -> pb::AccountLine {
    let payment = statement.payments.iter().find(|payment| Some(payment.id) == line.payment);
    let quote = payment.map(|payment| &payment.quote).or(statement.quote.as_ref());
    let ground = quote.and_then(|quote| quote.subsidy_ground.clone());
    pb::AccountLine {
        kind: line.kind.to_wire(),
        payer: line.payer.to_wire(),
        amount_fen: line.amount.get(),
        rule_id: line.rule_id.to_string(),
        booked_date: line.on.map(|on| on.to_string()).unwrap_or_default(),
        payment_id: payment.map(|payment| payment.id.to_string()).unwrap_or_default(),
        refund_id: line.refund.map(|id| id.to_string()).unwrap_or_default(),
        voucher_number: payment.map(|payment| payment.voucher_number.clone()).unwrap_or_default(),
        method: payment.map(|payment: &Payment| payment.method.to_wire()).unwrap_or_default(),
        subsidy_ground: ground.filter(|_| line.payer == Payer::PremiumSubsidy).unwrap_or_default(),
    }
}

fn refund(refund: &AccountRefund) -> pb::AccountRefund {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    pb::AccountRefund {
        refund_id: refund.id.to_string(),
        payment_id: refund.payment_id.to_string(),
        state: refund.state.to_wire(),
        amount_fen: refund.amount.get(),
        application_date: refund.applied_on.to_string(),
        verification_date: day(refund.verified_on),
        repayment_date: day(refund.repaid_on),
    }
}

fn due(due: &Due, payable: Fen) -> pb::Due {
    pb::Due {
        amount_fen: payable.get(),
        days: due.days.iter().map(days).collect(),
        methods: due.methods.iter().map(|method| method.to_wire()).collect(),
        declaration_id: due.declaration.map(|id| id.to_string()).unwrap_or_default(),
    }
}

fn days(open: &PayableDays) -> pb::PayableDays {
    pb::PayableDays {
        start_date: open.days.start().to_string(),
        end_date: open.days.last_day().to_string(),
        rule_id: open.rule_id.to_string(),
    }
}

pub(super) fn unit_payment(payment: &UnitPayment) -> pb::UnitPayment {
    pb::UnitPayment {
        payment_date: payment.paid_on.to_string(),
        voucher_number: payment.voucher_number.clone(),
        declaration_id: payment.declaration_id.clone(),
        persons: payment.persons,
        amount_fen: payment.amount.get(),
        subsidy_fen: payment.subsidy.get(),
        refunded_persons: payment.refunded_persons,
        refunded_fen: payment.refunded.get(),
    }
}
