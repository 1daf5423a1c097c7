-- Notices that a person does not want; only those that are optional can be among them.
ALTER TABLE people ADD COLUMN muted_notices text[] NOT NULL DEFAULT '{}'
    CHECK (muted_notices <@ ARRAY['SUBMISSION_RECEIVED', 'REVIEW_STARTED', 'REMINDERS', 'CONSENT_ELAPSED', 'ASSIGNED', 'PARTNER_REPLIED']);
