# A serial line does not say how large the terminal at its other end is; 80 by 24 is what every one can show.
case $(tty) in
  /dev/ttyS* | /dev/hvc*) [ "$(stty size 2> /dev/null)" != '0 0' ] || stty rows 24 cols 80 ;;
esac
