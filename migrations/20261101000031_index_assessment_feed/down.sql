DROP INDEX outbox_eligibility;
