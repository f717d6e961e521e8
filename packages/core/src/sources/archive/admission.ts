import { XlfsError } from '../../errors.ts';
import type { ArchiveEntry } from './entry.ts';

export interface AdmissionLimits {
  /** Content of all files together, in bytes. */
  readonly maxBytes: number;
  readonly maxEntries: number;
}

const MAX_PATH_BYTES = 4095;
const MAX_NAME_BYTES = 255;
/** A control character, a lone surrogate's or wrong UTF-8's replacement: no source file is called so. */
const ODD = /[\u0000-\u001f\u007f\ufffd]/;

/**
 * Decides entry by entry what may be unpacked. An entry is refused when it would be written outside the folder, or through a link that
 * an earlier entry made. Links that merely *point* outside are kept as text: nothing here follows them, and the sandbox has its own `/`.
 */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #known = new Map<string, ArchiveEntry['type']>([['', 'directory']]);
  #bytes = 0;
  #entries = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  get entries(): number {
    return this.#entries;
  }

  /**
   * The entry with its names in canonical form, or undefined for the folder itself (`./`).
   *
   * @throws XlfsError `ARCHIVE_ESCAPES` or `ARCHIVE_INVALID`.
   */
  admit(entry: ArchiveEntry): ArchiveEntry | undefined {
    const path = canonical(entry.path, entry.path);
    if (path === '') {
      if (entry.type === 'directory') return undefined;
      throw invalid(`an entry of type ${entry.type} has no name`);
    }
    this.#count(entry.size);
    this.#enter(parentOf(path), path);
    const before = this.#known.get(path);
    if (before !== undefined && !(before === entry.type && (before === 'directory' || before === 'file'))) {
      throw escapesOr(before, `${quoted(path)} is named twice, as ${before} and as ${entry.type}`);
    }
    this.#known.set(path, entry.type);
    return { ...entry, path, target: this.#admitTarget(entry, path) };
  }

  #admitTarget({ type, target }: ArchiveEntry, path: string): string {
    if (type === 'symlink') {
      if (target === '' || ODD.test(target) || Buffer.byteLength(target) > MAX_PATH_BYTES) {
        throw invalid(`${quoted(path)} links to an odd name, ${quoted(target)}`);
      }
      return target;
    }
    if (type !== 'hardlink') return '';
    const file = canonical(target, `${path} -> ${target}`);
    const linked = this.#known.get(file);
    if (linked === 'symlink') throw escapes(`${quoted(path)} is a hard link to the symbolic link ${quoted(file)}`);
    this.#enter(parentOf(file), path);
    if (linked !== 'file' && linked !== 'hardlink')
      throw invalid(`${quoted(path)} is a hard link to ${quoted(file)}, which is no file of the archive`);
    return file;
  }

  #count(size: number): void {
    this.#bytes += size;
    this.#entries++;
    if (this.#bytes > this.#limits.maxBytes)
      throw invalid(`it unpacks to more than ${String(this.#limits.maxBytes)} bytes`, 'raise maxBytes if that is expected');
    if (this.#entries > this.#limits.maxEntries) throw invalid(`it has more than ${String(this.#limits.maxEntries)} entries`);
  }

  /** Every component above a path has to be a folder; what was not named yet becomes one. */
  #enter(folder: string, path: string): void {
    const known = this.#known.get(folder);
    if (known === 'directory') return;
    if (known === 'symlink') throw escapes(`${quoted(path)} lies behind the symbolic link ${quoted(folder)}`);
    if (known !== undefined) throw invalid(`${quoted(path)} lies below ${quoted(folder)}, which is a file`);
    this.#enter(parentOf(folder), path);
    this.#known.set(folder, 'directory');
  }
}

/** Components joined by single slashes, without `.` and a trailing slash. */
function canonical(name: string, shown: string): string {
  if (ODD.test(name)) throw invalid(`${quoted(shown)} is an odd name`);
  if (Buffer.byteLength(name) > MAX_PATH_BYTES)
    throw invalid(`a name has ${String(Buffer.byteLength(name))} bytes: ${quoted(shown.slice(0, 80))}…`);
  if (name.startsWith('/')) throw escapes(`${quoted(shown)} is an absolute path`);
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  for (const part of parts) {
    if (part === '..') throw escapes(`${quoted(shown)} climbs out of its folder`);
    if (Buffer.byteLength(part) > MAX_NAME_BYTES) throw invalid(`a name is too long: ${quoted(part.slice(0, 80))}…`);
  }
  return parts.join('/');
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

function quoted(name: string): string {
  return JSON.stringify(name);
}

function escapesOr(before: ArchiveEntry['type'], message: string): XlfsError {
  return before === 'symlink' ? escapes(message) : invalid(message);
}

function escapes(why: string): XlfsError {
  return new XlfsError('ARCHIVE_ESCAPES', `the archive would write outside its folder: ${why}`, {
    hint: 'nothing of it was kept; compare it with the upstream release',
  });
}

function invalid(why: string, hint = 'the file is damaged or hostile: compare it with the upstream release'): XlfsError {
  return new XlfsError('ARCHIVE_INVALID', `not a usable source archive: ${why}`, { hint });
}
