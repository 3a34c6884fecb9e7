"""A board's own pack in the making: begun, compared with another, tried on cases, printed. It opens no store."""
