"""Figures, one module each: functions take tables and return a matplotlib figure; scripts save them."""
