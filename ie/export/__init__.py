"""Write tagged documents: JSON Lines, a terminal table, one self-contained HTML page."""
