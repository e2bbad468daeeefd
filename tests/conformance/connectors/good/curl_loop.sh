#!/bin/sh
# Delivers with curl and Basic authentication: one message after another.
# The credential reaches curl as a configuration on standard input, so no list of processes shows it.
lost=0 body=$WORK_FOLDER/body headers=$WORK_FOLDER/headers

post() {
  printf 'user = "%s:%s"\nurl = "%s"\n' "$QUALTRICS_USERNAME" "$QUALTRICS_API_TOKEN" "$QUALTRICS_URL" |
    curl --config - --silent --max-time 10 --output /dev/null --dump-header "$headers" \
      --write-out '%{http_code}' --header 'Content-Type: application/json' --header 'Expect:' \
      --header "X-Trace-Id: $1" --data-binary "@$body"
}

wait_seconds() {
  awk -v seconds="$1" 'tolower($1) == "retry-after:" { seconds = $2 + 0 } END { print seconds }' "$headers"
}

deliver() {
  wait=1
  for try in 1 2 3 4 5 6; do
    : > "$headers"
    case $(post "$1") in
      2??) return 0 ;;
      401) exit 1 ;;
      000 | 403 | 408 | 409 | 429 | 500 | 502 | 503 | 504) sleep "$(wait_seconds $wait)" ;;
      *) return 1 ;;
    esac
    wait=$((wait * 2))
  done
  return 1
}

number=0
while IFS= read -r line; do
  number=$((number + 1))
  printf '%s' "$line" > "$body"
  deliver "$SCENARIO-$number" || lost=1
done < "$MESSAGES"
exit $lost
