CREATE INDEX claim_clocks_due ON claim_clocks (expires_at) WHERE NOT overdue_recorded AND expires_at IS NOT NULL;
DROP INDEX claim_clocks_next;
ALTER TABLE claim_clocks DROP COLUMN next_at, DROP COLUMN reminders;
