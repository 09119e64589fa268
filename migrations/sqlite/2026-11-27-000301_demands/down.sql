DROP TABLE demand_proofs;
DROP TABLE demand_charges;
DROP TABLE demands;
DROP TABLE demand_batches;
