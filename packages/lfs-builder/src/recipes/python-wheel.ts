import type { Phase } from '@xlfs/core';

/** A Python package, as the book installs it: a wheel made from its source, then that wheel and nothing of the network. */
export function pythonWheel(name: string, { folder = '.' }: { readonly folder?: string } = {}): Phase[] {
  return [
    { name: 'build', run: `cd ${folder} && pip3 wheel -w dist --no-cache-dir --no-build-isolation --no-deps "$PWD"` },
    { name: 'install', run: `cd ${folder} && pip3 install --no-index --no-cache-dir --find-links dist ${name}` },
  ];
}
