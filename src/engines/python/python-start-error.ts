import { type Diagnostic, diagnostic } from '../../base/diagnostic.ts';

/** Python cannot be started: the installation is damaged. */
export class PythonStartError extends Error {
  readonly diagnostic: Diagnostic;
  constructor(reason: string) {
    const found = diagnostic('python/start', { reason });
    super(found.message);
    this.diagnostic = found;
  }
}
