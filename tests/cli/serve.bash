# SPDX-License-Identifier: GPL-2.0-or-later
# For all who need the server: start it on a port that is free, ask it, stop it.

# serve [OPTION]... INDEX: $SERVER is its address, $SERVER_PID its process.
serve() {
    : >server.log # it is read before the server may have made it
    ${PLENARY_WRAP:-} "$BUILD/plenary-serve" --listen 127.0.0.1:0 "$@" 2>>server.log 3>&- &
    SERVER_PID=$!
    for _ in $(seq 600); do
        SERVER=$(sed -n 's|^plenary-serve: \(http://[^/]*\).*|\1|p' server.log)
        [ -z "$SERVER" ] || return 0
        kill -0 "$SERVER_PID" 2>/dev/null || break
        sleep 0.05
    done
    cat server.log
    return 1
}

stop_server() {
    [ -z "${SERVER_PID:-}" ] && return 0
    kill "$SERVER_PID" 2>/dev/null
    wait "$SERVER_PID"
    local status=$?
    SERVER_PID=
    return $status
}

teardown() {
    stop_server || true
    cd / && rm -rf "$WORK"
}

# The body; the status; one header of an answer.
get() { curl -s --path-as-is -m 20 "$@"; }
status_of() { curl -s --path-as-is -m 20 -o /dev/null -w '%{http_code}' "$@"; }
header() {
    local name=$1
    shift
    curl -s --path-as-is -m 20 -o /dev/null -D - "$@" | tr -d '\r' | sed -n "s/^$name: //Ip"
}

sample_index() { plenary-index --quiet idx "$ROOT/corpus/samples"; }
