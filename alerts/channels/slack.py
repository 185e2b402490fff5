"""Slack by incoming webhook: one POST, and what its answer means (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).

slack_sdk's client builds the request. How it is carried is ours, because a webhook's address is typed by whoever
subscribes: only to addresses that may be dialled, judged after the look-up; no redirects, no proxy from the environment,
no repetition of its own, an answer of bounded size and a bound on the whole exchange.
"""

import http.client
import json
import logging
import math
import socket
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.error import URLError
from urllib.request import Request
from urllib.parse import urlsplit

from slack_sdk.errors import SlackRequestError
from slack_sdk.webhook import WebhookClient, WebhookResponse

import addresses
from alerts.channels import Undelivered
from alerts.cleaning import one_line
from alerts.message import Message
from alerts.recipient import webhook
from alerts.retry import RETRY_AFTER_CAP
