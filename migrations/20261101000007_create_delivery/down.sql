DROP TABLE demo_clock, server_secrets, idempotency, consent_links, outbox, feed, feed_pending;
