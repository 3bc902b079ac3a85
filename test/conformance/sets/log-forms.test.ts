import { scoreboard } from '../scoreboard.ts';
import { logForms } from './log-forms.ts';

scoreboard(logForms, { cases: '216babaf21ed', passed: 111 });
