DROP TABLE acknowledgement_charges;
DROP TABLE acknowledgements;
