DROP TRIGGER catalogue_is_counted ON catalogue;
DROP TRIGGER holidays_are_counted ON holidays;
DROP TRIGGER calendar_is_counted ON calendar;
DROP TRIGGER policies_are_counted ON policies;
DROP FUNCTION count_programme_change();
DROP TABLE programme_version;
