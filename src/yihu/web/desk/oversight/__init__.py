"""监督: who did and who looked at what."""
