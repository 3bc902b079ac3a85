// `npm test`: everything that must hold, on a fresh clone too.
import { install, npm } from './ready.mjs';

install();
npm('run', 'build');
npm('run', 'check', '--', '--all');
