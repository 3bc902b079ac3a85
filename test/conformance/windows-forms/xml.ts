import { isJsonObject, type Json, type JsonObject } from '../../../src/base/json.ts';
import { objectIn, partsOf, textOf } from './event.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll("'", '&apos;');

/** The event as `wevtutil /f:xml` prints it. */
export function asXml(record: JsonObject): string {
  const { named, unnamed } = partsOf(record);
  const event = objectIn(record['Event']);
  const parts = Object.entries(event).flatMap(([name, value]) => {
    if (name === '#attributes') return [];
    if (name !== 'EventData' || !isJsonObject(value)) return [element(name, value)];
    const data = [
      ...unnamed.map((text) => `<Data>${escaped(text)}</Data>`),
      ...named.map(([datum, text]) =>
        datum === 'Binary'
          ? `<Binary>${escaped(text)}</Binary>`
          : `<Data Name='${escaped(datum)}'>${escaped(text)}</Data>`,
      ),
    ];
    return [`<EventData>${data.join('')}</EventData>`];
  });
  return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>${parts.join('')}</Event>`;
}

function element(name: string, value: Json): string {
  if (Array.isArray(value)) return value.map((one) => element(name, one)).join('');
  const attributes = Object.entries(objectIn(objectIn(value)['#attributes']))
    .map(([attribute, text]) => ` ${attribute}='${escaped(textOf(text))}'`)
    .join('');
  const content = isJsonObject(value)
    ? Object.entries(value)
        .filter(([child]) => child !== '#attributes')
        .map(([child, inner]) => (child === '#text' ? escaped(textOf(inner)) : element(child, inner)))
        .join('')
    : escaped(textOf(value));
  return content === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${content}</${name}>`;
}
