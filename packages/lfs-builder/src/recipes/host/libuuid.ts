import { defineRecipe, make } from '@xlfs/core';

/**
 * util-linux's configure takes ten times as long as these dozen files: this Makefile builds the library alone, with what
 * `./configure --disable-all-programs --enable-libuuid` finds out on any Linux with glibc. Without uuidd: the kernel gives random numbers.
 */
const makefile = `\
LIBRARY := libuuid.so.1.3.0
SONAME  := libuuid.so.1
SOURCES := $(filter-out %/test_uuid.c,$(sort $(wildcard libuuid/src/*.c))) lib/randutils.c lib/md5.c lib/sha1.c
OBJECTS := $(SOURCES:.c=.o)
HAVE    := UNISTD_H STDLIB_H SYS_TIME_H SYS_FILE_H SYS_IOCTL_H SYS_SOCKET_H SYS_UN_H SYS_SYSCALL_H NET_IF_H NETINET_IN_H \\
           GETRANDOM JRAND48 LIBPTHREAD TLS NANOSLEEP USLEEP ERR_H ERRX ERR WARN WARNX PROGRAM_INVOCATION_SHORT_NAME ENVIRON_DECL \\
           REALLOCARRAY
CPPFLAGS += -D_GNU_SOURCE -DPACKAGE_STRING='"util-linux $(VERSION)"' $(HAVE:%=-DHAVE_%=1) \\
            -D_PATH_LOCALSTATEDIR='"/var"' -D_PATH_RUNSTATEDIR='"/run"' -Iinclude -Ilibuuid/src
CFLAGS  := -O2 -fPIC

all: $(LIBRARY) uuid.pc

$(LIBRARY): $(OBJECTS) libuuid/src/libuuid.sym
	$(CC) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=libuuid/src/libuuid.sym $(LDFLAGS) -o $@ $(OBJECTS)

uuid.pc: libuuid/uuid.pc.in
	sed -e 's,@prefix@,/usr,' -e 's,@exec_prefix@,/usr,' -e 's,@usrlib_execdir@,/usr/lib,' -e 's,@includedir@,/usr/include,' \\
	    -e 's,@LIBUUID_VERSION@,$(VERSION),' -e 's,@SOCKET_LIBS@,,' $< > $@

install: all
	install -d $(DESTDIR)/usr/lib/pkgconfig $(DESTDIR)/usr/include/uuid
	install -m 755 $(LIBRARY) $(DESTDIR)/usr/lib/
	ln -sf $(LIBRARY) $(DESTDIR)/usr/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)/usr/lib/libuuid.so
	install -m 644 libuuid/src/uuid.h $(DESTDIR)/usr/include/uuid/
	install -m 644 uuid.pc $(DESTDIR)/usr/lib/pkgconfig/
`;

export const libuuid = defineRecipe({
  name: 'libuuid',
  version: '2.41.5',
  summary: 'Universally unique identifiers: the one library of util-linux that Xen needs',
  license: 'BSD-3-Clause',
  homepage: 'https://www.kernel.org/pub/linux/utils/util-linux/',
  reference: 'LFS 12.3, 8.79 Util-linux; libuuid/src/Makemodule.am of util-linux',
  sources: [
    {
      name: 'util-linux',
      version: '2.41.5',
      url: 'https://www.kernel.org/pub/linux/utils/util-linux/v2.41/util-linux-{version}.tar.xz',
      debian: { package: 'util-linux' },
    },
  ],
  needs: ['filesystem'],
  weight: 0.007,
  files: { Makefile: makefile },
  phases: make({
    make: ['-f "$FILES/Makefile"', 'VERSION="$(cat .tarball-version)"'],
    install: ['-f "$FILES/Makefile"', 'VERSION="$(cat .tarball-version)"', 'install'],
  }),
});
