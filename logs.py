"""Logging: structlog, one event an outcome, key=value on a terminal or one JSON object a line; the libraries' warnings too."""

import logging
import sys

import structlog

QUIET = ("scrapy", "twisted", "trafilatura", "htmldate", "httpx", "urllib3", "celery.beat", "kombu", "alembic")


def configure_logging(form: str = "console", level: int = logging.INFO) -> None:
    """Send every event to standard error as `form` (console or json)."""
    shared: list[structlog.typing.Processor] = [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)]
    renderer = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    structlog.configure(processors=[*shared, structlog.processors.format_exc_info, renderer] if form == "json" else [*shared, renderer],
                        wrapper_class=structlog.make_filtering_bound_logger(level), logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
