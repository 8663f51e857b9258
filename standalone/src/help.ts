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
  VERDICT_REQUESTS_PER_MINUTE, VERDICT_CALLER_REQUESTS_PER_MINUTE, VERDICT_INGEST_REQUESTS_PER_MINUTE,
  VERDICT_LOGINS_PER_MINUTE, VERDICT_MAX_IN_FLIGHT_BYTES, VERDICT_CORS_ORIGINS, VERDICT_TRUSTED_PROXIES
                           who may ask from elsewhere, and how often (docs/authentication.md)
  VERDICT_RETENTION_DAYS   days that history is kept (30)
  VERDICT_LOG_LEVEL        trace, debug, info, warn, error (info)

Log-in with an identity provider, such as Microsoft Entra ID (docs/authentication.md); needs VERDICT_PUBLIC_URL:
  VERDICT_OIDC_ISSUER      address of the provider, as its tokens name it
  VERDICT_OIDC_CLIENT_ID   registration of the dashboard there, with <VERDICT_PUBLIC_URL>/auth/oidc/callback to come back to
  VERDICT_OIDC_CLIENT_SECRET_FILE, VERDICT_OIDC_CLIENT_ASSERTION_FILE, VERDICT_OIDC_CLIENT_IDENTITY
                           how it proves to be that registration: a file with its secret, or with a token; or azure
  VERDICT_OIDC_ROLES       who may do what, as JSON: [{"claim": "roles", "value": "Verdict.Admin", "roles": ["admin"]}]
  VERDICT_OIDC_AUDIENCE    audience of access tokens that are taken at the API (none without it)
  VERDICT_OIDC_LABEL       what the button says (Microsoft)
  VERDICT_OIDC_SCOPES, VERDICT_OIDC_NAME_CLAIM, VERDICT_OIDC_NAME_PREFIX
                           what is asked for, and how people are named (openid profile, preferred_username, oidc:)

Ctrl-C stops everything; the next start goes on where this one stopped.
`;
