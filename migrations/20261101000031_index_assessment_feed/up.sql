-- The eligibility system reads what was sent to it in the order of the feed.
CREATE INDEX outbox_eligibility ON outbox (claim_id, seq) WHERE audience = 'ELIGIBILITY_SYSTEM';
