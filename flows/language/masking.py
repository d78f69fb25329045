"""Personal numbers and addresses out of a text, before anybody learns from it."""

import re
import unicodedata

_MASKS = (
    (re.compile(r"[^\s@、。]+@[^\s@、。]+\.[a-z]{2,}", re.IGNORECASE), "〔メール〕"),
    (re.compile(r"\+?[0-9][0-9()\-‐‑–—―−ー \u3000]{7,}[0-9]"), "〔電話番号〕"),  # as people type
    (re.compile(r"[A-Z]{0,4}-?[0-9]{4,}", re.IGNORECASE), "〔番号〕"),
)


def mask(text: str) -> str:
    """The text with mail addresses, telephone numbers and longer numbers replaced."""
    masked = unicodedata.normalize("NFKC", text) if any(c.isdigit() for c in text) else text
    for pattern, word in _MASKS:
        masked = pattern.sub(word, masked)
    return masked
