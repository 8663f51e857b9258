/** What `npm start -- --help` says. */
export const help = `Verdict on one machine: event hubs, database, gateway, detectors, retrainer and dashboard.

Usage: npm start

Settings, through the environment:
  VERDICT_PORT             port of the dashboard and the API (8080)
  VERDICT_HOST             address to listen on (127.0.0.1)
  VERDICT_ALLOWED_HOSTS    names under which other machines reach it, comma separated; * = any
  VERDICT_PUBLIC_URL       address that messages to others link to (http://127.0.0.1:8080)
  VERDICT_WEBHOOK_ALLOW    networks and hosts inside your own networks that webhooks may reach (docs/notifications.md)
  VERDICT_DATA             folder for everything that outlives a stop (.verdict)
  VERDICT_ADMIN_PASSWORD   password of the user admin (else one is made at the first start and shown once)
  VERDICT_USERS_FILE       further users, as JSON: [{"username": "ann", "password": "…", "roles": ["analyst"]}];
                           roles are viewer, reporter, analyst, ingest, admin; they are made, or changed, at every start
  VERDICT_DEMO             on or off: the demonstration shop (on)
  VERDICT_HOST_METRICS     on or off: the metrics of this computer (on)
  VERDICT_MANIFESTS        folder with AnomalyModel and DetectorPool manifests (manifests/samples)
  VERDICT_DOOR_RULES_FILE  JSON rules by which samples of Prometheus and OpenTelemetry become readings (docs/doors.md)
  VERDICT_DATA_PARTITIONS  partitions of the data hub, fixed at the first start (8)
  VERDICT_ANSWERS_PER_HOUR, VERDICT_ANSWERS_PER_DAY     answers that one person may give (1000, 5000)
  VERDICT_FLOOD_PER_MINUTE, VERDICT_FLOOD_FACTOR        faster ones wait for a review (60, 4; docs/feedback.md)
  VERDICT_RETENTION_DAYS   days that history is kept (30)
  VERDICT_LOG_LEVEL        trace, debug, info, warn, error (info)

Ctrl-C stops everything; the next start goes on where this one stopped.
`;
