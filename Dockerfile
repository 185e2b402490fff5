# One image for every process: `sayso crawler`, `sayso worker`, `sayso web`, or `sayso run` for all three.
FROM python:3.11-slim

RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 sayso
WORKDIR /srv/sayso
COPY --chown=sayso . .
RUN chown sayso /srv/sayso
USER sayso
RUN make install
ENV PATH=/srv/sayso/.venv/bin:$PATH SAYSO_HOME=/srv/sayso/data SAYSO_WEB_HOST=0.0.0.0
VOLUME /srv/sayso/data
EXPOSE 8040
CMD ["sayso", "run"]
