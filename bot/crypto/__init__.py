"""Keys, encryption, PINs and codes. The modules here do not interpret what they encrypt."""
