#!/bin/sh
# Keeps sets of nftables in step with a feed: one run fetches once and writes the sets whole, in one transaction.
#
#   feed-to-nft.sh URL FAMILY TABLE SET4 [SET6]
#   feed-to-nft.sh 'https://policy.example.org/v1/feeds/quarantine.txt?profile=plain' inet guard blocked4 blocked6
#
#   FEED_SECRET_FILE   a file with the secret of the feed (required)
#   FEED_STATE         a folder of this feed alone, kept across reboots (required)
#   FEED_CACERT        the authorities that the server's certificate is judged by; those of the system unless given
#   FEED_MAX_ENTRIES   a longer list is not taken (100000 unless given)
#
# Whatever goes wrong, the sets are left with the last list that was right; after a reboot that list is put back first.
# Ends with 0 if the sets are as the feed says, with 1 if they hold an older list, with 2 if nothing could be done.
set -eu

say() { echo "feed-to-nft: $*" >&2; }
kept() {
  say "$* - the last list stays"
  exit 1
}
[ $# -ge 4 ] && [ $# -le 5 ] || {
  say "usage: feed-to-nft.sh URL FAMILY TABLE SET4 [SET6]"
  exit 2
}
url=$1 family=$2 table=$3 set4=$4 set6=${5-}
state=${FEED_STATE:?} secret_file=${FEED_SECRET_FILE:?} most=${FEED_MAX_ENTRIES:-100000}

mkdir -p "$state"
exec 9>"$state/lock"
flock -n 9 || kept "another run is not over"
rm -rf "$state"/work.* # of a run that was killed
work=$(mktemp -d "$state/work.XXXXXX")
trap 'rm -rf "$work"' EXIT

digest() { sha256sum <"$1" | cut -d ' ' -f 1; }

# The entries of one family as a statement; nothing for none. `$1`: the set, the rest: options of grep that find them.
statement() {
  set=$1
  shift
  grep "$@" >"$work/elements" || return 0
  echo "add element $family $table $set {"
  sed 's/$/,/' "$work/elements"
  echo '}'
}

# Writes the sets in one transaction: a packet meets the old list or the new one, never a part of either.
apply() {
  {
    echo "flush set $family $table $set4"
    statement "$set4" -v : "$1"
    if [ -n "$set6" ]; then
      echo "flush set $family $table $set6"
      statement "$set6" : "$1"
    fi
  } >"$work/transaction"
  # Were the disk full, it would end too early.
  [ "$(grep -c ',$' "$work/transaction")" = "$(wc -l <"$1" | tr -d ' ')" ] || kept "the list cannot be written"
  nft -f "$work/transaction" || {
    say "the sets cannot be written; they are as they were"
    exit 2
  }
}

# The last list that was right, under its digest: a damaged one has another.
last=
for list in "$state"/*.list; do
  [ -f "$list" ] || continue
  if [ "$(basename "$list" .list)" = "$(digest "$list")" ]; then last=$list; else say "$list is damaged"; fi
done
# A reboot, or a reload of the rules, may have emptied the sets.
[ -z "$last" ] || apply "$last"

set -- --silent --show-error --max-time 60 --max-filesize 50000000 --output "$work/body" --dump-header "$work/head"
[ -z "${FEED_CACERT-}" ] || set -- "$@" --cacert "$FEED_CACERT"
[ -z "$last" ] || set -- "$@" --header "If-None-Match: \"$(basename "$last" .list)\""
# The secret goes by a pipe: arguments can be read by everybody.
status=$(printf 'header = "X-Feed-Secret: %s"\n' "$(cat "$secret_file")" |
  curl --config - "$@" --write-out '%{http_code}' "$url") || kept "the list could not be fetched whole"
case $status in
304) [ -n "$last" ] && exit 0 ;;
200) ;;
*) kept "the server answered $status" ;;
esac

header() { tr -d '\r' <"$work/head" | grep -i "^$1:" | tail -n 1 | sed 's/^[^:]*: *//'; }
touch "$work/body"
sum=$(digest "$work/body")
[ "$(header etag)" = "\"$sum\"" ] || kept "what came is not what its tag says"
entries=$(wc -l <"$work/body" | tr -d ' ')
[ "$(header bulkhead-feed-entries)" = "$entries" ] || kept "the list has not as many entries as it should"
[ "$entries" -le "$most" ] || kept "the list has $entries entries, and $most are taken at most"
# Nothing but addresses and prefixes gets into the transaction.
if grep -qvE '^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)(/[0-9]{1,3})?$' "$work/body"; then
  kept "the list has something else than addresses"
fi
if [ -z "$set6" ] && grep -q : "$work/body"; then kept "the list has IPv6 addresses, and no set for them was named"; fi

apply "$work/body"
sync "$work/body"
mv "$work/body" "$state/$sum.list"
for list in "$state"/*.list; do [ "$list" = "$state/$sum.list" ] || rm -f "$list"; done
say "took over a list of $entries entries"
