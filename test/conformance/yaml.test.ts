import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPlain } from '../../src/formats/yaml/plain-reader.ts';
import { disagreement } from '../yaml-agreement.ts';
