-- When people are to be reminded of a clock's end, as far as it is not recorded yet, and the earliest thing to record of a clock.
ALTER TABLE claim_clocks
    ADD COLUMN reminders timestamptz[] NOT NULL DEFAULT '{}',
    ADD COLUMN next_at timestamptz GENERATED ALWAYS AS
        (least(reminders[1], CASE WHEN overdue_recorded THEN NULL ELSE expires_at END)) STORED;
CREATE INDEX claim_clocks_next ON claim_clocks (next_at) WHERE next_at IS NOT NULL;
DROP INDEX claim_clocks_due;
