"""What a pack as a whole may not have, such as rules that never hold and prose that says otherwise; the line of a fault.
It changes nothing in it.
"""
