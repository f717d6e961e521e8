import { defineRecipe } from '@xlfs/core';
import { pythonWheel } from '../python-wheel.ts';

export const meson = defineRecipe({
  name: 'meson',
  version: '1.0.1',
  summary: 'Build system that writes files for ninja',
  license: 'Apache-2.0',
  homepage: 'https://mesonbuild.com/',
  reference: 'LFS 12.3, 8.56 Meson-1.7.0',
  sources: [
    {
      name: 'meson',
      version: '1.0.1',
      url: 'https://github.com/mesonbuild/meson/releases/download/{version}/meson-{version}.tar.gz',
      debian: { package: 'meson' },
    },
  ],
  needs: { build: ['setuptools'], run: ['ninja', 'python', 'setuptools'] },
  weight: 0.1,
  phases: [
    ...pythonWheel('meson'),
    {
      name: 'finish',
      run: `\
install -D -m 644 data/shell-completions/bash/meson /usr/share/bash-completion/completions/meson
install -D -m 644 data/shell-completions/zsh/_meson /usr/share/zsh/site-functions/_meson`,
    },
  ],
});
