#!/bin/sh
# host-packages.sh FILE STAGE…: installs through apt what FILE lists for the stages and the machine lacks, after naming it.
# Exit 2 with the list where apt is absent or the user may not install.
set -eu
. "$(dirname "$0")/report.sh"
export LC_ALL=C
list=$1
shift
stages=" $* "

# proven PROOF: whether the file that a package brings is there. Looks where the sandbox looks, not along PATH.
proven() {
  what=${1#*:}
  case $1 in
    cmd:*) set -- /usr/bin/"$what" /usr/sbin/"$what" /bin/"$what" /sbin/"$what" ;;
    header:*) set -- /usr/include/"$what" /usr/include/*/"$what" ;;
    lib:*) set -- /usr/lib/"$what" /usr/lib/*/"$what" ;;
    file:*) set -- "$what" ;;
    *) refuse "$list: unknown kind of proof: $1" ;;
  esac
  for path in "$@"; do [ -e "$path" ] && return 0; done
  return 1
}

# missing: one line `package (proof): why` for each package of the stages that is not there.
missing() {
  while read -r package proof stage why; do
    case $package in '' | '#'*) continue ;; esac
    case $stages in *" $stage "*) ;; *) continue ;; esac
    proven "$proof" || printf '%s (%s): %s\n' "$package" "${proof#*:}" "$why"
  done <"$list"
}

lacking=$(missing)
[ -n "$lacking" ] || exit 0
packages=$(printf '%s\n' "$lacking" | while read -r package rest; do printf '%s ' "$package"; done)

say 'host packages missing:'
printf '%s\n' "$lacking" | while read -r line; do printf '  %s\n' "$line" >&2; done

command -v apt-get >/dev/null || refuse 'there is no apt here to install them with' 'install the programs and headers named in parentheses with your own package manager, then run this again'

as_root=''
if [ "$(id -u)" -ne 0 ]; then
  as_root='sudo'
  # Without a terminal sudo cannot ask for a password: -n makes it refuse instead of hang.
  [ -t 0 ] || as_root='sudo -n'
  { command -v sudo && $as_root true; } >/dev/null || refuse "user $(id -un) may not install them" "as root: apt-get install $packages"
fi

install() {
  # shellcheck disable=SC2086 # words on purpose
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=600 $packages </dev/null >&2
}
update() {
  $as_root apt-get update -q </dev/null >&2
}
have_lists() {
  for file in /var/lib/apt/lists/*_Packages*; do [ -e "$file" ] && return 0; done
  return 1
}

say "apt-get install $packages"
have_lists || update
# Old lists name files that mirrors have removed: one more try with new lists.
install || { update && install; } || refuse 'apt-get could not install them (its own words are above)' "as root: apt-get install $packages"

lacking=$(missing)
[ -z "$lacking" ] || refuse 'installed, and yet missing:' "$lacking"
