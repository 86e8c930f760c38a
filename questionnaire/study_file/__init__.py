"""The study file: read, checked and written; :mod:`questionnaire.loading` is its door."""
