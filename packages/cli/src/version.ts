import { readFileSync } from 'node:fs';

/** The version in our own package.json, which lies above both `src` and `dist`. */
export function version(): string {
  const { version: own } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return own;
}
