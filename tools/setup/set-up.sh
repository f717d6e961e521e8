#!/bin/sh
# set-up.sh STAGE…: everything between a fresh clone and a built workspace. Each part looks first and does nothing when there is nothing to do.
# STAGE is a column of `host-packages`: `build`, or `build test`.
set -eu
cd "$(dirname "$0")/../.."
sh tools/setup/host-packages.sh tools/setup/host-packages "$@"
sh tools/setup/subordinate-ids.sh
(
  flock 9 # two set-ups at once: the second waits, then finds all done
  sh tools/setup/node-modules.sh 9<&-
  sh tools/setup/build.sh 9<&-
) 9<package.json
