"""The transition tables of conversations. Only this package imports `transitions`; it knows neither wording nor items."""
