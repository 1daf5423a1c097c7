DROP TABLE catalogue, holidays, calendar, policies;
