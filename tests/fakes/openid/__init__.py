"""An organisation's sign-in (OpenID Connect) of our own on loopback: it checks what a client must do, and can err in each way."""
