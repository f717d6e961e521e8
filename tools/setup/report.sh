# Sourced by the set-up scripts: how they speak. All of it goes to stderr, so that `npm start --silent -- --json` keeps stdout for itself.

say() {
  printf 'set-up: %s\n' "$*" >&2
}

# refuse WHAT [NEXT…]: the machine lacks something; 2 is the exit code for that everywhere in XLFS.
refuse() {
  printf 'set-up: %s\n' "$1" >&2
  shift
  for next in "$@"; do printf '  %s\n' "$next" >&2; done
  exit 2
}
