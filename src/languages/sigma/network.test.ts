import { expect, test } from 'vitest';
import { readNetwork } from './network.ts';

test.each([
  ['10.0.0.0/8', '10.0.0.0/8', false],
  ['10.0.0.1/8', '10.0.0.0/8', true],
  ['10.255.255.255/9', '10.128.0.0/9', true],
  ['10.0.0.0/255.0.0.0', '10.0.0.0/8', false],
  ['192.168.1.7', '192.168.1.7/32', false],
  ['0.0.0.0/0', '0.0.0.0/0', false],
  ['FE80::/10', 'fe80::/10', false],
  ['2001:db8::1', '2001:db8::1/128', false],
  ['2001:db8::1/33', '2001:db8::/33', true],
  ['::ffff:10.0.0.0/104', '10.0.0.0/8', false],
])('%s is %s', (text, network, hostBits) => {
  expect(readNetwork(text)).toEqual({ network, hostBits });
});

test.each([
  '',
  '10.0.0/8',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '010.0.0.0/8/8',
  'fe80::%1/64',
  '10.0.0.0/255.0.255.0',
  '::/129',
  'x',
  '192.168.*',
])('%j is none', (text) => {
  expect(readNetwork(text)).toBeUndefined();
});
