"""What a start goes by before anything slow is imported: whether anything was set up, and no looking for garbage meanwhile.
It reads no setting.
"""
