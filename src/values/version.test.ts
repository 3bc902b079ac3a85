import { expect, test } from 'vitest';
import { compareVersions } from './version.ts';

test('versions are in the order of Semantic Versioning, and what is no version comes last', () => {
  const ordered = [
    '0.9',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.2',
    '1.0.0-alpha.11',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0',
    '1.0.0+build',
    '1.2',
    '1.2.0',
    '1.9',
    '1.10',
    '99999999999999999999999.0',
    'invalid',
    'v1.0',
  ];
  for (const [at, left] of ordered.entries()) {
    for (const [other, right] of ordered.entries()) {
      expect(Math.sign(compareVersions(left, right)), `${left} to ${right}`).toBe(Math.sign(at - other));
    }
  }
});
