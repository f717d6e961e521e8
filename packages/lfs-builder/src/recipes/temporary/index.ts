import type { Recipe } from '@xlfs/core';
import { temporaryAutotools } from './autotools.ts';
import { temporaryBash } from './bash.ts';
import { temporaryBinutils } from './binutils.ts';
import { temporaryBison } from './bison.ts';
import { temporaryCoreutils } from './coreutils.ts';
import { temporaryDiffutils } from './diffutils.ts';
import { temporaryFile } from './file.ts';
import { temporaryFindutils } from './findutils.ts';
import { temporaryGawk } from './gawk.ts';
import { temporaryGcc } from './gcc.ts';
import { temporaryGettext } from './gettext.ts';
import { temporaryGrep } from './grep.ts';
import { temporaryGzip } from './gzip.ts';
import { temporaryM4 } from './m4.ts';
import { temporaryMake } from './make.ts';
import { temporaryNcurses } from './ncurses.ts';
import { temporaryPatch } from './patch.ts';
import { temporaryPerl } from './perl.ts';
import { temporaryPython } from './python.ts';
import { temporarySed } from './sed.ts';
import { temporaryTar } from './tar.ts';
import { temporarySystem } from './temporary-system.ts';
import { temporaryTools } from './temporary-tools.ts';
import { temporaryTexinfo } from './texinfo.ts';
import { temporaryUtilLinux } from './util-linux.ts';
import { temporaryXz } from './xz.ts';

/** Chapters 6 and 7: what the final system is built with, and nothing of which stays. */
export const temporaryRecipes: readonly Recipe[] = [
  temporaryM4,
  temporaryNcurses,
  temporaryBash,
  temporaryCoreutils,
  temporaryDiffutils,
  temporaryFile,
  temporaryFindutils,
  temporaryGawk,
  temporaryGrep,
  temporaryGzip,
  temporaryMake,
  temporaryPatch,
  temporarySed,
  temporaryTar,
  temporaryXz,
  temporaryBinutils,
  temporaryGcc,
  temporaryTools,
  temporaryGettext,
  temporaryBison,
  temporaryPerl,
  temporaryPython,
  temporaryTexinfo,
  temporaryUtilLinux,
  temporarySystem,
  temporaryAutotools,
];
