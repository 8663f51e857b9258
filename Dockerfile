# The images of Verdict, one build target each: gateway, detector, retrainer, operator, workers, embedded.
# `npm run images` builds them with docker, podman or buildah (see docs/images.md); what goes into each is decided by
# scripts/images, which needs a checkout with its node_modules as build context and no network.
ARG BASE=docker.io/library/node:24-bookworm-slim

FROM ${BASE} AS assembled
ARG SOURCE_DATE_EPOCH=0
# One image's name saves laying out the others; all of them without it.
ARG ONLY=
RUN --mount=type=bind,source=.,target=/context \
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} node /context/scripts/images/assemble.mjs --out /assembled ${ONLY:+--target ${ONLY}}

# What all images have in common: a numeric user that owns nothing, so that Kubernetes can see that it is not root.
FROM ${BASE} AS process
ENV NODE_ENV=production
WORKDIR /app
USER 1000:1000

FROM process AS gateway
COPY --from=assembled /assembled/gateway/dependencies/ /app/
COPY --from=assembled /assembled/gateway/own/ /app/
# Inside a container whoever can reach it may: the chart's network policies and the Host check decide who that is.
ENV VERDICT_HOST=0.0.0.0 VERDICT_PORT=8080 VERDICT_DASHBOARD_DIR=/app/dashboard
EXPOSE 8080
ENTRYPOINT ["node", "/app/services/gateway/src/main.ts"]

FROM process AS detector
COPY --from=assembled /assembled/detector/dependencies/ /app/
COPY --from=assembled /assembled/detector/own/ /app/
ENV VERDICT_HOST=0.0.0.0 VERDICT_PORT=8080
EXPOSE 8080
ENTRYPOINT ["node", "/app/services/detector/src/main.ts"]

FROM process AS retrainer
COPY --from=assembled /assembled/retrainer/dependencies/ /app/
COPY --from=assembled /assembled/retrainer/own/ /app/
ENV VERDICT_HOST=0.0.0.0 VERDICT_PORT=8080
EXPOSE 8080
ENTRYPOINT ["node", "/app/services/retrainer/src/main.ts"]

FROM process AS operator
COPY --from=assembled /assembled/operator/dependencies/ /app/
COPY --from=assembled /assembled/operator/own/ /app/
EXPOSE 8080
ENTRYPOINT ["node", "/app/operator/src/main.ts"]

# Where there is no Kubernetes: detectors, retrainer and whoever conducts them, as children of one process.
FROM process AS workers
COPY --from=assembled /assembled/workers/dependencies/ /app/
COPY --from=assembled /assembled/workers/own/ /app/
ENV VERDICT_HOST=0.0.0.0 VERDICT_PORT=8080
EXPOSE 8080
ENTRYPOINT ["node", "/app/standalone/src/workers/main.ts"]

FROM process AS embedded
COPY --from=assembled /assembled/embedded/dependencies/ /app/
COPY --from=assembled /assembled/embedded/own/ /app/
ENV VERDICT_EMULATOR_HOST=0.0.0.0
# PostgreSQL takes SIGTERM as "wait until everybody has left".
STOPSIGNAL SIGINT
EXPOSE 5432 5672
ENTRYPOINT ["/app/embedded.sh"]
