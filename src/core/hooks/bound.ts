import type { Reader } from '../store.ts'

/** Whether any hook is bound there at all, which is cheap to ask. */
export const isBound = async (
  { hookBindings }: Pick<Reader, 'hookBindings'>,
  trigger: string,
): Promise<boolean> => (await hookBindings.of(trigger)).length > 0
