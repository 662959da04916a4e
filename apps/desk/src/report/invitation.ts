import { Liquid } from 'liquidjs';
import { wordsOf } from './template.ts';

export interface Invitation {
  readonly subject: string;
  readonly body: string;
  /** Why the template of the administrator was not used; null: it was, or there is none. */
  readonly problem: string | null;
}

export interface InvitationValues {
  readonly ticket: { readonly number: string; readonly subject: string };
  readonly customer: { readonly name: string };
  /** Who sends it. */
  readonly technician: { readonly name: string };
  readonly session: { readonly key: string; readonly url: string; readonly expires: string };
}

/** Text and no HTML: what becomes HTML of it is escaped as a whole. No template reads a file, and none may take long. */
const liquid = new Liquid({
  ...{ strictFilters: true, ownPropertyOnly: true, timezoneOffset: 0 },
  ...{ parseLimit: 50_000, renderLimit: 500, memoryLimit: 5_000_000, templates: {} },
});
const mostSubject = 200;
const mostBody = 10_000;

/** Why a template cannot be used; null: it can. */
export const wrongInvitation = (template: string): string | null => {
  try {
    liquid.parse(template);
    return null;
  } catch (error) {
    return `The template has a mistake: ${wordsOf(error)}`;
  }
};

/** The mail with a session key. What is empty, or cannot be used, is as the site words it, and that is said. */
export const renderInvitation = (
  templates: { readonly mailSubject: string; readonly mailTemplate: string },
  values: InvitationValues,
  usual: { readonly subject: string; readonly body: string },
): Invitation => {
  try {
    const render = (template: string, fallback: string, most: number): string => {
      if (template.trim() === '') return fallback;
      const text = String(liquid.parseAndRenderSync(template, values)).trim();
      if (text === '') throw new Error('nothing came of it');
      if (text.length > most) throw new Error(`more than ${most} characters came of it`);
      return text;
    };
    const subject = render(templates.mailSubject, usual.subject, mostSubject);
    return {
      subject: subject.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '),
      body: render(templates.mailTemplate, usual.body, mostBody),
      problem: null,
    };
  } catch (error) {
    const problem = `The mail template of this connection could not be used, so these are the usual words: ${wordsOf(error)}`;
    return { ...usual, problem };
  }
};

/** As an administrator sees it before anybody is sent one. */
export const sampleValues: InvitationValues = {
  ticket: { number: 'SC-1001', subject: 'The printer is on fire' },
  customer: { name: 'Carol' },
  technician: { name: 'Ann' },
  session: { key: '1234567', url: 'https://support.example.com/?ak=…', expires: '2026-01-01T12:00:00.000Z' },
};
export const sampleWords = {
  subject: 'Remote Support Invitation',
  body: 'You are invited to a support session.\n\nOpen this address to begin: https://support.example.com/?ak=…',
};
