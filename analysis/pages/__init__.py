"""Streamlit pages of the analysis."""
