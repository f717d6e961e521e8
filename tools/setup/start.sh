#!/bin/sh
# `npm start [-- OPTION…]`: all set-up, a build, then `xlfs up` with the options given.
set -eu
cd "$(dirname "$0")/../.."
sh tools/setup/set-up.sh build
flock --close package.json sh tools/setup/build.sh
export PATH="$PWD/node_modules/.bin:$PATH"
exec node packages/cli/dist/bin.js up "$@"
