import type { Option } from '../ast/index.ts';

/** The word that an option of this name stands on. */
export function optionWord(options: readonly Option[], name: string): string | undefined {
  const value = options.find((option) => option.name.text === name)?.value;
  if (value?.kind === 'name') return value.name;
  return value?.kind === 'literal' ? String(value.value) : undefined;
}
