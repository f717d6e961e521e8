import { consoleDevices, device, directory, file, symlink, type Entry } from '../tree/entry.ts';

/** `security.capability` of cap_net_raw+ep. */
export const CAPABILITY = Buffer.from('0100000200200000000000000000000000000000', 'hex');

/** A small root filesystem with one of everything that a real one has. */
export function sampleTree(): Entry[] {
  const base = { mtime: 1_700_000_000 };
  const holey = Buffer.alloc(1 << 20);
  holey.write('start');
  holey.write('middle', 600_000);
  return [
    ...consoleDevices(),
    device('dev/xvda', 'block', 202, 0, { mode: 0o660, gid: 6 }),
    device('dev/large', 'char', 300, 70000),
    { ...file('run/initctl', ''), type: 'fifo', mode: 0o600, size: 0 },
    directory('tmp', { ...base, mode: 0o1777 }),
    directory('home/alice', { ...base, uid: 100_000, gid: 100_001, mode: 0o750 }),
    file('home/alice/notes', 'remember\n', { ...base, uid: 100_000, gid: 100_001, mode: 0o640, nanoseconds: 123_456_789 }),
    file('usr/bin/tool', Buffer.alloc(70_000, 'x'), { ...base, mode: 0o4755, link: 'tool' }),
    file('usr/bin/tool-alias', Buffer.alloc(70_000, 'x'), { ...base, mode: 0o4755, link: 'tool' }),
    file('usr/bin/ping', 'ping', {
      ...base,
      mode: 0o755,
      xattrs: { 'security.capability': CAPABILITY, 'user.note': Buffer.from('hello') },
    }),
    file('usr/lib/many-attributes', 'a', {
      ...base,
      xattrs: { 'user.a': Buffer.alloc(300, 1), 'user.b': Buffer.alloc(500, 2), 'user.empty': Buffer.alloc(0) },
    }),
    file('usr/share/with space "and quotes"', 'odd', base),
    file('usr/share/naïve-ünïcode', 'odd', base),
    file('usr/share/bytes-\udcff\udcfe', 'odd', base),
    file('var/empty', '', base),
    file('var/lib/holey', holey, { ...base, sparse: true }),
    symlink('bin', 'usr/bin', base),
    symlink('usr/long-link', `/${'long/'.repeat(30)}end`, base),
    file('etc/passwd', 'root:x:0:0:root:/root:/bin/bash\ndaemon:x:6:6:Daemon User:/dev/null:/usr/bin/false\n', base),
    file('etc/shadow', 'root:!:19000:0:99999:7:::\n', { ...base, mode: 0o600 }),
    file('etc/group', 'root:x:0:\nwheel:x:97:\n', base),
    file('etc/machine-id', '0123456789abcdef0123456789abcdef\n', base),
    file('etc/ssh/ssh_host_ed25519_key', 'secret', { ...base, mode: 0o600 }),
    file('var/log/wtmp', 'someone was here', { ...base, mode: 0o664, gid: 13 }),
    file('root/.bash_history', 'rm -rf /\n', base),
  ];
}
