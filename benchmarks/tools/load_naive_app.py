"""The survey most Streamlit tutorials would write: st.form, radios, session state, one INSERT a page.

Started with ``streamlit run``, as shipped, as the other side of ``benchmarks.load``.
"""

import os
import sqlite3
import time

import streamlit as st

PAGES, ITEMS = 5, 6
LABELS = ["No", "Hardly", "Rather not", "Neutral", "Rather", "Mostly", "Yes"]


def store(page: int, answers: list[str | None]) -> None:
    with sqlite3.connect(os.environ["NAIVE_DATABASE"], timeout=30) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS answers (page INTEGER, answers TEXT, at REAL)")
        connection.execute("INSERT INTO answers VALUES (?, ?, ?)", (page, repr(answers), time.time()))


page = st.session_state.setdefault("page", 0)
if page < PAGES:
    st.title(f"Page {page + 1} of {PAGES}")
    with st.form(f"page{page}"):
        answers = [
            st.radio(f"Statement {page * ITEMS + k + 1}: on this platform I take part in charity.", LABELS)
            for k in range(ITEMS)
        ]
        sent = st.form_submit_button("Next")
    if sent:
        store(page, answers)
        st.session_state["page"] = page + 1
        st.rerun()
else:
    st.success("Thank you.")
