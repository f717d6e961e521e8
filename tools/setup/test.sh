#!/bin/sh
# `npm test [-- OPTION…]`: all set-up, then every check there is; options go to `nx run-many`. The last line has the true totals.
set -eu
cd "$(dirname "$0")/../.."
sh tools/setup/set-up.sh build test
export PATH="$PWD/node_modules/.bin:$PATH"
exec node tools/test/run.ts "$@"
