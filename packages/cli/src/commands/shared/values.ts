import { didYouMean, XlfsError } from '@xlfs/core';

/** The value of an option that cannot be left out. @throws XlfsError `USAGE` */
export function required<T>(value: T | undefined, option: string): T {
  if (value === undefined) throw new XlfsError('USAGE', `${option} is missing`, { hint: `give ${option}` });
  return value;
}

/** A word out of a closed list. @throws XlfsError `USAGE` with the word that was most likely meant */
export function oneOf<const T extends string>(value: string, known: readonly T[], what: string): T {
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  const near = known.find((one) => one.toLowerCase() === value.toLowerCase()) ?? didYouMean(value, known);
  throw new XlfsError('USAGE', `${what} cannot be ${JSON.stringify(value)}`, {
    hint: near === undefined ? `it is one of ${known.join(', ')}` : `did you mean ${near}?`,
  });
}

/** `NAME=VALUE` words as a record; a value may have `=` in it. @throws XlfsError `USAGE` */
export function pairs(words: readonly string[], what: string): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      if (at < 1)
        throw new XlfsError('USAGE', `${what} takes NAME=VALUE, not ${JSON.stringify(word)}`, {
          hint: `for example ${what} name=value`,
        });
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

/** A whole number, not negative. @throws XlfsError `USAGE` */
export function wholeNumber(text: string, what: string): number {
  const value = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new XlfsError('USAGE', `${what} takes a whole number, not ${JSON.stringify(text)}`, { hint: `for example ${what} 0` });
}

/** `512M`, `4G`, `1048576`: bytes, with the binary units of truncate(1). @throws XlfsError `USAGE` */
export function byteCount(text: string, what: string): number {
  const [, digits = '', unit = ''] = /^([0-9]+)([KMGT]?)$/.exec(text) ?? [];
  const value = Number(digits) * 1024 ** ' KMGT'.indexOf(unit || ' ');
  if (digits !== '' && Number.isSafeInteger(value)) return value;
  throw new XlfsError('USAGE', `${what} takes a size, not ${JSON.stringify(text)}`, { hint: `for example ${what} 512M, or 4G` });
}

/** An object without the fields that are undefined: what an option left out means to a library. */
export function given<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
