import { escapeHtml, safeHtml } from '@gatehouse/desk-kit';
import { toFault } from '@gatehouse/kernel';
import { Liquid } from 'liquidjs';
import type { SessionReport } from '../api/report.ts';
import { usualTemplate } from '../api/usual-template.ts';
import { chatOf, filesOf, notesOf } from '../details/index.ts';

/** What everybody answered, which often comes later than the rest. */
const surveyTemplate = `<ul>
{% for one in surveys %}<li>{{ one.who }}{% if one.name != "" %} ({{ one.name }}){% endif %}:<ul>{% for answer in one.answers %}<li>{{ answer.label }} {{ answer.value }}</li>{% endfor %}</ul></li>{% endfor %}
</ul>`;

const mostLines = 2_000;
/** Of a report, of which a note keeps a million. */
const mostCharacters = { chat: 500_000, notes: 250_000 } as const;

/** Nothing in a template reads a file, and none of them may take long. */
const liquid = new Liquid({
  ...{ outputEscape: 'escape', strictFilters: true, ownPropertyOnly: true, timezoneOffset: 0 },
  ...{ parseLimit: 200_000, renderLimit: 2_000, memoryLimit: 50_000_000, templates: {} },
});

export interface Rendered {
  readonly html: string;
  /** Why the template of the administrator was not used; null: it was, or there is none. */
  readonly problem: string | null;
}

/** Why a template cannot be used; null: it can. */
export const wrongTemplate = (template: string): string | null => {
  try {
    liquid.parse(template);
    return null;
  } catch (error) {
    return `The template has a mistake: ${wordsOf(error)}`;
  }
};

/** A broken template falls back to the usual one, and says so. */
export const renderReport = (template: string, report: SessionReport, of: { readonly url: string }): Rendered => {
  const values = toValues(report, of);
  if (template.trim() === '') return { html: render(usualTemplate, values), problem: null };
  try {
    return { html: render(template, values), problem: null };
  } catch (error) {
    const problem = `The template of this connection could not be used, so this is the usual report: ${wordsOf(error)}`;
    return { html: render(usualTemplate, values), problem };
  }
};

/** Null: nobody answered. */
export const renderSurveys = (report: SessionReport): string | null =>
  report.surveys.every(({ answers }) => answers.length === 0)
    ? null
    : render(surveyTemplate, {
        surveys: report.surveys.map(({ by, name, answers }) => ({
          ...{ who: by === 'customer' ? 'Customer' : 'Representative', name },
          answers,
        })),
      });

const render = (template: string, values: object): string => safeHtml(liquid.parseAndRenderSync(template, values));

const minutesOf = (seconds: number | null): number | null =>
  seconds === null ? null : Math.max(1, Math.round(seconds / 60));

const toValues = (report: SessionReport, { url }: { readonly url: string }) => {
  const { beganAt, endedAt, customers, representatives, downloads } = report;
  const seconds = beganAt === null || endedAt === null ? null : (Date.parse(endedAt) - Date.parse(beganAt)) / 1_000;
  const chat = lastOf(chatOf(report), mostCharacters.chat);
  const notes = lastOf(notesOf(report), mostCharacters.notes);
  return {
    session: {
      ...{ lsid: report.lsid, ticket: report.externalKey, began: beganAt, ended: endedAt, url },
      ...{ minutes: minutesOf(seconds), recordings: downloads.recordings.length },
    },
    customers,
    representatives: representatives.map((one) => ({ ...one, minutes: minutesOf(one.seconds) })),
    notes: notes.kept.map(({ at, by, body }) => ({ at, by, text: body })),
    files: filesOf(report).map(({ at, by, file }) => ({ at, by, name: file?.name ?? '', bytes: file?.bytes ?? null })),
    chat: chat.kept.map(({ at, by, body }) => ({ at, by, text: body })),
    ...{ chatCut: chat.isCut, notesCut: notes.isCut },
    system: report.system,
  };
};

/** The last of it that is not too long, as HTML shows it. */
const lastOf = (events: SessionReport['events'], most: number) => {
  let left = most;
  let from = events.length;
  for (; from > Math.max(0, events.length - mostLines); from -= 1) {
    const one = events[from - 1];
    left -= escapeHtml(`${one?.by} ${one?.body}`).length;
    if (left < 0) break;
  }
  return { kept: events.slice(from), isCut: from > 0 };
};

export const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : toFault(error).advice).replaceAll(/\s+/g, ' ').slice(0, 300);
