"""Language codes as files have them (ISO 639-2, three letters) and as playlists want them."""

import re

UNKNOWN = "und"
_NAMES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ru": "Русский",
    "sv": "Svenska",
    "tr": "Türkçe",
    "zh": "中文",
}
_SHORT = {
    "ara": "ar", "deu": "de", "ger": "de", "eng": "en", "spa": "es", "fra": "fr", "fre": "fr",
    "hin": "hi", "ita": "it", "jpn": "ja", "kor": "ko", "nld": "nl", "dut": "nl", "pol": "pl",
    "por": "pt", "rus": "ru", "swe": "sv", "tur": "tr", "zho": "zh", "chi": "zh",
}  # fmt: skip
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def tag_or_none(code: str) -> str | None:
    """Return the shortest BCP 47 tag, or None where the code can't be a language."""
    language, dash, rest = code.strip().partition("-")
    tag = _SHORT.get(language.lower(), language.lower()) + dash + rest
    return tag if _TAG.fullmatch(tag) else None


def tag_or_unknown(code: str) -> str:
    """Return the tag of what a file says, which is nobody's fault where it is none."""
    return tag_or_none(code) or UNKNOWN


def name_of(tag: str) -> str:
    """Return what speakers call the language, the tag itself where nobody has said."""
    language, _, region = tag.partition("-")
    name = _NAMES.get(language, language)
    return f"{name} ({region})" if region else name


def shown_name(tag: str) -> str:
    """Return what a player's menu calls a language; what nobody named is the original."""
    return "Original" if tag == UNKNOWN else name_of(tag)
