import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { Sealer } from '@gatehouse/server';
import type { z } from 'zod';
import type { Account } from '../oauth/index.ts';
import type { Author } from '../objects/index.ts';
import type { Stream } from '../xml-api/index.ts';
import type { Links } from './downloads/links.ts';
import type { Report as Rows } from './stream.ts';

export interface ReportParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly links: Links;
  /** The address that people and programs use. */
  readonly baseUrl: () => string;
}

/** What a report is asked, after its parameters were checked. */
export interface Asked<Parameters> extends ReportParts {
  readonly parameters: Parameters;
  readonly by: Author;
  readonly address: string;
}

export type Permission = Extract<keyof Account['permissions'], `reporting${string}`>;

/** One report of the Reporting API. Parameters that it does not know are not looked at: programs send many. */
export interface Report {
  readonly name: string;
  readonly needs: Permission;
  readonly parameters: z.ZodObject;
  /** Rows for a document, or a file. @throws BadParameters */
  run(asked: Asked<unknown>): Promise<Rows | Stream>;
}

/** With its parameters as its schema has them. */
export const defineReport = <Shape extends z.ZodObject>(report: {
  readonly name: string;
  readonly needs: Permission;
  readonly parameters: Shape;
  run(asked: Asked<z.output<Shape>>): Promise<Rows | Stream>;
}): Report => ({
  ...report,
  run: (asked) => report.run({ ...asked, parameters: report.parameters.parse(asked.parameters) }),
});
