"""What a pack as a whole may not have: rules that never hold, answers that nothing tells apart, prose that says otherwise; and the line of a fault."""
