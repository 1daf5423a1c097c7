DROP INDEX uploads_sha256;
DROP TABLE file_scans;
