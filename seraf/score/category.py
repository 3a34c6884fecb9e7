"""Which category a total falls in (“SERAF categories of risk framework”)."""

from seraf.form.instrument import Instrument
from seraf.form.rules import Band


def band_of(instrument: Instrument, total: int) -> Band:
    """The band that holds the total: the last one whose lowest total it reaches."""
    return max((band for band in instrument.bands if band.lowest <= total), key=lambda band: band.lowest)
