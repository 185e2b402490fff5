"""The Celery app: every task and the schedule. The whole pipeline on one page.

    crawler stores a page ─ring→ process ─ring→ judge ─ring→ deliver          sweep, each minute, rings whatever waits

The database is the queue and Celery is the doorbell: a message carries an id and nothing else, every task can run twice,
and losing the whole broker loses nothing, because the sweep finds the rows.
"""

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import structlog
from celery import Celery
from celery.signals import setup_logging, worker_process_init
from kombu.exceptions import OperationalError

import clocks
import filequeue
import pipeline
from alerts.channels import Channel
from alerts.channels.email import EmailChannel, Login
from alerts.channels.slack import SlackChannel
from alerts.channels.webhook import WebhookChannel
from alerts.delivery import deliver as deliver_alert
from crashpoint import VARIABLE, crash_hook
from extract.statement import Outcome
from logs import configure_logging
from settings import Settings
from store.alerts import due_alerts
from store.articles import Stage, waiting_articles
from store.database import Database
from store.health import beat

SWEEP_LIMIT = 500              # rows rung in one sweep: more would only wait in the queue instead of in the table
TASK_SECONDS = 120             # a task that takes longer is killed; its row is rung again when the lease ends
DELIVER_SECONDS = 1200         # a mail server may take ten minutes to answer the final dot (RFC 5321 4.5.3.2.6)

settings = Settings()
log = structlog.get_logger()
crash = crash_hook(os.environ.get(VARIABLE))


def broker_options(given: Settings) -> dict[str, object]:
    """What the broker's transport needs: for the queue of files its folder, for Redis a short visibility timeout."""
    if given.broker.startswith("filesystem"):
        folder = given.home / "queue"
        for name in ("messages", "control", "processed"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        return {"data_folder_in": str(folder / "messages"), "data_folder_out": str(folder / "messages"), "store_processed": False,
                "control_folder": str(folder / "control"), "processed_folder": str(folder / "processed"), "polling_interval": 0.1}
    return {"visibility_timeout": DELIVER_SECONDS + TASK_SECONDS, "socket_timeout": 30, "socket_connect_timeout": 5}


filequeue.use()
app = Celery("sayso", broker=settings.broker)
app.conf.update(
    broker_transport_options=broker_options(settings),
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    task_serializer="json", accept_content=["json"],
    task_acks_late=True, task_reject_on_worker_lost=False,      # the row's lease rings again; a poison message must not loop
    task_time_limit=TASK_SECONDS, worker_lost_wait=2, worker_prefetch_multiplier=1, worker_max_tasks_per_child=2000,
    worker_send_task_events=False, worker_enable_remote_control=False, task_default_queue="sayso",
    timezone="UTC",
    beat_schedule={"sweep": {"task": "worker.sweep", "schedule": settings.sweep_seconds}},
    beat_schedule_filename=str(settings.home / "schedule"), beat_max_loop_interval=1,
)


@setup_logging.connect
def _logging(**_: object) -> None:
    configure_logging(settings.log_format)


@worker_process_init.connect
def _warm_up(**_: object) -> None:
    channels()      # a setting that cannot work is said at once, not at the first alert
    pipeline.warm_up()


@cache
def _database(pid: int) -> Database:
    del pid  # one engine a process, made after the fork
    return Database(settings.database)


@cache
def channels() -> dict[str, Channel]:
    """The channels that the settings allow, by the name that subscriptions use."""
    found: dict[str, Channel] = {"slack": SlackChannel(allow_networks=settings.allow_networks)}
    if settings.smtp_host:
        login = Login(settings.smtp_user, settings.smtp_password.get_secret_value()) if settings.smtp_user and settings.smtp_password else None
        found["email"] = EmailChannel(settings.smtp_host, settings.smtp_port, sender=settings.mail_from, security=settings.smtp_security, login=login)
    if settings.webhook_secret:
        found["webhook"] = WebhookChannel(settings.webhook_secret.get_secret_value(), allow_networks=settings.allow_networks)
    return found


def database() -> Database:
    """This process's database."""
    return _database(os.getpid())


def ring(task: str, row: str) -> None:
    """Ring for one row. A broker that does not answer costs a minute, not the row: the sweep rings again."""
    try:
        app.send_task(f"worker.{task}", args=[row], ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("broker_unreachable", task=task, row=row, error=type(error).__name__)


def page_stored(article_id: str) -> None:
    """What the crawler calls after it committed a page."""
    ring("process", article_id)


@app.task(name="worker.process")
def process(article_id: str) -> None:
    """Read one article and find its statements."""
    outcome = pipeline.process(database(), article_id, now=_now(), lease_seconds=settings.lease_seconds, crash=crash)
    if outcome is Outcome.statements:
        ring("judge", article_id)


@app.task(name="worker.judge")
def judge(article_id: str) -> None:
    """Put one article's statements to their agreements, and write what is new."""
    judged = pipeline.judge(database(), article_id, now=_now(), lease_seconds=settings.lease_seconds, crash=crash)
    for alert_id in judged.alerts:
        ring("deliver", alert_id)


@app.task(name="worker.deliver", time_limit=DELIVER_SECONDS)
def deliver(alert_id: str) -> None:
    """Send one alert."""
    deliver_alert(database(), channels(), alert_id, now=_now(), lease_seconds=settings.lease_seconds,
                  public_url=settings.public_url, crash=crash)


@app.task(name="worker.sweep")
def sweep() -> None:
    """Ring for every row that waits, look at the clocks that are due, and say that the worker and the schedule live."""
    now = _now()
    silent = clocks.look(database(), timedelta(hours=settings.silence_hours), now)
    with database().reading() as session:
        articles = waiting_articles(session, now, SWEEP_LIMIT)
        alerts = due_alerts(session, now, SWEEP_LIMIT)
    for article_id, stage in articles:
        ring("judge" if stage == Stage.extracted else "process", article_id)
    for alert_id in alerts:
        ring("deliver", alert_id)
    with database().writing() as session:
        beat(session, "worker", now)
        beat(session, "schedule", now)
    log.info("swept", articles=len(articles), alerts=len(alerts), silent=len(silent))


def run(*, processes: int, schedule: bool, name: str = "sayso@localhost") -> None:
    """Run the worker in the foreground until SIGTERM, which lets running tasks end."""
    Path(settings.home).mkdir(parents=True, exist_ok=True)
    options = ["worker", "--concurrency", str(processes), "--hostname", name, "--loglevel", "WARNING", "--without-gossip", "--without-mingle",
               "--without-heartbeat"]
    app.worker_main([*options, "--beat"] if schedule else options)


def _now() -> datetime:
    return datetime.now(UTC)
