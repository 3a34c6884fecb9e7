"""What a release is made of and what goes with it: pins, bill of materials, licences, audit, its number. No product code."""
