import { XMLParser } from 'fast-xml-parser';
import { expect } from 'vitest';
import { type Desk, openDesk } from '../../support/testing/desk.ts';
import type { Program } from '../../testing/test-site.ts';
import { complaintsOf } from '../../xml-api/testing/validate.ts';

export interface CommandDesk extends Desk {
  /** An account with full access to the Command API. */
  readonly full: Program;
  /** As `/api/command.xsd` has it. */
  readonly schema: string;
  /** The answer as it came, with the name of its root and what is in it; every answer is valid. */
  ask(action: string, parameters?: Asked): Promise<XmlAnswer>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and fail on a wrong one.
  content(action: string, parameters?: Asked): Promise<any>;
  /** The words of an answer that must be an error. */
  errorOf(action: string, parameters?: Asked): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  sessionOf(lsid: string): Promise<any>;
}

type Asked = Readonly<Record<string, string | number>>;
export interface XmlAnswer {
  readonly text: string;
  readonly headers: Headers;
  readonly root: string;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  readonly content: any;
}

const parser = new XMLParser({
  ...{ removeNSPrefix: true, ignoreAttributes: false, attributeNamePrefix: '@' },
  ...{ parseTagValue: false, trimValues: false, ignoreDeclaration: true },
});

export const openCommandDesk = async (): Promise<CommandDesk> => {
  const desk = await openDesk();
  const full = await desk.program({ perm_command: 'full_access' });
  const schema = (await full.get('/api/command.xsd')).text;
  const ask: CommandDesk['ask'] = async (action, parameters = {}) => {
    const all = Object.entries(parameters).map(([name, value]) => [name, String(value)]);
    const answer = await full.get(`/api/command?${new URLSearchParams({ action, ...Object.fromEntries(all) })}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/xml; charset=UTF-8']);
    expect(await complaintsOf(schema, answer.text)).toBe('');
    const [[root = '', content] = []] = Object.entries(parser.parse(answer.text)).filter(([name]) => name !== '#text');
    return { text: answer.text, headers: answer.headers, root, content };
  };
  return {
    ...{ ...desk, full, schema, ask },
    content: async (...asked) => (await ask(...asked)).content,
    errorOf: async (...asked) => {
      const { root, content } = await ask(...asked);
      expect(root).toBe('error');
      return String(typeof content === 'string' ? content : content['#text']);
    },
    sessionOf: async (lsid) => (await desk.operator.get(`/api/support-sessions/${lsid}`)).body,
  };
};
