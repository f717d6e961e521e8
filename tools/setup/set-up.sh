#!/bin/sh
# set-up.sh STAGE…: everything between a fresh clone and a workspace in which Nx runs. Each part looks first and does nothing when there is
# nothing to do. STAGE is a column of `host-packages`: `build`, or `build test`.
set -eu
cd "$(dirname "$0")/../.."
sh tools/setup/host-packages.sh tools/setup/host-packages "$@"
sh tools/setup/subordinate-ids.sh
# Two set-ups at once: the second waits, then finds all done.
flock --close package.json sh tools/setup/node-modules.sh
