import { defineRecipe } from '@xlfs/core';
import { pythonWheel } from '../python-wheel.ts';

export const packaging = defineRecipe({
  name: 'packaging',
  version: '25.0',
  summary: 'Versions and tags of Python packages, which wheel asks for',
  license: 'Apache-2.0 OR BSD-2-Clause',
  homepage: 'https://packaging.pypa.io/',
  reference: 'BLFS 12.3, Python Modules, Packaging-24.2',
  sources: [
    {
      name: 'packaging',
      version: '25.0',
      url: 'https://files.pythonhosted.org/packages/source/p/packaging/packaging-{version}.tar.gz',
      debian: { package: 'python-packaging' },
    },
  ],
  needs: { build: ['flit-core'], run: ['python'] },
  weight: 0.02,
  phases: pythonWheel('packaging'),
});
