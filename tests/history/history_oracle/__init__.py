"""Helpers of the oracle test."""
