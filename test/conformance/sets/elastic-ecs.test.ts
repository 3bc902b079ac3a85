import { scoreboard } from '../scoreboard.ts';
import { elasticEcs } from './elastic-ecs.ts';

scoreboard(elasticEcs, { cases: '85b6c197704d', passed: 45 });
