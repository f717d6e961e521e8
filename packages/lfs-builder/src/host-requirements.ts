import { program, type Requirement } from '@xlfs/core';

/**
 * What the LFS book asks of a host (12.3, section 2.2 «Host System Requirements», its minimum versions), and what Linux and Xen ask besides:
 * the tools that the first steps are built with.
 */
export function hostRequirements(): Requirement[] {
  return tools.map(([name, fix, minimum, ...args]) => ({
    name,
    why: 'builds the first steps',
    fix: `apt install ${fix}`,
    probe: program([name, ...(args.length === 0 ? ['--version'] : args)], minimum),
  }));
}

/** Program, Debian package, minimum version, and how to ask for it when not by `--version`. */
const tools: readonly (readonly [name: string, fix: string, minimum: string | undefined, ...args: string[]])[] = [
  ['bash', 'bash', '3.2'],
  ['ld', 'binutils', '2.13.1'],
  ['bison', 'bison', '2.7'],
  ['flex', 'flex', undefined],
  ['bc', 'bc', undefined],
  ['diff', 'diffutils', '2.8.1'],
  ['find', 'findutils', '4.2.31'],
  ['gawk', 'gawk', '4.0.1'],
  ['gcc', 'gcc', '5.4'],
  ['g++', 'g++', '5.4'],
  ['grep', 'grep', '2.5.1'],
  ['gzip', 'gzip', '1.3.12'],
  ['m4', 'm4', '1.4.10'],
  ['make', 'make', '4.0'],
  ['patch', 'patch', '2.5.4'],
  ['perl', 'perl', '5.8.8', '-e', 'printf "%vd", $^V'],
  ['python3', 'python3', '3.4'],
  ['sed', 'sed', '4.1.5'],
  ['makeinfo', 'texinfo', '5.0'],
  ['iasl', 'acpica-tools', undefined, '-v'],
  ['pkg-config', 'pkg-config', undefined],
];
