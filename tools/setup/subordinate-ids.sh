#!/bin/sh
# An ordinary user builds inside a user namespace that maps a range of subordinate ids (subuid(5)); root needs none.
# Exit 2 when there is no such range and no right to add one.
set -eu
. "$(dirname "$0")/report.sh"
uid=$(id -u)
[ "$uid" -ne 0 ] || exit 0
user=$(id -un)

# Ids that a root filesystem uses: 0 to 65535, of which one is mapped to the user.
needed=65535

# granted FILE: whether FILE gives the user one range that is long enough.
granted() {
  while IFS=: read -r owner _first count; do
    case $owner in "$user" | "$uid") [ "${count:-0}" -lt "$needed" ] || return 0 ;; esac
  done <"$1"
  return 1
} 2>/dev/null

# first_free: the first id after all ranges handed out, never below the usual 100000.
first_free() {
  sed -n 's/^[^:]*:\([0-9]*\):\([0-9]*\)$/\1 \2/p' /etc/subuid /etc/subgid 2>/dev/null | {
    free=100000
    while read -r first count; do
      [ $((first + count)) -le "$free" ] || free=$((first + count))
    done
    echo "$free"
  }
}

granted /etc/subuid && granted /etc/subgid && exit 0

first=$(first_free)
range=$first-$((first + 65535))
say "user $user has no range of $needed subordinate ids in /etc/subuid and /etc/subgid"
sudo='sudo'
[ -t 0 ] || sudo='sudo -n'
if command -v sudo >/dev/null && $sudo usermod --add-subuids "$range" --add-subgids "$range" "$user" >&2; then
  say "gave $user the subordinate ids $range"
  exit 0
fi
refuse "$user may not add one" "as root: usermod --add-subuids $range --add-subgids $range $user"
