"""The score of a case: points, category, and the cautions shown with it. It gives no advice."""
