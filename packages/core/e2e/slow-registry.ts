import { defineRecipe } from '../src/recipe/define.ts';
import { defineRegistry, type Registry } from '../src/recipe/registry.ts';

const OWNERS = [
  'cd "$DESTDIR/usr"',
  'for name in a b c; do echo $name > $name; done',
  'chown 1:2 a; chmod 600 a; chown 1000:1000 b; chmod 4755 b; ln c d; ln -s a e; mkfifo f; mkdir -m 1777 g; rm first',
].join('; ');

/** `first` is quick, `owners` has files of several owners and modes, `fill` wants 200 MB of disk, `slow` waits in a process that can be found by `mark`. What is built does not depend on the time it takes. */
export function slowRegistry(seconds: string, mark: string): Registry {
  const common = { version: '1', summary: 'a test', license: 'MIT', homepage: '', reference: 'none', weight: 0.01 };
  const wait = `exec 8< "$FILES/seconds"; read -r seconds <&8; [ "$seconds" = 0 ] || sh -c 'sleep "$1"' ${mark || 'mark'} "$seconds"`;
  const install = 'mkdir -p "$DESTDIR/usr"; echo content > "$DESTDIR/usr/slow"';
  return defineRegistry({ name: 'test', root: 'host' }, [
    defineRecipe({
      ...common,
      name: 'first',
      phases: [{ name: 'install', run: 'mkdir -p "$DESTDIR/usr"; echo first > "$DESTDIR/usr/first"' }],
    }),
    defineRecipe({ ...common, name: 'owners', needs: ['first'], phases: [{ name: 'install', run: OWNERS }] }),
    defineRecipe({
      ...common,
      name: 'fill',
      needs: ['first'],
      phases: [{ name: 'install', run: 'mkdir -p "$DESTDIR/usr"; dd if=/dev/zero of="$DESTDIR/usr/fill" bs=1M count=200' }],
    }),
    defineRecipe({
      ...common,
      name: 'slow',
      needs: ['first'],
      files: { seconds: `${seconds}\n` },
      phases: [{ name: 'wait', run: `${wait}; ${install}` }],
    }),
  ]);
}
