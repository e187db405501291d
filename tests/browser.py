"""A Chromium for the tests that need one."""

import os
from contextlib import contextmanager

import pytest

from yansuan.site.pdf import FLAGS, chromium


@contextmanager
def launched(*flags):
    """A running browser. Without one the test fails in CI, and is skipped elsewhere."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    if not path:
        why = "no Chromium: install it, or run 'python -m playwright install chromium'"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *flags])
        yield browser
        browser.close()
