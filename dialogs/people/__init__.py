"""The cards on which administrators manage access: who is admitted, until when and with which role. They know labels
and roles, and no case.
"""
