import type { Answers } from '@gatehouse/host/agent';
import { expect, test } from 'vitest';
import { collector } from '../agent.ts';
import { askEvents } from './ask-events.ts';

/** A person who answers by what is asked for, and hears what is said. */
const person = (words: Readonly<Record<string, string>>, flags: Record<string, unknown> = {}) => {
  const asked: string[] = [];
  const said: string[] = [];
  const answers: Answers = {
    ...{ agent: collector, flags, environment: {} },
    dialogue: {
      isPerson: true,
      say: (text) => void said.push(text),
      async ask(prompt) {
        asked.push(prompt);
        return Object.entries(words).find(([title]) => prompt.includes(title))?.[1] ?? '';
      },
      close: () => undefined,
    },
  };
  return { answers, asked, said };
};

test('a person is asked for the three sources, and may leave out all of them', async () => {
  const { answers, asked } = person({});
  expect(await askEvents(answers)).toEqual({});
  expect(asked).toHaveLength(3);
});

test('a port without a token gets one that is shown once; a log of Samba needs its controller', async () => {
  const { answers, asked, said } = person({
    ...{ 'Samba’s audit log': '/var/log/samba/audit.json', 'Name of the Samba': 'dc1.corp.example' },
    'Port for forwarded events': '9900',
  });
  const events = await askEvents(answers);
  expect(events).toMatchObject({ sambaController: 'dc1.corp.example', eventPort: 9_900 });
  expect(String(events.eventToken)).toMatch(/^[\w-]{32}$/);
  expect(said.join()).toContain(String(events.eventToken));
  expect(asked).toHaveLength(4);
});

test('what does not fit together is refused, and so is listening for others without encryption', async () => {
  const flags = { eventPort: '9900', eventAddress: '0.0.0.0' };
  await expect(askEvents(person({}, flags).answers)).rejects.toMatchObject({
    ...{ kind: 'misconfigured', advice: expect.stringContaining('encrypted') },
  });
  await expect(askEvents(person({}, { sambaAuditLog: '/a' }).answers)).rejects.toMatchObject({ kind: 'misconfigured' });
});
