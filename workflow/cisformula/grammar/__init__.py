"""Promoter grammar: which motifs group genes, keep company and keep their distance."""
