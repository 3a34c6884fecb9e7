"""The ledger: one sealed count over the rows that matter, by which a row put back, changed or taken away is found.
It never opens what a row has sealed.
"""
