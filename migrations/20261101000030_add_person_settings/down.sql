ALTER TABLE people DROP COLUMN muted_notices;
