"""Weight formats and the three questions: what the boxes answer for right and for wrong models of the project's own."""
