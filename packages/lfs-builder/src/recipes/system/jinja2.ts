import { defineRecipe } from '@xlfs/core';
import { pythonWheel } from '../python-wheel.ts';

export const jinja2 = defineRecipe({
  name: 'jinja2',
  version: '3.1.6',
  summary: 'Templates, which udev is built with',
  license: 'BSD-3-Clause',
  homepage: 'https://jinja.palletsprojects.com/',
  reference: 'LFS 12.3, 8.75 Jinja2-3.1.5',
  sources: [
    {
      name: 'jinja2',
      version: '3.1.6',
      url: 'https://files.pythonhosted.org/packages/source/j/jinja2/jinja2-{version}.tar.gz',
      debian: { package: 'jinja2' },
    },
  ],
  needs: { build: ['flit-core', 'markupsafe'], run: ['markupsafe', 'python'] },
  weight: 0.02,
  phases: pythonWheel('jinja2'),
});
