"""The papers of somebody who teaches with a made-up case, as values. It knows no person, and not how a paper looks."""
