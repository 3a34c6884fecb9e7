"""Commands for people who teach with made-up cases, and for those who write them: rehearse, vignette. They open no store."""
