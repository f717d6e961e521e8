import { defineRecipe } from '@xlfs/core';
import { setuptools } from './setuptools.ts';

/** setuptools, which builds wheels by itself, carries it whole and as it would be installed: 0.45.1, as the book has it. */
export const wheel = defineRecipe({
  name: 'wheel',
  version: setuptools.version,
  summary: 'Archives of built Python packages',
  license: 'MIT',
  homepage: 'https://pypi.org/project/wheel/',
  reference: 'LFS 12.3, 8.53 Wheel-0.45.1',
  sources: setuptools.sources,
  needs: ['python'],
  weight: 0.02,
  phases: [
    {
      name: 'install',
      run: `\
packages=$(python3 -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cp -r setuptools/_vendor/wheel setuptools/_vendor/wheel-*.dist-info "$packages/"
python3 -m compileall -q "$packages/wheel"
printf '%s\\n' '#!/usr/bin/python3' 'import sys' 'from wheel.cli import main' 'sys.exit(main())' > /usr/bin/wheel
chmod 755 /usr/bin/wheel
wheel version`,
    },
  ],
});
