import { defineRecipe, make } from '@xlfs/core';

/**
 * yajl's own build asks for cmake, which neither LFS nor a plain compiler host has. It is nine C files and one
 * generated header: this Makefile makes the same shared library, headers and pkg-config file.
 */
const makefile = `\
VERSION := 2.1.0
SONAME  := libyajl.so.2
LIBRARY := libyajl.so.$(VERSION)
PREFIX  := /usr
OBJECTS := $(patsubst %.c,%.o,$(sort $(wildcard src/*.c)))
CFLAGS  := -O2 -std=c99 -fPIC -fvisibility=hidden -Iinclude
VALUES  := -e 's/[$$]{YAJL_MAJOR}/2/' -e 's/[$$]{YAJL_MINOR}/1/' -e 's/[$$]{YAJL_MICRO}/0/' \\
           -e 's,[$$]{CMAKE_INSTALL_PREFIX},$(PREFIX),' -e 's/[$$]{LIB_SUFFIX}//' -e 's/[$$]{dollar}/$$/g' \\
           -e 's,/include/yajl,/include,'

all: $(LIBRARY) yajl.pc

$(OBJECTS): include/yajl/yajl_version.h

$(LIBRARY): $(OBJECTS)
	$(CC) -shared -Wl,-soname,$(SONAME) $(LDFLAGS) -o $@ $^

include/yajl/yajl_version.h: src/api/yajl_version.h.cmake
	mkdir -p include/yajl
	cp src/api/*.h include/yajl/
	sed $(VALUES) $< > $@

yajl.pc: src/yajl.pc.cmake
	sed $(VALUES) $< > $@

install: all
	install -d $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include/yajl
	install -m 755 $(LIBRARY) $(DESTDIR)$(PREFIX)/lib/
	ln -sf $(LIBRARY) $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libyajl.so
	install -m 644 include/yajl/*.h $(DESTDIR)$(PREFIX)/include/yajl/
	install -m 644 yajl.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/
`;

/**
 * Two faults that the last release still has. CVE-2017-16516: the second half of a surrogate pair is looked for beyond the string's end.
 * CVE-2022-24795: doubling a buffer's size wraps around to zero.
 */
const fixes = String.raw`
/^ \{24\}end++;$/d
s/if (str\[end\] == '\\\\' && str\[end + 1\] == 'u') {/if (end + 6 < len \&\& str[end + 1] == '\\\\' \&\& str[end + 2] == 'u') { end++;/
s/) need <<= 1;/) { need <<= 1; if (need == 0) abort(); }/
`;

export const yajl = defineRecipe({
  name: 'yajl',
  version: '2.1.0',
  summary: 'JSON library of the Xen tools',
  license: 'ISC',
  homepage: 'https://lloyd.github.io/yajl/',
  reference: 'BUILDING and src/CMakeLists.txt of yajl',
  sources: [
    {
      name: 'yajl',
      version: '2.1.0',
      url: 'https://github.com/lloyd/yajl/archive/{version}/yajl-{version}.tar.gz',
      debian: { package: 'yajl' },
    },
  ],
  needs: ['filesystem'],
  weight: 0.006,
  files: { Makefile: makefile, 'fixes.sed': fixes },
  phases: make({
    prepare: `\
sed -i -f "$FILES/fixes.sed" src/yajl_encode.c src/yajl_buf.c
grep -q 'end + 6 < len' src/yajl_encode.c
grep -q 'need == 0' src/yajl_buf.c`,
    make: ['-f "$FILES/Makefile"'],
    install: ['-f "$FILES/Makefile"', 'install'],
  }),
  // Each of 58 texts in pieces of 1 to 31 bytes. Its runner asks `which` for echo.
  tests: {
    run: `\
cc -Iinclude -o yajl-test test/parsing/yajl_test.c src/*.o
cd test/parsing
sed -i 's/^ECHO=.*/ECHO=echo/' run_tests.sh
sh run_tests.sh ../../yajl-test`,
  },
});
