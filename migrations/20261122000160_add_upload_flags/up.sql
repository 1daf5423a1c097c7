-- What inspecting the bytes found that a reviewer should know. Of the bytes and their name, not of the claim: no part of its history.
ALTER TABLE uploads ADD COLUMN flags text[] NOT NULL DEFAULT '{}' CHECK (flags <@ ARRAY['MACROS', 'JAVASCRIPT', 'LAUNCH_ACTION',
    'EMBEDDED_FILES', 'EXTERNAL_CONTENT', 'ENCRYPTED', 'TRAILING_DATA', 'INCOMPLETE', 'FORMULAS', 'DOUBLE_EXTENSION',
    'DECLARED_TYPE_DIFFERS']);
