DROP TRIGGER notes_await_signature ON notes;
DROP FUNCTION await_signature();
DROP TABLE notes_unsigned, history_heads;
