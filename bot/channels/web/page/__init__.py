"""Pages as text: a card, and what stands around it. It knows no request and no store."""
