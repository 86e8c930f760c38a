"""What an import cannot decide: answers that may mean something else, and answers that cannot be read."""

from __future__ import annotations

from collections import defaultdict

import streamlit as st

from analysis.importing import Account, Mapping, Suspicion
from analysis.pages.bench import Bench
from analysis.pages.import_account import told

MOST_ASKED = 30
"""Texts that cannot be read are asked about one by one; a file with more of them is another study's."""
CURE, KEEP = "cure", "keep"


def settle(bench: Bench, at: str, mapping: Mapping, account: Account) -> Mapping:
    """Each doubt with the ways to have it read; those decided stay there, to decide otherwise."""
    say = bench.say
    known: dict[str, Suspicion] = st.session_state.setdefault(f"doubts {at}", {})
    known |= {str(one): one for one in account.suspicions}
    # What is no longer found and was not decided here was settled by a change elsewhere.
    found = {str(one) for one in account.suspicions}
    for name, one in list(known.items()):
        if name not in found and _decided(mapping, one) is None:
            del known[name]
    for name, one in known.items():
        said = say.told(f"{one.where}: {one.said}")
        said = said[0].upper() + said[1:]
        before = _decided(mapping, one)
        if not one.cure:
            st.warning(say("import_doubt", said=said, mend=say.told(one.mend)))
            continue
        options = [CURE, KEEP] if one.open else [KEEP, CURE]
        st.warning(say("import_doubt", said=said, mend=say.told(one.mend)))
        choice = st.radio(
            said,
            options,
            index=None if one.open and before is None else options.index(before or KEEP),
            format_func=lambda way, one=one: _way(bench, one, way),
            key=f"doubt {at} {name} {say.language}",
            label_visibility="collapsed",
        )
        if choice is not None and choice != (before or (None if one.open else KEEP)):
            mapping = _apply(bench, known, mapping, one, choice)
            st.session_state[at] = mapping
            st.rerun()
    return mapping


def _apply(
    bench: Bench, known: dict[str, Suspicion], mapping: Mapping, one: Suspicion, choice: str
) -> Mapping:
    mapping = mapping.without_values(one.cure).without_values(one.keep)
    if not set(one.cure) & set(bench.study.items):
        # Another reading of a scale makes other ratings: what was said of its items said it of the old ones.
        for name, other in list(known.items()):
            if set(other.cure) & set(bench.study.items):
                mapping = mapping.without_values(other.cure)
                del known[name]
    return mapping.with_values(one.cure if choice == CURE else one.keep)


def _decided(mapping: Mapping, one: Suspicion) -> str | None:
    for choice, said in ((CURE, one.cure), (KEEP, one.keep)):
        if said and all(
            mapping.values.get(where, {}).get(text) == rating
            for where, table in said.items()
            for text, rating in table.items()
        ):
            return choice
    return None


def _way(bench: Bench, one: Suspicion, way: str) -> str:
    """A way to read in words: “0 → 1, 1 → 2 …”."""
    said = one.cure if way == CURE else one.keep
    pairs = sorted({(text, rating) for table in said.values() for text, rating in table.items()}, key=_order)
    empty = bench.say("import_cell_empty")
    listed = ", ".join(f"{text} → {rating or empty}" for text, rating in pairs[:8])
    if way == CURE:
        return bench.say("import_doubt_cure", listed=listed + ("…" if len(pairs) > 8 else ""))
    return bench.say("import_doubt_keep_but", listed=listed) if pairs else bench.say("import_doubt_keep")


def _order(pair: tuple[str, int]) -> tuple[int, int, str]:
    text, rating = pair
    return rating, len(text), text


def meanings(bench: Bench, at: str, mapping: Mapping, account: Account) -> Mapping:
    """Ask what each unreadable text means, once for each scale."""
    say = bench.say
    doubts: dict[str, Suspicion] = st.session_state.get(f"doubts {at}", {})
    settled = {
        (where, text)
        for one in doubts.values()
        for table in (one.cure, one.keep)
        for where, texts in table.items()
        for text in texts
    }
    said = {(scale, text) for scale, table in mapping.values.items() for text in table}
    asked: dict[tuple[str, str], list[str]] = defaultdict(list)
    counts: dict[tuple[str, str], int] = defaultdict(int)
    how: dict[tuple[str, str], str] = {}
    for value in account.values:
        place = (value.scale, value.text)
        if value.scale and place not in settled and (value.rating is None or place in said):
            asked[place].append(value.code)
            counts[place] += value.count
            how[place] = value.how
    if not asked:
        return mapping
    st.warning(say("import_unread"))
    for scale, text in list(asked)[:MOST_ASKED]:
        place = (scale, text)
        rating = _meaning(bench, mapping, place, counts[place], asked[place], how[place])
        if rating is not None and rating != mapping.values.get(scale, {}).get(text):
            mapping = mapping.with_value(scale, text, rating)
    if len(asked) > MOST_ASKED:
        st.warning(say("import_unread_more", n=len(asked) - MOST_ASKED))
    return mapping


def _meaning(
    bench: Bench, mapping: Mapping, place: tuple[str, str], count: int, codes: list[str], how: str
) -> int | None:
    say, (scale, text) = bench.say, place
    points = bench.study.scale(scale)
    labels = points.labels.get(say.language) or next(iter(points.labels.values()))
    before = mapping.values.get(scale, {}).get(text)
    return st.selectbox(
        say("import_means", text=text, n=count, columns=_few(codes), reason=told(how, say)),
        [None, 0, *range(1, points.points + 1)],
        index=None if before is None else before + 1,
        placeholder=say("import_means_choose"),
        format_func=lambda r: "" if r is None else f"{r} · {labels[r - 1]}" if r else say("import_empty"),
        key=f"meaning {scale} {text} {say.language}",
    )


def _few(codes: list[str], shown: int = 4) -> str:
    return ", ".join(codes[:shown]) + ("…" if len(codes) > shown else "")


def forget(at: str) -> None:
    """Other columns raise other doubts."""
    st.session_state.pop(f"doubts {at}", None)
