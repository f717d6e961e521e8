import { defineRecipe } from '@xlfs/core';

export const ninja = defineRecipe({
  name: 'ninja',
  version: '1.12.1',
  summary: 'Builds what a build system has worked out',
  license: 'Apache-2.0',
  homepage: 'https://ninja-build.org/',
  reference: 'LFS 12.3, 8.55 Ninja-1.12.1',
  sources: [
    {
      name: 'ninja',
      version: '1.12.1',
      url: 'https://github.com/ninja-build/ninja/archive/v{version}/ninja-{version}.tar.gz',
      debian: { package: 'ninja-build' },
    },
  ],
  needs: { build: ['gcc-libs'], run: ['gcc-libs', 'glibc'] },
  weight: 0.6,
  phases: [
    {
      name: 'prepare',
      // As many jobs as the caller's environment says, for those who call it without -j.
      run: `\
sed -i '/int Guess/a \\
  const char* jobs = getenv("NINJAJOBS");\\
  if (jobs != NULL && atoi(jobs) > 0) return atoi(jobs);' src/ninja.cc
grep -A2 'int Guess' src/ninja.cc | grep NINJAJOBS`,
    },
    { name: 'build', run: 'NINJAJOBS=$JOBS python3 configure.py --bootstrap --verbose' },
    {
      name: 'install',
      run: `\
install -m 755 ninja /usr/bin/
install -D -m 644 misc/bash-completion /usr/share/bash-completion/completions/ninja
install -D -m 644 misc/zsh-completion /usr/share/zsh/site-functions/_ninja`,
    },
  ],
});
