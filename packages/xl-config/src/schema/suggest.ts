/** Names that people write for others, where spelling alone does not tell. */
const HABITS: Readonly<Record<string, string>> = {
  maxcpus: 'maxvcpus',
  cpu: 'cpus',
  ncpus: 'vcpus',
  cpu_cap: 'cap',
  mem: 'memory',
  max_memory: 'maxmem',
  initrd: 'ramdisk',
  disks: 'disk',
  vifs: 'vif',
  network: 'vif',
  args: 'extra',
  append: 'extra',
  on_shutdown: 'on_poweroff',
  hostname: 'name',
};

/** The known name that was most likely meant, if one is near enough. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const habit = HABITS[name];
  if (habit !== undefined && known.includes(habit)) return habit;
  const limit = name.length < 4 ? 1 : name.length < 8 ? 2 : 3;
  let best: string | undefined;
  let least = limit + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const distance = edits(name, candidate, least);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Optimal string alignment: changes, and swaps of neighbours, each count one. Gives up once it must reach `limit`. */
function edits(a: string, b: string, limit: number): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1))
        cost = Math.min(cost, (before[j - 2] as number) + 1);
      next.push(cost);
      if (cost < least) least = cost;
    }
    if (least > limit) return least;
    [before, row] = [row, next];
  }
  return row[b.length] as number;
}
