"""Texts in the languages of a project: `English | 中文`, or one of them alone."""

from yansuan.base.settings import Settings, settings


def languages(text):
    """{language: text} of 'English | 中文'; in a project of one language all of it; None if there is not each."""
    if len(settings().languages) == 1:
        return dict.fromkeys(Settings.languages, text.strip()) if text.strip() and not text.startswith("$$") else None
    en, _, zh = text.partition(" | ")
    return {"en": en.strip(), "zh": zh.strip()} if en.strip() and zh.strip() else None


def in_words():
    """How a text is written, for messages."""
    return "English | 中文" if len(settings().languages) > 1 else "words"


def in_two():
    return " in two languages" if len(settings().languages) > 1 else ""
