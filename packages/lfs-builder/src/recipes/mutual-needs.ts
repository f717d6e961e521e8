/**
 * Run-time needs that are left undeclared on purpose, by recipe and need, with the reason: layers lie upon one another in one order, and are
 * built in it. Whoever wants the program that needs it takes the other package besides.
 */
export const mutualNeeds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  glibc: { perl: 'mtrace is a perl script, and perl is linked to the C library' },
  binutils: { perl: 'gp-display-html alone is a perl script; linker and compiler would have to wait for perl' },
};
