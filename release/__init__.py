"""Programs that prepare and check a release: pins, bill of materials, licences, audit, version. Not product code."""
