"""A store that lives as long as the process: the parts of the contract over plain dictionaries. It keeps nothing on a disk."""
