# What the hotplug scripts share; sourced. libxl gives XENBUS_PATH (relative to dom0's home in xenstore) and reads the
# outcome back from there: hotplug-status, and hotplug-error for its own message.
#
# Each program started costs a tenth of a second on an emulated machine, and `xl create` waits for these scripts: so
# all keys that a script needs come with one xenstore-ls, and the rest is built into the shell.

# Every key of this device, as lines of `key = "value"`, each after a line's end.
keys=

read_keys() {
  keys="
$(xenstore-ls -w "$XENBUS_PATH" 2>/dev/null)"
}

# key NAME: puts the key's value, or nothing, into $value.
key() {
  value=
  case $keys in
    *"
$1 = \""*)
      value=${keys#*"
$1 = \""}
      value=${value%%\"*}
      ;;
  esac
}

connected() {
  xenstore-write "$XENBUS_PATH/hotplug-status" connected "$@"
}

# fail MESSAGE: tells libxl, which prints it, and stops.
fail() {
  xenstore-write "$XENBUS_PATH/hotplug-error" "$*" "$XENBUS_PATH/hotplug-status" error
  echo "${0##*/}: $*" >&2
  exit 1
}
