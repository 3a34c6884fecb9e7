"""An administrator sees to people: what is asked, how everybody is looked up, what is done, and the card after it. It knows no case."""
