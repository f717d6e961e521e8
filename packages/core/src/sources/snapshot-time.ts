const PATTERN = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** A moment as snapshot.debian.org writes it: `20261121T091544Z`, always UTC. */
export function formatSnapshotTime(moment: Date): string {
  return moment.toISOString().replace(/[-:]|\.\d+/g, '');
}

/** Undefined for what is no such moment, or one that no calendar has. */
export function parseSnapshotTime(text: string): Date | undefined {
  if (!PATTERN.test(text)) return undefined;
  const moment = new Date(text.replace(PATTERN, '$1-$2-$3T$4:$5:$6Z'));
  return !Number.isNaN(moment.getTime()) && formatSnapshotTime(moment) === text ? moment : undefined;
}
