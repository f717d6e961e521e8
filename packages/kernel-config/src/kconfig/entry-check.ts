import { KernelConfigError } from '../errors.ts';
import type { Dialect } from './dialect.ts';
import type { MenuNode, Property } from './menu.ts';
import { descendantsOf } from './menu.ts';

/** Mistakes of an entry that newer dialects refuse: properties of choice members and of transitional symbols. */
export function* entryMistakes(menu: MenuNode, dialect: Dialect): Generator<KernelConfigError> {
  if (dialect.modalChoices) return;
  const { symbol } = menu;
  if (symbol?.isChoice) {
    for (const member of descendantsOf(menu)) {
      for (const property of member.symbol?.properties ?? []) {
        if (property.kind === 'default') yield mistake('defaults for choice values not supported', property);
        if (
          property.kind === 'prompt' &&
          property.menu !== member &&
          (dialect.strictEntries || property.menu.parent !== member.parent)
        ) {
          yield mistake('choice value has a prompt outside its choice group', property);
        }
      }
    }
  }
  if (symbol?.isTransitional) {
    const message = 'transitional symbols can only have help sections';
    const [first] = symbol.properties;
    if (menu.dependency !== undefined || menu.visibility !== undefined) yield mistake(message, menu);
    else if (first !== undefined) yield mistake(message, first);
  }
}

function mistake(message: string, place: Pick<Property, 'file' | 'line'>): KernelConfigError {
  return new KernelConfigError('KCONFIG_SEMANTICS', message, { position: { file: place.file, line: place.line, column: 1 } });
}
