"""The survey over HTTP: routes, static files, headers and the server, without Streamlit."""
