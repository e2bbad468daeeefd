#!/bin/sh
# Two trigger calls and a new tenant, with curl asked for HTTP/2, on one connection.
call() {
  printf '%s\n' silent http2 'write-out = " %{http_code}\n"' "url = \"$1\"" "json = \"$2\"" \
    "header = \"X-API-TOKEN: $token\""
}
trigger=$1 token=$2 tenants=$3
event='{\"client\": \"curl\"}'
{
  call "$trigger" "$event"
  echo next
  call "$trigger" "$event"
  echo next
  call "$tenants" '{\"clock\": \"virtual\"}'
} | curl --config -
