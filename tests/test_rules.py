"""The rules that the engine has for every formula and every page."""

from yansuan.rules import *  # noqa: F403
