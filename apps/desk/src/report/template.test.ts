import { plainText } from '@gatehouse/desk-kit';
import { describe, expect, test } from 'vitest';
import type { SessionReport } from '../api/report.ts';
import { renderReport } from './template.ts';

const person = (name: string, more: object = {}) => ({
  ...{ gsnumber: '1', name, username: '', company: '', issue: '', hostname: '', system: '', address: '' },
  ...{ isPrimary: false, seconds: null, ...more },
});
const said = (type: string, by: string, body: string) => ({
  ...{ at: '2026-03-29T01:59:30.000Z', type, by, body, isPrivate: false, file: null, data: [] },
});
const report = (of: Partial<SessionReport> = {}): SessionReport => ({
  ...{ lsid: 'a', externalKey: '12', beganAt: null, endedAt: null, customers: [], representatives: [], events: [] },
  ...{ system: [], surveys: [], downloads: { chat: null, recordings: [], files: [] }, ...of },
});
const render = (of: Partial<SessionReport>, template = '') =>
  renderReport(template, report(of), { url: 'https://desk.example/support/1/a' });

describe('the usual report', () => {
  test('keeps the lines of notes, chats and questions, in HTML and as text', () => {
    const words = 'one <b>\ntwo\r\nthree';
    const { html, problem } = render({
      customers: [person('Carol', { issue: words })],
      events: [said('Session Note Added', 'Ann', words), said('Chat Message', 'Carol', words)],
    });
    expect(problem).toBeNull();
    expect(html.match(/one &lt;b&gt;<br>\s*two<br>\s*three/g)).toHaveLength(3);
    expect(plainText(html)).toMatch(/Ann: one <b>\s+two\s+three/);
  });

  test('names everybody who was there, however they are called', () => {
    const names = ['O’Brien: "Pat"', 'مرحبا بالعالم', '👩‍💻 𝒜𝓃𝓃', 'a\nb', '{{ session.url }}', "'; --"];
    const { html } = render({
      customers: names.map((name) => person(name)),
      representatives: names.map((name) => person(name)),
    });
    const text = plainText(html).replaceAll(/\s+/g, ' ');
    for (const name of names) expect(text.split(name.replaceAll(/\s+/g, ' '))).toHaveLength(3);
  });

  test('says little of a session in which nothing happened, and nothing wrong', () => {
    const text = plainText(render({}).html);
    expect(text).toContain('Details of the session');
    expect(text).not.toMatch(/null|undefined|NaN|Invalid|Chat|Notes|Files/);
    expect(text).not.toMatch(/^Support session\s+to\s+UTC/);
  });

  test('is cut where a chat is far too long, ends well, and says that there is more', () => {
    const events = Array.from({ length: 2_500 }, (_, at) => said('Chat Message', 'Carol', `${at} ${'😀'.repeat(500)}`));
    const { html } = render({ events });
    expect(html.length).toBeLessThan(1_100_000);
    expect(html.isWellFormed()).toBe(true);
    expect(html).toContain('The beginning of the chat is left out here.');
    expect(html).toContain('Details of the session');
  });

  test('holds a message of a hundred thousand characters whole', () => {
    const { html } = render({ events: [said('Chat Message', 'Carol', `${'x'.repeat(100_000)}!`)] });
    expect(html).toContain(`${'x'.repeat(100_000)}!`);
  });
});

test.each([
  '{% include "/etc/passwd" %}',
  '{{ session.constructor.name }}{{ session | no_such }}',
  '{% for a in (1..100000000) %}x{% endfor %}',
])('a template that breaks falls back to the usual report and says so: %s', (template) => {
  const { html, problem } = render({ customers: [person('Carol')] }, template);
  expect(html).toContain('Carol');
  expect(problem).toContain('could not be used');
});
