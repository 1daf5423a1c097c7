DROP INDEX uploads_direct;
ALTER TABLE uploads DROP COLUMN direct_until;
ALTER TABLE uploads DROP COLUMN received_at;
ALTER TABLE uploads DROP COLUMN received_bytes;
DROP TABLE blob_parts;
DROP TABLE blobs;
