"""Group rehearsals in a browser: guests who come by a link, and the trainer's screen. No real case or account is within reach."""
