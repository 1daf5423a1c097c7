DROP TABLE notes, comments, history;
DROP FUNCTION refuse_change();
