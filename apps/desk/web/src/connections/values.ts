import { type FieldSchema, type FormValues, sentValues, startValues } from '@gatehouse/ui';
import type { Assignment } from '../../../src/api/connections.ts';
import { usualTemplate } from '../../../src/api/usual-template.ts';
import type { Connection } from '../support/paths.ts';

/** A connection on the screen. */
export interface ConnectionValues {
  readonly name: string;
  readonly siteId: string;
  readonly settings: FormValues;
  readonly senders: readonly string[];
  readonly assignment: Assignment;
  readonly keySeconds: number;
  readonly unstarted: Connection['unstarted'];
  readonly template: string;
  /** One pattern on each line. */
  readonly redact: string;
  readonly mailSubject: string;
  readonly mailTemplate: string;
  readonly transcripts: boolean;
  readonly endStatus: string;
  readonly enabled: boolean;
}

export const emptyConnection: Omit<ConnectionValues, 'settings'> = {
  ...{ name: '', siteId: '', senders: [], assignment: { to: 'me' }, keySeconds: 86_400, unstarted: 'attach' },
  ...{ template: usualTemplate, redact: '', mailSubject: '', mailTemplate: '', transcripts: false, endStatus: '' },
  enabled: true,
};

/** Of a desk that nobody has entered: fields are named as they are here, which the set-up makes and the built-in desk has. */
export const usualSettings = (schema: FieldSchema): FormValues => {
  const names = Object.entries(schema.properties?.fields?.properties ?? {});
  return { ...startValues(schema), fields: Object.fromEntries(names.map(([field, { title = '' }]) => [field, title])) };
};

export const valuesOf = (known: Connection): Omit<ConnectionValues, 'settings'> => ({
  ...{ name: known.name, siteId: known.siteId, senders: known.senders, assignment: known.assignment },
  ...{ keySeconds: known.keySeconds, unstarted: known.unstarted, redact: known.redact.join('\n') },
  ...{ template: known.template === '' ? usualTemplate : known.template, enabled: known.enabled },
  ...{ mailSubject: known.mailSubject, mailTemplate: known.mailTemplate, transcripts: known.transcripts },
  endStatus: known.endStatus,
});

/** The usual report is sent as none, so that one who never changed it gets a better one with the next version. */
export const toBody = ({ template, redact, settings, ...rest }: ConnectionValues) => ({
  ...rest,
  settings: sentValues(settings),
  template: template.trim() === usualTemplate ? '' : template,
  redact: redact.split('\n').filter((line) => line.trim() !== ''),
});
