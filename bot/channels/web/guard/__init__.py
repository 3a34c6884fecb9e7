"""What keeps requests within bounds: where they come from, how many, how large, how slow, and what each answer forbids.
It knows no person and no case.
"""
