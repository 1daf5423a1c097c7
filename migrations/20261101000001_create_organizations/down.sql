DROP TABLE person_locations, people, locations, organizations;
