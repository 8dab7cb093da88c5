"""What ARGMINN is compared with: other networks, motifs from attributions, and scanning with matrices."""
