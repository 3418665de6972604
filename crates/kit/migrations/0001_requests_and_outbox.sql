-- Answers already given, so that a repeated request has one effect.
CREATE TABLE request (
    resident_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reply BYTEA NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, request_id)
);

-- Events that wait for delivery; a delivered event leaves.
CREATE TABLE outbox (
    resident_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    topic TEXT NOT NULL,
    payload BYTEA NOT NULL,
    trace TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (resident_id, event_id)
);
