DROP TABLE documents, uploads;
