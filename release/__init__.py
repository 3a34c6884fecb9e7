"""Programs that prepare and check a release: pins, bill of materials, licences, audit and version number. No product code."""
