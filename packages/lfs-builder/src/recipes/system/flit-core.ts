import { defineRecipe } from '@xlfs/core';
import { pythonWheel } from '../python-wheel.ts';

export const flitCore = defineRecipe({
  name: 'flit-core',
  version: '3.12.0',
  summary: 'Builds wheels of simple Python packages',
  license: 'BSD-3-Clause',
  homepage: 'https://flit.pypa.io/',
  reference: 'LFS 12.3, 8.52 Flit-Core-3.11.0',
  sources: [
    {
      name: 'flit',
      version: '3.12.0',
      url: 'https://files.pythonhosted.org/packages/source/f/flit/flit-{version}.tar.gz',
      debian: { package: 'flit' },
    },
  ],
  needs: ['python'],
  weight: 0.02,
  phases: pythonWheel('flit_core', { folder: 'flit_core' }),
});
