import { defineRecipe } from '@xlfs/core';
import { pythonWheel } from '../python-wheel.ts';

export const wheel = defineRecipe({
  name: 'wheel',
  version: '0.46.1',
  summary: 'Archives of built Python packages',
  license: 'MIT',
  homepage: 'https://pypi.org/project/wheel/',
  reference: 'LFS 12.3, 8.53 Wheel-0.45.1',
  sources: [
    {
      name: 'wheel',
      version: '0.46.1',
      url: 'https://files.pythonhosted.org/packages/source/w/wheel/wheel-{version}.tar.gz',
      debian: { package: 'wheel' },
    },
  ],
  needs: { build: ['flit-core'], run: ['packaging', 'python'] },
  weight: 0.02,
  phases: pythonWheel('wheel'),
});
