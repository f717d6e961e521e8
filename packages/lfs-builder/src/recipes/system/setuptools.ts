import { defineRecipe } from '@xlfs/core';
import { pythonWheel } from '../python-wheel.ts';

export const setuptools = defineRecipe({
  name: 'setuptools',
  version: '78.1.1',
  summary: 'Builds Python packages',
  license: 'MIT',
  homepage: 'https://pypi.org/project/setuptools/',
  reference: 'LFS 12.3, 8.54 Setuptools-75.8.1',
  sources: [
    {
      name: 'setuptools',
      version: '78.1.1',
      url: 'https://files.pythonhosted.org/packages/source/s/setuptools/setuptools-{version}.tar.gz',
      debian: { package: 'setuptools' },
    },
  ],
  needs: ['python'],
  weight: 0.1,
  phases: pythonWheel('setuptools'),
});
