"""What a pack as a whole may not have, such as rules that never hold, prose that says otherwise and sentences that nobody said;
the line of a fault.
It changes nothing in it.
"""
