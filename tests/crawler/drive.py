"""Runs one crawler process for a test: the options as JSON in the first argument, one log event a line on standard output."""

import json
import logging
import sys

import structlog

from crawler.process import ContactMissing, run


def main() -> int:
    """Run; 3 if a contact is missing."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer(default=str)],
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
    )
    options = json.loads(sys.argv[1])
    raise_for = set(options.pop("raise_for", ()))

    def page_stored(article_id: str) -> None:
        if article_id in raise_for:
            raise ConnectionError("the worker's bell is out of order")
        structlog.get_logger().info("rung", article=article_id)

    try:
        run(page_stored=page_stored, **options)
    except ContactMissing as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
