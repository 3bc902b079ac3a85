import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { defaultCacheFolder, makeFolder } from '../base/cache-folder.ts';

/** What Node has from 22.1 on. */
interface CompileCache {
  readonly enableCompileCache?: (folder: string) => unknown;
}

/**
 * Keeps what Node makes of our modules, so that it need not compile them at each start, where this version of Node can. It writes
 * when the process ends.
 */
export function useCompileCache(): void {
  const { enableCompileCache }: typeof nodeModule & CompileCache = nodeModule;
  if (enableCompileCache === undefined) return;
  try {
    const folder = join(defaultCacheFolder(), 'compiled');
    makeFolder(folder);
    enableCompileCache(folder);
  } catch {
    // Without a folder every start compiles.
  }
}
