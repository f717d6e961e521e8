import { defineRecipe } from '@xlfs/core';
import { pythonWheel } from '../python-wheel.ts';

export const markupsafe = defineRecipe({
  name: 'markupsafe',
  version: '2.1.5',
  summary: 'Strings that are safe in HTML',
  license: 'BSD-3-Clause',
  homepage: 'https://palletsprojects.com/projects/markupsafe/',
  reference: 'LFS 12.3, 8.74 MarkupSafe-3.0.2',
  sources: [
    {
      name: 'markupsafe',
      version: '2.1.5',
      url: 'https://files.pythonhosted.org/packages/source/M/MarkupSafe/MarkupSafe-{version}.tar.gz',
      debian: { package: 'markupsafe' },
    },
  ],
  needs: { build: ['setuptools'], run: ['glibc', 'python'] },
  weight: 0.02,
  phases: [
    ...pythonWheel('markupsafe'),
    // It would go without its part in C, and say nothing.
    { name: 'verify', run: 'python3 -c "import markupsafe._speedups"' },
  ],
});
