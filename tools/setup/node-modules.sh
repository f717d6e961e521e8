#!/bin/sh
# Runs `npm ci` when node_modules does not match package-lock.json. Works with the npm and Node of old distributions (npm 9, Node 18):
# they only fetch; all else runs with the Node that the lock names.
set -eu
. "$(dirname "$0")/report.sh"
cd "$(dirname "$0")/../.."
stamp=node_modules/.xlfs-lock-digest
digest=$(sha256sum <package-lock.json)

if [ -x node_modules/.bin/node ]; then
  [ "$digest" != "$(cat "$stamp" 2>/dev/null)" ] || exit 0
  # `npm install` by hand writes its record after the lock: what it left matches.
  if [ -n "$(find node_modules/.package-lock.json -newer package-lock.json)" ]; then
    printf '%s\n' "$digest" >"$stamp"
    exit 0
  fi
fi

command -v npm >/dev/null || refuse 'npm is missing' 'install it (Debian, Ubuntu: apt-get install npm), then run this again'
say 'npm ci'
# Its warnings are about the system Node, which runs nothing of ours.
npm ci --no-audit --no-fund --loglevel=error </dev/null >&2
node_modules/.bin/node --version >/dev/null 2>&1 ||
  refuse 'npm installed no Node' 'its install script did not run: npm rebuild node --ignore-scripts=false'
# npm leaves out the link to a command that is not built yet.
ln -sf ../@xlfs/cli/dist/bin.js node_modules/.bin/xlfs
printf '%s\n' "$digest" >"$stamp"
