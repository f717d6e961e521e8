import type { DialectName } from '../../src/index.ts';

/** Small valid trees that between them use the whole language; the first file is `Kconfig`. */
export interface Seed {
  /** Where it is valid. */
  readonly dialects: readonly DialectName[];
  readonly files: Readonly<Record<string, string>>;
  readonly config: string;
}

const ALL: readonly DialectName[] = ['linux-4.17', 'linux-5.4', 'linux-6.1', 'linux-6.12', 'linux-7'];
const WITH_MACROS = ALL.slice(1);
const OLD = ALL.slice(0, 2);

export const SEEDS: readonly Seed[] = [
  {
    dialects: ALL,
    files: {
      Kconfig: `mainmenu "Logic"
config D
	string "d"
	default "x"

config A
	bool "a" if D != "q"
	default y if D = "x"
	select E if D > "a"
	imply C
	help
	  text

	  more

config B
	tristate "b"
	depends on A || m
	default m

menuconfig C
	tristate "c"
	depends on B && !(D = n)

config E
	def_bool n
`,
    },
    config: 'CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\nCONFIG_D="q"\n',
  },
  {
    dialects: ALL,
    files: {
      Kconfig: `config N
	int "n"
	range 1 20
	default 7

choice
	prompt "which"
	default B

config A
	bool "a"

config B
	bool "b"
	depends on N != 3

if N > 2
config G
	bool "g"
endif
endchoice

menu "numbers"
	visible if A || B

config H
	hex "h"
	range 0x10 0xff if N > 4
	default 0x20 if G
	default 0x11

comment "large"
	depends on N >= 10

config S
	string "s"
	default "a-x" if (A || B) && !G
endmenu
`,
    },
    config: '# CONFIG_A is not set\nCONFIG_B=y\nCONFIG_N=7\nCONFIG_H=0x33\nCONFIG_S="s"\n',
  },
  {
    dialects: WITH_MACROS,
    files: {
      Kconfig: `x := $(shell,echo y)
if-success = $(shell,{ $(1); } && echo "$(2)" || echo "$(3)")
f = $(if-success,$(1),$(2),n)
W = w
W += v
g = Q$(2)$(1)
$(warning-if,n,never)
$(error-if,n,never)
$(info,$(filename) $(lineno))

config R
	bool "r"

if $(x)
config $(g,Q,)
	hex "q $(W)"
	default 0xff
	depends on $(f,a,b) && R
endif

source "sub/$(W)"
config y$(x)
	bool "$(ARCH)"
	default $(x)
`,
      'sub/w v': 'menu "sub"\n\tdepends on R\nconfig T\n\tbool "t"\n\tselect U\nendmenu\nconfig U\n\tbool\n',
    },
    config: 'CONFIG_R=y\nCONFIG_T=y\nCONFIG_yy=y\nCONFIG_QQ=ff\n',
  },
  {
    dialects: ALL,
    files: {
      Kconfig: `menu "top"
config B
	tristate "b"
	select C
config A
	tristate "a"
	depends on B
config C
	tristate
	imply D
config D
	tristate "d"
	depends on B != n
menu "inner"
	depends on A && B
	visible if D
config I
	bool "i" if A = y
	def_bool y if B
config J
	tristate
	default B if C
endmenu
config J
	tristate "again"
	depends on D
endmenu
comment "end"
`,
    },
    config: 'CONFIG_A=m\nCONFIG_B=y\nCONFIG_D=m\nCONFIG_I=y\nCONFIG_J=m\n',
  },
  {
    dialects: OLD,
    files: {
      Kconfig: `config MODULES
	bool
	default y
	option modules
config O
	bool "o"
	option allnoconfig_y
	default y
choice NAMED
	tristate "named"
	optional
	default Y2
config Y1
	tristate "y1"
	depends on O
config Y2
	tristate "y2"
endchoice
config L
	string
	option defconfig_list
	default "a/b_defconfig"
choice NAMED
config Y3
	bool "y3"
endchoice
`,
    },
    config: 'CONFIG_Y1=m\nCONFIG_Y2=m\n# CONFIG_O is not set\nCONFIG_Y3=y\n',
  },
  {
    dialects: ['linux-6.1'],
    files: {
      Kconfig: `config MODULES
	bool "modules"
	modules
	default y
choice
	tristate "kind"
config K1
	tristate "k1"
config K2
	tristate "k2"
	depends on K0
endchoice
config K0
	bool "k0"
`,
    },
    config: 'CONFIG_MODULES=y\nCONFIG_K1=m\nCONFIG_K0=y\n',
  },
  {
    dialects: ['linux-7'],
    files: {
      Kconfig: `config OLD
	bool
	transitional
	help
	  old
config P
	bool "p"
config Q
	bool "q"
	default P
config NEW
	bool "new"
	default OLD
	depends on P if Q
config K
	int "k" if P
	default 5
config K2
	int
	range 1 K
	default K
`,
    },
    config: 'CONFIG_OLD=y\nCONFIG_P=y\nCONFIG_K=9\n',
  },
];

/** Whole lines, to stand anywhere. */
export const LINES: readonly string[] = [
  '\tbool "p"',
  '\ttristate "p" if A',
  '\tint',
  '\thex "h"',
  '\tstring "s"',
  '\tprompt "again" if B',
  '\tdefault y',
  '\tdefault m if A || B',
  '\tdefault "text"',
  '\tdefault A && (B || !C)',
  '\tdef_bool B',
  '\tdef_tristate m',
  '\tselect A',
  '\tselect B if C = m',
  '\timply C',
  '\trange 1 10',
  '\trange N K if A',
  '\tdepends on A',
  '\tdepends on !B || C = "x"',
  '\tdepends on A if B',
  '\tvisible if A',
  '\thelp\n\t  words\n\t  words',
  '\tmodules',
  '\ttransitional',
  '\toptional',
  '\toption modules',
  'config A',
  'config NEWER',
  'menuconfig B',
  'choice',
  'endchoice',
  'menu "m"',
  'endmenu',
  'if A',
  'endif',
  'comment "c"',
  'source "Kconfig"',
  'A := $(shell,echo)',
  'f = $(1)$(f,$(2))',
  'h = $(h)',
  '$(info,x)',
];

/** What a token may become. */
export const TOKENS: readonly string[] = [
  'A', 'B', 'C', 'D', 'E', 'N', 'Q', 'MODULES', 'UNKNOWN', 'y', 'm', 'n', '0', '1', '-1', '0x10', '99999999999999999999', '"x"', '""',
  '"y"', "'q'", 'if', 'on', '=', '!=', '<', '<=', '>', '>=', '&&', '||', '!', '(', ')', ':=', '+=', 'bool', 'tristate', 'int', 'hex',
  'string', 'default', 'select', 'imply', 'depends', 'range', 'help', 'choice', 'endchoice', 'menu', 'endmenu', 'config', 'comment',
  'source', 'optional', 'transitional', 'modules', 'option', 'visible', 'prompt', '$(x)', '$(f,a)', '$(shell,echo m)', '$(W', '$',
  '\\', '"', '\0', '\r', 'é', '#', '$(error-if,y,stop)', '$(lineno)',
]; // prettier-ignore
