import { describe, expect, it } from 'vitest';
import { describe as inWords } from './execute.ts';
import { readExpression } from './expressions.ts';
import { parseContainer, type Statement } from './parse.ts';
import { instantiate } from './variables.ts';

const expressions = (source: string) =>
  parseContainer(source, 'f').flatMap((statement) => (statement.kind === 'xl' ? [] : [readExpression(statement, 'f')]));
const text = (statements: readonly Statement[]) =>
  statements.map((statement) => (statement.kind === 'xl' ? statement.text : '')).join('');

describe("the paper's own figures", () => {
  it('figure 1: replacing a file', () => {
    const [replace] = expressions('[replace /etc/HOSTNAME\narchive http://foo.org/images/etc.cpio.gz\n\nFCDOBBS\n\n] [end]\n');
    expect(replace).toMatchObject({
      kind: 'replace',
      path: '/etc/HOSTNAME',
      target: { archive: { uri: 'http://foo.org/images/etc.cpio.gz' } },
      text: 'FCDOBBS\n',
    });
  });

  it('4.5: creating an archive', () => {
    expect(expressions('[create\n /etc/\n ftp://foo.org/images/etc.cpio.gz\n ][end]\n')).toMatchObject([
      { kind: 'create', folder: '/etc/', uri: 'ftp://foo.org/images/etc.cpio.gz' },
    ]);
  });

  it('4.6: creating a sparse file system', () => {
    expect(expressions('[image /var/images/fido-etc\n 50MB\n fido_etc] [end]\n')).toMatchObject([
      { kind: 'image', path: '/var/images/fido-etc', size: 50 << 20, label: 'fido_etc' },
    ]);
  });

  it('4.7: populating an image', () => {
    expect(
      expressions('[populate image\n /var/images/fido-etc\n /mnt/\n ftp://foo.org/images/etc.cpio.gz\n ][end]\n'),
    ).toMatchObject([
      { kind: 'populate', what: 'image', path: '/var/images/fido-etc', archive: { uri: 'ftp://foo.org/images/etc.cpio.gz' } },
    ]);
  });

  it('4.9: patching and forking', () => {
    const [patch] = expressions(
      '[patch\nfile:///var/images/fido-etc\nftp://foo.org/images/fido-etc.patch1\nfile:///var/images/fido-etc-patched\n][end]\n',
    );
    expect(patch).toMatchObject({
      kind: 'patch',
      target: { archive: { uri: 'file:///var/images/fido-etc' } },
      patchFile: { uri: 'ftp://foo.org/images/fido-etc.patch1' },
      fork: 'file:///var/images/fido-etc-patched',
    });
    expect(patch === undefined ? '' : inWords(patch)).toBe(
      'patch file:///var/images/fido-etc with ftp://foo.org/images/fido-etc.patch1, fork to file:///var/images/fido-etc-patched',
    );
  });
});

describe('ordinary xl statements', () => {
  it('go through untouched, in between and around expressions, in old forms too', () => {
    const before =
      "# fido\nname = \"fido\"\ndisk = [ 'file:/var/images/xen_usr,sda1,r',\n  'phy:hda1,hda1,w' ]   # [create is no expression here\n";
    const after = 'vif = [ \'\' ]; memory = 64\nroot = "/dev/sda1 ro"';
    const statements = parseContainer(`${before}[image /i\n50MB\nl][end]\n${after}`, 'f');
    expect(text(statements)).toBe(before + after);
    expect(statements).toHaveLength(3);
  });

  it('may hold brackets, hashes and quotes in strings and comments', () => {
    const source = `extra = "a # b [ c"\nx = 'it is ] "so"'\n# an unfinished [ and a " in a comment\ny = [ [ 1, 2 ], "]" ]\n`;
    expect(text(parseContainer(source, 'f'))).toBe(source);
  });
});

describe('errors say where', () => {
  it.each([
    ['x = 1\n[replace /etc/a\n', 'f:2:1: this expression has no ][end]'],
    ['x = 1\n\n  [frobnicate a][end]\n', 'f:3:3: there is no expression [frobnicate]'],
    ['[image /i\n 50XB\n l][end]', 'f:2:2: 50XB cannot be the size of an image'],
    ['[image /i 50MB][end]', 'f:1:1: [image] lacks its label'],
    ['[image /i 50MB a b][end]', 'f:1:18: "b" is one word too many in [image]'],
    ['[create /etc gopher://x/y][end]', 'f:1:14: gopher: cannot be used here'],
    ['[populate lvm /dev/x /mnt a][end]', 'f:1:11: lvm cannot be populated'],
    ['[replace /etc/a archive x][end]', 'f:1:1: [replace] lacks its text'],
    ['[replace /etc/a\n\ntext\n][end]', 'f:1:1: [replace] lacks archive URI or image PATH'],
    ['[copy /etc/a archive x][end]', 'f:1:14: [copy] needs where to copy from'],
    ['[patch a sha256=12 b][end]', 'f:1:10: a sha256 is 64 lower-case hex digits'],
    ['[replace /a archive x mode 9999\n\nt\n][end]', 'f:1:28: 9999 is not a mode'],
    ['[fork lfs a strategy magic][end]', 'f:1:22: there is no strategy magic'],
    ['[fork lfs a size 12][end]', 'f:1:18: 12 cannot be the size of an image'],
    ['x = "unfinished\n', 'f:1:5: this string does not end on its line'],
    ['[][end]', 'f:1:1: an expression starts with its name'],
  ])('%j', (source, message) => {
    expect(() => expressions(source)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) as string }),
    );
  });
});

describe('templates', () => {
  const source = [
    '[variables memory 64 domain nobody][end]',
    '[domain fido address 10.0.0.1/24 memory 128][end]',
    '[domain rex address 10.0.0.2/24][end]',
    'name = "${domain}"\nmemory = ${memory}\nextra = "$${literal}"\n[fork lfs ${domain} address ${address}][end]\n',
  ].join('\n');

  it('give one domain each from one file', () => {
    const fido = instantiate(parseContainer(source, 'f'), 'f', { domain: 'fido' });
    expect(text(fido).trim()).toBe('name = "fido"\nmemory = 128\nextra = "${literal}"');
    const rex = instantiate(parseContainer(source, 'f'), 'f', { domain: 'rex', variables: { memory: '256' } });
    expect(text(rex)).toContain('memory = 256');
    expect(rex.flatMap((statement) => (statement.kind === 'xl' ? [] : statement.words.map((word) => word.text)))).toEqual([
      'lfs',
      'rex',
      'address',
      '10.0.0.2/24',
    ]);
  });

  it('refuse unknown domains, variables without a value, and values that break out of their place', () => {
    const parsed = parseContainer(source, 'f');
    expect(() => instantiate(parsed, 'f', { domain: 'ghost' })).toThrow(/no domain ghost/);
    expect(() => instantiate(parsed, 'f', {})).toThrow(/f:4:1:|f:7:.*\$\{address\} has no value/);
    for (const evil of ['a"b', "a'b", 'a\nb', 'a][end]', 'a\\']) {
      expect(() => instantiate(parsed, 'f', { domain: 'fido', variables: { memory: evil } })).toThrow(
        /cannot stand in a container file/,
      );
    }
  });
});
