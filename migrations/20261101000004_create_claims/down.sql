DROP TABLE associations, claim_clocks, claim_findings, claim_products, claims;
DROP SEQUENCE claim_numbers;
