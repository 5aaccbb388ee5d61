#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Stories of a portal that puts plenary-serve behind its search box.

load helper
load serve

@test "a search over HTTP is the search of the command line" {
    sample_index
    serve idx
    get "$SERVER/api/search?q=disembarkation&limit=3" >served.json
    plenary-search --format json --limit 3 idx disembarkation >printed.json
    [ "$(jq -c .results served.json)" = "$(jq -c .results printed.json)" ]
    [ "$(header content-type "$SERVER/api/search?q=x")" = application/json ]
    get "$SERVER/api/search?q=rescue&group=2&facets=speaker,year&from=2020" >served.json
    jq -e '.groups[0].results | length <= 2' served.json
    jq -e '[.facets[].field] == ["speaker","year"]' served.json
    jq -e 'all(.groups[].document.date; . >= "2020")' served.json
}

@test "every endpoint answers as the OpenAPI file says" {
    sample_index
    serve idx
    [ "$(get "$SERVER/openapi.json" | jq -r .openapi)" = 3.1.0 ]
    run node "$ROOT/tests/serve/openapi.mjs" "$SERVER"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "a document, its outline, a passage with what stands around it and what is like it" {
    sample_index
    serve idx
    id=$(get "$SERVER/api/documents?limit=100" | jq -r '.documents[] | select(.id | endswith("halden-co-chairs-statement-2021.txt")) | .id')
    get "$SERVER/api/documents/$id?q=disembarkation" >document.json
    jq -e '.document.title | startswith("Halden Dialogue")' document.json
    jq -e '[.passages[] | select(.marks != [])] | length > 0' document.json
    get "$SERVER/api/documents/$id?offset=2&limit=1" | jq -e '.passages | length == 1 and .[0].row == 2'
    get "$SERVER/api/passages/$id%234?context=1" >passage.json
    jq -e '.passage.number == 4 and (.before | length) == 1 and (.after | length) == 1' passage.json
    jq -e '.like | length > 0 and all(.passage.id != "'"$id"'#4")' passage.json
    [ "$(header location "$SERVER/p/$id%234")" = "/d/$(jq -rn --arg id "$id" '$id | @uri')?row=$(jq .passage.row passage.json)#p4" ]
    [ "$(status_of "$SERVER/api/documents/no-such")" = 404 ]
    [ "$(status_of "$SERVER/api/passages/$id%23999")" = 404 ]
}

@test "an answer is fetched once: ETag, 304, gzip, HEAD" {
    sample_index
    serve idx
    url="$SERVER/api/search?q=rescue"
    tag=$(header etag "$url")
    [[ $tag == W/\"1-* ]]
    [ "$(status_of -H "If-None-Match: $tag" "$url")" = 304 ]
    [ "$(status_of -H 'If-None-Match: W/"1-00000000"' "$url")" = 200 ]
    [ "$(header content-encoding -H 'Accept-Encoding: gzip' "$url")" = gzip ]
    [ "$(get --compressed "$url")" = "$(get "$url")" ]
    [ -z "$(header content-encoding -H 'Accept-Encoding: gzip;q=0' "$url")" ]
    [ "$(header content-length -I "$url")" -eq "$(get "$url" | wc -c)" ]
    asset=$(get "$SERVER/" | grep -o '/assets/app.js?v=[0-9a-f]*')
    [[ $(header cache-control "$SERVER$asset") == *immutable* ]]
}

@test "a new generation is picked up without a pause, and tags change with it" {
    write_statement one.txt
    plenary-index --quiet idx one.txt
    serve idx
    tag=$(header etag "$SERVER/api/search?q=harbour")
    [ "$(get "$SERVER/api/search?q=xylophone" | jq .total.value)" = 0 ]
    echo "The xylophone was played at the harbour." >two.txt
    plenary-index --quiet idx two.txt
    for _ in $(seq 100); do
        [ "$(get "$SERVER/health" | jq .generation)" = 2 ] && break
        sleep 0.1
    done
    [ "$(get "$SERVER/api/search?q=xylophone" | jq .total.value)" = 1 ]
    [ "$(header etag "$SERVER/api/search?q=harbour")" != "$tag" ]
}

@test "errors are problem objects that name the parameter, and pages that say so" {
    sample_index
    serve idx
    for bad in 'limit=x' 'limit=10001' 'from=2018-13' 'sort=best' 'facets=colour' 'language=klingon' \
        'offset=9999&limit=100' "q=$(printf 'a%.0s' $(seq 2001))" 'after=nonsense'; do
        get "$SERVER/api/search?$bad" >problem.json
        jq -e '.status == 400 and (.type | startswith("urn:plenary:problem:")) and (.detail | length > 0)' problem.json
    done
    [ "$(header content-type "$SERVER/api/search?limit=x")" = application/problem+json ]
    [ "$(status_of "$SERVER/?from=yesterday")" = 400 ]
    [ "$(status_of "$SERVER/no/such")" = 404 ]
    [ "$(status_of -X POST -d x=1 "$SERVER/api/search")" = 405 ]
    [ "$(header allow -X DELETE "$SERVER/api/search")" = 'GET, HEAD, OPTIONS' ]
    [ "$(status_of "$SERVER/?$(printf 'a=b&%.0s' $(seq 100))")" = 414 ]
}

@test "no path reaches the file system, whatever dots and slashes it has" {
    sample_index
    serve idx
    for path in /../../../etc/passwd /assets/../../../etc/passwd /assets/%2e%2e/%2e%2e/etc/passwd \
        /d/../../etc/passwd /d//etc/passwd /api/documents//etc/passwd /%00 /assets/ /assets /.git/config; do
        [ "$(status_of "$SERVER$path")" = 404 ] || { echo "$path"; return 1; }
    done
}

@test "markup in titles, speakers, headings, text and queries is text everywhere" {
    evil='<script>alert(1)</script>"><img src=x onerror=alert(1)>&#39;'
    jq -nc --arg e "$evil" '{id: ("d/" + $e), document: ("d/" + $e), title: ("T " + $e), speaker: ("S " + $e), heading: ("H " + $e), body: ("B " + $e), date: "2020-01-02", text: ("harbour " + $e + " \u202Eevil\u202C \u001b[31m")}' >evil.jsonl
    plenary-index --quiet idx evil.jsonl
    serve --title "P $evil" --access-log access.log --nothing-log nothing.log idx
    q=$(jq -rn --arg e "harbour $evil" '$e | @uri')
    id=$(jq -rn --arg e "d/$evil" '$e | @uri')
    for path in / "/?q=$q" "/?q=harbour" "/?q=nothing$q&speaker=$q&from=2020&in=$q" "/d/$id?q=$q" "/speakers?q=harbour" /coverage \
        "/nothing/$q" "/feed.atom?q=$q" "/api/search?q=$q" "/opensearch.xml" "/api/documents" "/api/suggest?q=s"; do
        get "$SERVER$path" >page
        ! grep -q '<script>alert' page || { echo "$path"; cat page; return 1; }
        ! grep -q '<img src=x' page || { echo "$path"; return 1; }
        ! grep -qP '\x1b|\xe2\x80\xae' page || { echo "control: $path"; return 1; }
    done
    get "$SERVER/feed.atom?q=harbour" | xmllint --noout -
    get "$SERVER/?q=harbour" | grep -q '&lt;script&gt;alert'
    get "$SERVER/?q=%1b%5b31mnothing%0aGET%20/forged" >/dev/null
    ! grep -qP '\x1b' access.log nothing.log
    ! grep -q '^GET /forged' access.log nothing.log
}

@test "a query of any bytes is answered" {
    sample_index
    serve idx
    for q in %ff%fe %c3 %00 %e2%80%ae '%' '%%' '%zz' '%2' '((((((' '"' '\' '%22%22%22' '+-+-' 'AND%20OR%20NOT' '%F0%9F%98%80'; do
        [ "$(status_of "$SERVER/api/search?q=$q")" = 200 ] || { echo "$q"; return 1; }
        [ "$(status_of "$SERVER/?q=$q")" = 200 ] || { echo "$q"; return 1; }
        get "$SERVER/api/search?q=$q" | jq -e . >/dev/null
    done
}

@test "the pages say what may run and who may frame them, and scripts of other pages may ask if allowed" {
    sample_index
    serve --cors https://portal.example idx
    policy=$(header content-security-policy "$SERVER/?q=rescue")
    [[ $policy == *"script-src 'self'"* && $policy == *"frame-ancestors 'none'"* && $policy != *unsafe* ]]
    hash=$(get "$SERVER/?q=rescue" | tr '\n' '\1' | sed 's|.*<style>||; s|</style>.*||' | tr '\1' '\n' |
        openssl dgst -sha256 -binary | base64)
    [[ $policy == *"style-src 'sha256-$hash'"* ]]
    ! get "$SERVER/?q=rescue" | grep -qE '<script>|style="| on[a-z]+="|javascript:'
    [ "$(header x-content-type-options "$SERVER/")" = nosniff ]
    [ "$(header access-control-allow-origin "$SERVER/api/search?q=x")" = https://portal.example ]
    [ "$(status_of -X OPTIONS "$SERVER/api/search")" = 204 ]
}

@test "a closed portal answers who brings the token" {
    sample_index
    echo s3cret >token
    serve --token-file token idx
    [ "$(status_of "$SERVER/")" = 401 ]
    [ "$(status_of "$SERVER/api/search?q=x")" = 401 ]
    [ "$(status_of -H 'Authorization: Bearer wrong!' "$SERVER/api/search?q=x")" = 401 ]
    [ "$(status_of -H 'Authorization: Bearer s3cret2' "$SERVER/api/search?q=x")" = 401 ]
    [ "$(status_of -H 'Authorization: Bearer s3cret' "$SERVER/api/search?q=x")" = 200 ]
    [ "$(status_of -u anybody:s3cret "$SERVER/")" = 200 ]
    [ "$(status_of "$SERVER/health")" = 200 ]
    [[ $(header cache-control -u a:s3cret "$SERVER/") == private* ]]
    [ "$(header cross-origin-opener-policy -u a:s3cret "$SERVER/")" = same-origin ]
}

@test "behind a reverse proxy every address carries its prefix" {
    sample_index
    serve --prefix /records --url https://parliament.example idx
    [ "$(status_of "$SERVER/records/?q=rescue")" = 200 ]
    get "$SERVER/records/?q=rescue" | grep -oE '(href|src|action)="/[^"]*"' >links
    ! grep -v '="/records/' links
    get "$SERVER/records/feed.atom?q=rescue" | grep -q 'https://parliament.example/records/p/'
}

@test "the choice of newest first sticks, and languages are those asked for" {
    sample_index
    serve idx
    curl -s -c jar -b jar -o /dev/null "$SERVER/?q=rescue&sort=newest"
    curl -s -b jar "$SERVER/?q=rescue" | grep -qE 'aria-current="true">Newest first'
    ! get "$SERVER/" | grep -q 'data-theme='
    get -b plenary-theme=dark "$SERVER/" | grep -q '<html lang="en" data-theme="dark">'
    ! get -b 'plenary-theme="><b>' "$SERVER/" | grep -q 'data-theme='
    get -H 'Accept-Language: de, fr;q=0.8, en;q=0.1' "$SERVER/?q=rescue" | grep -q 'Récents d’abord'
    get "$SERVER/?q=rescue&lang=es" | grep -q 'Recientes primero'
}

@test "downloads, feeds, OpenSearch, coverage and the keeper's log" {
    sample_index
    serve --nothing-log nothing.log idx
    [ "$(header content-disposition "$SERVER/api/search?q=rescue&format=csv")" = 'attachment; filename="results.csv"' ]
    [ "$(get "$SERVER/api/search?q=rescue&format=csv&limit=3" | wc -l)" -ge 4 ]
    get "$SERVER/feed.atom?q=rescue" | xmllint --xpath 'count(//*[local-name()="entry"])' - | grep -qE '^[1-9]'
    get "$SERVER/opensearch.xml" | xmllint --noout -
    get "$SERVER/coverage" | grep -q 2021
    get "$SERVER/speakers?q=rescue" | grep -q '<th scope="row"'
    get "$SERVER/?q=qqqzzz" >/dev/null
    get "$SERVER/api/search?q=zzzqqq&from=2018" >/dev/null
    [ "$(cut -f2,3 nothing.log)" = "$(printf 'qqqzzz\t\nzzzqqq\t?from=2018')" ]
    get "$SERVER/metrics" | grep -q '^plenary_searches_without_result_total 2'
}

@test "who sends a request a byte at a time is put out, others are served meanwhile" {
    sample_index
    serve --idle 1 --connections 50 idx
    run node "$ROOT/tests/serve/abuse.mjs" "$SERVER"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "a socket from systemd is used; SIGTERM ends it once what was asked is answered" {
    sample_index
    python3 - "$BUILD/plenary-serve" idx <<'PY' 3>&- &
import os, socket, sys
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
open("port", "w").write(str(listening.getsockname()[1]))
os.dup2(listening.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[1], ["plenary-serve", sys.argv[2]])
PY
    SERVER_PID=$!
    for _ in $(seq 100); do
        [ -s port ] && [ "$(status_of "http://127.0.0.1:$(cat port)/health")" = 200 ] && break
        sleep 0.1
    done
    [ "$(status_of "http://127.0.0.1:$(cat port)/health")" = 200 ]
    stop_server
}

@test "who goes on asking while the server stops does not bring it down" {
    command -v node >/dev/null || skip "there is no node"
    sample_index
    serve idx
    node "$ROOT/tests/serve/crowd.mjs" "$SERVER" 3>&- &
    sleep 1
    stop_server
    wait
}

@test "wrong usage is told, with an exit status of its own" {
    run plenary-serve
    [ "$status" -eq 2 ]
    run plenary-serve nowhere
    [ "$status" -eq 4 ]
    run plenary-serve --prefix nope/ idx
    [ "$status" -eq 2 ]
    run plenary-serve --listen 127.0.0.1:notaport idx
    [ "$status" -ne 0 ]
    plenary-serve --help | grep -q -- --nothing-log
}
