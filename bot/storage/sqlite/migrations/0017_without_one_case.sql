-- The tables of when each person had one case at most, which are empty by now.

DROP TABLE parcels_before;
DROP TABLE cases_before;
