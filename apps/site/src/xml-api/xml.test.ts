import { XMLParser } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { element, writeXml } from './xml.ts';

const hostile = `</a>]]><![CDATA[<b c="d" e='f'>&amp;\t\nline two\u0000\u0008\ufffe \ud800 &#0; <script>alert(1)</script>`;
const parser = new XMLParser({
  ...{ ignoreAttributes: false, attributeNamePrefix: '', trimValues: false, parseTagValue: false },
  ...{ ignoreDeclaration: true, htmlEntities: true },
});

test('what people wrote is text in elements and attributes, whatever it holds, and lines stay lines', () => {
  const text = writeXml(element('a', hostile, { b: hostile }), 'urn:x');
  const shown = [...'\u0000\u0008\ufffe', '\ud800'].reduce((text, one) => text.replaceAll(one, '\ufffd'), hostile);
  const { a } = parser.parse(text);
  expect([a['#text'], a.b, a.xmlns]).toEqual([shown, shown, 'urn:x']);
  // A reader of XML makes one space of a line in an attribute that is written as it is.
  expect(text.split('\n')).toHaveLength(5);
});

test('carriage returns are line ends', () => {
  expect(writeXml(element('a', 'x\r\ny\rz'), 'urn:x')).toContain('>x\ny\nz</a>');
});
