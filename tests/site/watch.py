"""What a browser must not do while it shows the site."""

from urllib.parse import urlsplit


class Watch:
    """Console errors, failed requests, and requests to other hosts, of one browser context."""

    def __init__(self, context, origin):
        self.faults, self.host, self.replaces_itself = [], urlsplit(origin).netloc, f"{origin}/"
        context.on("console", lambda m: m.type in ("error", "warning") and self.faults.append(f"console: {m.text}"))
        context.on("weberror", lambda e: self.faults.append(f"error: {e.error}"))
        context.on("request", self.request)
        context.on("requestfailed", self.failed)
        context.on("response", lambda r: r.status >= 400 and self.faults.append(f"{r.status}: {r.url}"))

    def failed(self, request):
        # The site's first page replaces itself; whether Chromium has read it to its end by then is a matter of luck.
        replaced = request.is_navigation_request() and request.failure == "net::ERR_ABORTED"
        if not (replaced and request.url == self.replaces_itself):
            self.faults.append(f"failed: {request.url} {request.failure}")

    def request(self, request):
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob", "about") and url.netloc != self.host:
            self.faults.append(f"third party: {request.url}")
