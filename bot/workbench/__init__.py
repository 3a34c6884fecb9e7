"""A board's own pack in the making: begun, its faults placed, compared with another, tried on cases, printed. It opens no store."""
