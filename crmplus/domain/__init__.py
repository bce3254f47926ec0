"""What a lead is and which moves are legal: plain Python, standard library only."""
