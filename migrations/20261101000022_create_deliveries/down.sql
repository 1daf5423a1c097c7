DROP INDEX outbox_unaddressed;
UPDATE outbox SET state = 'PAID' WHERE state = 'ADDRESSED';
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check CHECK (state IN ('PENDING', 'PAID', 'DEAD'));
DROP TABLE notice_deliveries;
