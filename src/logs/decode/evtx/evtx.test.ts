import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../base/json.ts';
import { recognise } from '../../registry.ts';
import { decode, decodeText } from '../index.ts';
import {
  evtxChunk,
  evtxFile,
  type Part,
  sealChunk,
  text16,
  u16,
  u32,
  u64,
  type WrittenValue,
  windowsEvent,
} from './evtx-writer.fixture.ts';

const data = (name: string, content: readonly Part[]): Part => ({
  element: 'Data',
  attributes: { Name: [name] },
  content,
});
const eventData = (...content: Part[]): Part => ({ element: 'EventData', content });
const sysmon = (id: number): ReturnType<typeof windowsEvent> =>
  windowsEvent(id, 'Microsoft-Windows-Sysmon/Operational', [eventData(data('Image', [`C:\\${id}.exe `]))]);

const eventsOf = (file: Buffer): JsonObject[] => decodeText(file, 'x.evtx').events.map(({ event }) => event);
const codesOf = (file: Buffer): string[] => decodeText(file, 'x.evtx').diagnostics.map(({ code }) => code);
const only = (parts: readonly Part[]): JsonObject | undefined => eventsOf(evtxFile([evtxChunk([{ id: 1, parts }])]))[0];

/** What the values become, as the members of one element. */
function rendered(...values: WrittenValue[]): Json | undefined {
  const content = values.map((_, index): Part => ({ element: `v${index}`, content: [{ value: index }] }));
  const root = only([{ template: 't', parts: [{ element: 'E', content }], values }])?.['E'];
  return root === undefined ? undefined : Object.values(root as JsonObject);
}

describe('EVTX', () => {
  it('gives an event in the form of the usual converters', () => {
    const decoded = decodeText(evtxFile([evtxChunk([sysmon(7), sysmon(8)])]), 'x.evtx');
    expect(decoded.diagnostics).toEqual([]);
    expect(decoded.lines).toBe(2);
    expect(decoded.events.map(({ source }) => source)).toEqual([
      { file: 'x.evtx', line: 1 },
      { file: 'x.evtx', line: 2 },
    ]);
    expect(decoded.events[0]?.event).toEqual({
      Event: {
        '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
        System: {
          Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon' } },
          EventID: 1,
          Keywords: '0x8000000000000000',
          TimeCreated: { '#attributes': { SystemTime: '2024-11-28T03:20:10.165324Z' } },
          EventRecordID: 7,
          Correlation: null,
          Channel: 'Microsoft-Windows-Sysmon/Operational',
          Computer: 'PC-1',
        },
        EventData: { Image: 'C:\\7.exe ' },
      },
    });
    expect(recognise(decoded.events[0]?.event ?? {})).toMatchObject({ type: { name: 'windows.sysmon' } });
  });

  it('puts data without names together, and counts on where names repeat', () => {
    expect(only([{ element: 'EventData', content: [{ element: 'Data', content: ['a'] }] }])).toEqual({
      EventData: { Data: { '#text': 'a' } },
    });
    const several = [
      { element: 'Data', content: ['a'] },
      { element: 'Binary' },
      { element: 'Data', content: [{ value: 0 }] },
      { element: 'Data' },
    ];
    const values: WrittenValue[] = [[0x81, text16('b\0\0c\0')]];
    expect(only([{ template: 't', parts: [eventData(...several)], values }])).toEqual({
      EventData: { Data: { '#text': ['a', 'b', '', 'c', ''] }, Binary: null },
    });
    expect(only([eventData(data('x', ['1']), data('x', ['2']), data('x_1', ['3']), data('x', ['4']))])).toEqual({
      EventData: { x: '1', x_1: '2', x_1_1: '3', x_2: '4' },
    });
  });

  it('keeps text beside attributes and members, but not the blanks between members', () => {
    const inner = { element: 'B', content: ['1'] };
    expect(only([{ element: 'A', attributes: { q: ['2'] }, content: ['t'] }])).toEqual({
      A: { '#attributes': { q: '2' }, '#text': 't' },
    });
    expect(only([{ element: 'A', content: ['\r\n ', inner, '\r\n'] }])).toEqual({ A: { B: '1' } });
    expect(only([{ element: 'A', content: ['x', inner] }])).toEqual({ A: { '#text': 'x', B: '1' } });
  });

  it('reads references, CDATA and text in pieces', () => {
    const content: Part[] = ['a', { entity: 'lt' }, { char: 0xe9 }, { cdata: ' <&>\r\n' }, { entity: 'other' }];
    expect(only([{ element: 'A', content }])).toEqual({ A: 'a<é <&>\r\n&other;' });
  });

  it('reads values of every type', () => {
    const sid = Buffer.concat([
      Buffer.from('0105000000000005', 'hex'),
      ...[21, 258502686, 4114689039, 5308239, 500].map(u32),
    ]);
    expect(
      rendered(
        [0x00, Buffer.alloc(0)],
        [0x01, text16('é \0')],
        [0x02, Buffer.from('caf\xe9\0', 'latin1')],
        [0x03, Buffer.from([0xff])],
        [0x04, Buffer.from([0xff])],
        [0x05, u16(0xfffe)],
        [0x06, u16(0xfffe)],
        [0x07, u32(0xffffffff)],
        [0x08, u32(0xffffffff)],
        [0x09, u64(0xffffffffffffffffn)],
        [0x0a, u64(0xffffffffffffffffn)],
        [0x0b, Buffer.from([0, 0, 0xc0, 0x3f])],
        [0x0c, Buffer.from([0, 0, 0, 0, 0, 0, 0xf0, 0x7f])],
        [0x0d, u32(8)],
        [0x0d, u32(0)],
        [0x0e, Buffer.from([0xca, 0xfe])],
        [0x0f, Buffer.from('5f387057c2 2ae043bf4c06f5698ffbd9'.replace(' ', ''), 'hex')],
        [0x10, u32(0x378)],
        [0x11, u64(0n)],
        [0x12, Buffer.concat([2026, 2, 5, 6, 1, 2, 3, 45].map(u16))],
        [0x13, sid],
        [0x14, u32(0x3e7)],
        [0x15, u64(0x8000000000000000n)],
        [0x77, Buffer.from([1])],
      ),
    ).toEqual([
      null,
      'é ',
      'café',
      -1,
      255,
      -2,
      65534,
      -1,
      4294967295,
      -1,
      18446744073709551615n,
      1.5,
      '1.#INF',
      true,
      false,
      'CAFE',
      '5770385F-2AC2-43E0-BF4C-06F5698FFBD9',
      '0x378',
      '1601-01-01T00:00:00.000000Z',
      '2026-02-06T01:02:03.045000Z',
      'S-1-5-21-258502686-4114689039-5308239-500',
      '0x3e7',
      '0x8000000000000000',
      '01',
    ]);
    expect(
      rendered(
        [0x86, Buffer.concat([u16(1), u16(2)])],
        [0x94, Buffer.concat([u32(16), u32(17)])],
        [0x93, Buffer.concat([sid.subarray(0, 8), Buffer.alloc(20), Buffer.from('010100000000000512000000', 'hex')])],
        [0x8a, Buffer.alloc(0)],
      ),
    ).toEqual([[1, 2], ['0x10', '0x11'], ['S-1-5-0-0-0-0-0', 'S-1-5-18'], []]);
  });

  it('does not mind where the bytes are cut', async () => {
    const file = evtxFile([evtxChunk([sysmon(7), sysmon(8)]), evtxChunk([sysmon(9)])]);
    const { events } = decodeText(file, 'x');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(file.length), { maxLength: 5 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), file.length];
        const pieces = async function* (): AsyncGenerator<Uint8Array, void, void> {
          for (const [index, end] of places.slice(1).entries()) yield file.subarray(places[index], end);
        };
        const found: unknown[] = [];
        let lines = 0;
        for await (const batch of decode(pieces(), 'x')) {
          found.push(...batch.events);
          lines += batch.lines;
        }
        expect(found).toEqual(events);
        expect(lines).toBe(3);
      }),
    );
  });

  it('reads templates in values, and elements of values with or without a dependency identifier', () => {
    const inner: Part = {
      template: 'inner',
      parts: [{ element: 'C', content: [{ value: 0 }] }],
      values: [[4, Buffer.from([9])]],
    };
    expect(
      only([{ template: 'outer', parts: [{ element: 'A', content: [{ value: 0 }] }], values: [[0x21, [inner]]] }]),
    ).toEqual({
      A: { C: 9 },
    });
  });

  it('takes no name for anything but a name', () => {
    const event = only([
      { element: 'A', content: [{ element: '__proto__', content: ['x'] }, { element: 'toString' }] },
    ]);
    expect(Object.entries(event?.['A'] as JsonObject)).toEqual([
      ['__proto__', 'x'],
      ['toString', null],
    ]);
  });
});

describe('damaged EVTX', () => {
  const three = (): Buffer => evtxFile([evtxChunk([sysmon(1), sysmon(2), sysmon(3)]), evtxChunk([sysmon(4)])]);
  const idsOf = (file: Buffer): (string | undefined)[] =>
    eventsOf(file).map((event) => /"C:.*?(\d+)/.exec(JSON.stringify(event))?.[1]);
  /** Where the second record of the first chunk begins. */
  const second = (file: Buffer): number => 4096 + 512 + file.readUInt32LE(4096 + 512 + 4);

  it('reads on behind a record that is spoilt, and tells where it was', () => {
    const file = three();
    const at = second(file);
    file.fill(0xff, at, at + 8);
    const decoded = decodeText(file, 'x.evtx');
    expect(idsOf(file)).toEqual(['1', '3', '4']);
    expect(codesOf(file)).toEqual(['logs/evtx-chunk', 'logs/evtx-gap']);
    expect(decoded.diagnostics[1]?.params).toMatchObject({ chunk: 1, offset: at });
    expect(decoded.undecodable).toBe(1);
  });

  it('counts a record whose content is spoilt, and keeps the numbers of the others', () => {
    const file = three();
    file.fill(0xee, second(file) + 28, second(file) + 34);
    const decoded = decodeText(file, 'x.evtx');
    expect(decoded.events.map(({ source }) => source.line)).toEqual([1, 3, 4]);
    expect(decoded.diagnostics.map(({ code }) => code)).toEqual(['logs/evtx-chunk', 'logs/evtx-record']);
    expect(decoded.diagnostics[1]?.params).toMatchObject({ line: 2, chunk: 1, offset: second(file) });
  });

  it('reads what there is of a file that was cut', () => {
    const file = three();
    expect(idsOf(file.subarray(0, second(file) + 20))).toEqual(['1']);
    expect(codesOf(file.subarray(0, second(file) + 20))).toEqual(['logs/evtx-gap', 'logs/evtx-short']);
    expect(codesOf(file.subarray(0, 4096 + 0x10000))).toEqual(['logs/evtx-short']);
    expect(codesOf(file.subarray(0, 1000))).toEqual(['logs/evtx-short']);
    expect(codesOf(file.subarray(0, 10))).toEqual(['logs/evtx-short']);
    expect(idsOf(file.subarray(0, 4096 + 0x10000))).toEqual(['1', '2', '3']);
  });

  it('reads chunks and records that the headers do not count yet', () => {
    const file = three();
    file.writeUInt16LE(1, 42);
    const chunk = file.subarray(4096, 4096 + 0x10000);
    chunk.writeUInt32LE(second(file) - 4096, 48);
    sealChunk(chunk);
    expect(idsOf(file)).toEqual(['1', '2', '3', '4']);
    // An older record behind the end is not read.
    chunk.writeBigUInt64LE(1n, second(file) - 4096 + 8);
    expect(idsOf(file)).toEqual(['1', '4']);
  });

  it('reads the records of a chunk whose header is gone', () => {
    const file = three();
    file.fill(0, 4096, 4096 + 512);
    expect(idsOf(file)).toEqual(['1', '2', '3', '4']);
    expect(codesOf(file)).toEqual(['logs/evtx-chunk']);
  });

  it('does not unfold what was made to be huge, or to have no end', { tags: 'large', timeout: 20_000 }, () => {
    const self: Part = { template: 't', parts: [], values: [] };
    const bomb = (depth: number): Part =>
      depth === 0 ? { element: 'x' } : { template: `${depth}`, parts: Array(30).fill(bomb(depth - 1)), values: [] };
    const deep = (depth: number): Part => ({ element: 'd', content: depth === 0 ? [] : [deep(depth - 1)] });
    const file = evtxFile([
      evtxChunk([{ id: 1, parts: [{ element: 'e' }, self] }, sysmon(2)]),
      evtxChunk([{ id: 1, parts: [deep(150)] }, sysmon(3)]),
      evtxChunk([{ id: 1, parts: [bomb(5)] }, sysmon(4)]),
    ]);
    expect(idsOf(file).slice(1)).toEqual(['2', '3', '4']);
    expect(codesOf(file).filter((code) => code === 'logs/evtx-record').length).toBe(2);
    // A template that names itself: its own place where the inner one's is.
    const loop = evtxChunk([
      { id: 1, parts: [{ template: 'a', parts: [{ element: 'E', content: [self] }], values: [] }] },
    ]);
    const outer = 512 + 24 + 4 + 10;
    const inner = loop.indexOf(Buffer.from([0x0c, 1, 0, 0, 0, 0]), outer);
    loop.writeUInt32LE(outer, inner + 6);
    const decoded = decodeText(evtxFile([loop]), 'x.evtx');
    expect(decoded.diagnostics.map(({ message }) => message).join()).toContain('a template that holds itself');
  });

  it('never throws, whatever is changed', () => {
    const parts: Part[] = [
      eventData(data('a', [{ value: 0 }]), data('b', [{ value: 1 }]), { element: 'Data', content: [{ value: 2 }] }),
      { element: 'UserData', attributes: { z: [{ value: 3, optional: true }] }, content: ['x', { entity: 'amp' }] },
    ];
    const values: WrittenValue[] = [
      [0x0f, Buffer.alloc(16, 7)],
      [0x13, Buffer.from('010100000000000512000000', 'hex')],
      [0x81, text16('p\0q\0')],
      [0x00, Buffer.alloc(0)],
    ];
    const whole = evtxFile([evtxChunk([{ id: 1, parts: [{ template: 't', parts, values }] }, sysmon(2)])]);
    const end = 4096 + whole.readUInt32LE(4096 + 48);
    const place = fc.oneof(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 4096, max: 4224 }),
      fc.integer({ min: 4608, max: end }),
    );
    const change = fc.record({ at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }) });
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.option(fc.integer({ min: 8, max: end }), { freq: 1 }),
        (changes, cut) => {
          const file = Buffer.from(whole.subarray(0, cut ?? whole.length));
          for (const { at, bytes } of changes) if (at + bytes.length <= file.length) file.set(bytes, at);
          file.write('ElfFile\0', 'latin1');
          const decoded = decodeText(file, 'x.evtx');
          expect(decoded.events.length).toBeLessThanOrEqual(decoded.lines);
          // Nothing is lost in silence.
          if (decoded.events.length < 2) expect(decoded.diagnostics.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 10_000 },
    );
  }, 120_000);
});
