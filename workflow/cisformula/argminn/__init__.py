"""ARGMINN: a network whose weights are motifs and whose attention is their syntax."""
