-- A loan of somebody whom the government pays for anyway changes nothing of the payment, which may be asked back later.
DROP INDEX refund_of_payment;
CREATE UNIQUE INDEX refund_of_payment ON refund (resident_id, payment_id)
    WHERE state <> 'REJECTED' AND (ground <> 'STUDENT_LOAN' OR state <> 'VERIFIED' OR refund_fen <> 0);

-- What was decided with a step: the acceptance and the verification may come to something else.
ALTER TABLE refund_step ADD COLUMN refund_fen BIGINT;
ALTER TABLE refund_step ADD COLUMN receipt TEXT;
